package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ReplacedRecords;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.store.TransitionDocuments;
import org.jspecify.annotations.Nullable;

/**
 * Has the documents of open transitions looked at again when what may be said, or of whom, is another than when they were made. What
 * would say the same stays as it is. After some weeks a document is what was known then, and stands; unless whose it is changes.
 */
@Singleton
public class RemakeDocuments {

    private static final String STANDS = "select survivor, former from replaced_record where replaced = $1";

    private final TransitionDocuments documents;
    private final WithdrawDocuments withdrawDocuments;
    private final ReplacedRecords replaced;
    private final TransitionsConfig.Document config;
    private final Clock clock;

    RemakeDocuments(
            TransitionDocuments documents,
            WithdrawDocuments withdrawDocuments,
            ReplacedRecords replaced,
            TransitionsConfig config,
            Clock clock) {
        this.replaced = replaced;
        this.documents = documents;
        this.withdrawDocuments = withdrawDocuments;
        this.config = config.document();
        this.clock = clock;
    }

    /**
     * Looks again, at the end of {@code unit}, at the documents of {@code patient} (its id) of discharges that are not long over: a
     * consent, or a label of what they hold, has changed.
     */
    public Uni<Void> handle(String patient, UnitOfWork unit) {
        of(patient, "shown", since(), encounter -> lookAgain(encounter, unit), unit);
        return Uni.createFrom().voidItem();
    }

    /**
     * As {@link #handle}, at those from which {@code resource} was withheld: it is another now, and says nothing any more for which it
     * would be withheld.
     */
    public Uni<Void> changed(String patient, ResourceKey resource, UnitOfWork unit) {
        of(patient, resource.reference(), since(), encounter -> lookAgainIfWithheld(encounter, resource, unit), unit);
        return Uni.createFrom().voidItem();
    }

    /** Returns those of {@code patients} for whom {@link #person} may have something to do. */
    public Uni<Set<ResourceKey>> merged(Collection<ResourceKey> patients, UnitOfWork unit) {
        return replaced.ever(patients, unit);
    }

    /**
     * Follows that {@code patient} was found to be another, whose record is more then; or told apart again: what was made meanwhile may
     * mix two persons, so it is withdrawn and made anew, however long the discharge is over. Nothing is done for one who always stood
     * for themselves.
     */
    public Uni<Void> person(String patient, UnitOfWork unit) {
        return unit.sql(STANDS, patient)
                .invoke(rows -> {
                    if (!rows.isEmpty()) {
                        person(patient, (String) rows.getFirst()[0], Set.of((String[]) rows.getFirst()[1]), unit);
                    }
                })
                .replaceWithVoid();
    }

    private void person(String patient, @Nullable String survivor, Set<String> former, UnitOfWork unit) {
        if (survivor != null) {
            of(survivor, "merged", Instant.EPOCH, encounter -> lookAgain(encounter, unit), unit);
        } else if (!former.isEmpty()) {
            Set<String> both = new HashSet<>(former);
            both.add(patient);
            both.forEach(each -> of(each, "apart", Instant.EPOCH, encounter -> takeBack(encounter, unit), unit));
        }
    }

    private void of(String patient, String why, Instant since, Consumer<String> work, UnitOfWork unit) {
        DocumentTurn.find(
                patient,
                why,
                () -> unit.session()
                        .flush()
                        .chain(() -> documents.ofOpen(patient, since, unit))
                        .invoke(encounters -> encounters.forEach(work))
                        .replaceWithVoid(),
                unit);
    }

    private void lookAgain(String encounter, UnitOfWork unit) {
        DocumentTurn.LOOKED_AT.last(encounter, () -> documents.lookAgain(encounter, at(), unit), unit);
    }

    private void lookAgainIfWithheld(String encounter, ResourceKey resource, UnitOfWork unit) {
        DocumentTurn.CHANGED.last(
                encounter,
                resource.reference(),
                () -> documents
                        .changed(encounter, resource, unit)
                        .invoke(withheld -> {
                            if (withheld) {
                                lookAgain(encounter, unit);
                            }
                        })
                        .replaceWithVoid(),
                unit);
    }

    private void takeBack(String encounter, UnitOfWork unit) {
        DocumentTurn.TAKEN_BACK.last(
                encounter,
                () -> documents
                        .takeBack(encounter, at(), unit)
                        .chain(number -> withdrawDocuments.handle(encounter, number, unit)),
                unit);
    }

    private Instant at() {
        return clock.instant().plus(config.delay());
    }

    private Instant since() {
        return clock.instant().minus(config.lookAgainWithin());
    }
}
