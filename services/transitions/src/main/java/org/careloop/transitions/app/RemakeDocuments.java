package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.store.TransitionDocuments;
import org.careloop.transitions.store.TransitionDocuments.Versions;

/**
 * Has the documents of open transitions looked at again when what may be said, or of whom, is another than when they were made. What
 * would say the same stays as it is.
 */
@Singleton
public class RemakeDocuments {

    private static final String STANDS = "select survivor, former from replaced_record where replaced = $1";

    private final TransitionDocuments documents;
    private final WithdrawDocuments withdrawDocuments;
    private final TransitionsConfig config;
    private final Clock clock;

    RemakeDocuments(
            TransitionDocuments documents, WithdrawDocuments withdrawDocuments, TransitionsConfig config, Clock clock) {
        this.documents = documents;
        this.withdrawDocuments = withdrawDocuments;
        this.config = config;
        this.clock = clock;
    }

    /** Looks again at the documents of {@code patient} (its id): a consent, or a label of what they hold, has changed. */
    public Uni<Void> handle(String patient, UnitOfWork unit) {
        return documents.lookAgain(Set.of(patient), at(), unit);
    }

    /**
     * Follows that {@code patient} was found to be another, whose record is more then; or told apart again: what was made meanwhile may
     * mix two persons, so it is withdrawn and made anew. Nothing is done for one who always stood for themselves.
     */
    public Uni<Void> person(String patient, UnitOfWork unit) {
        return unit.sql(STANDS, patient).chain(rows -> {
            if (rows.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            String survivor = (String) rows.getFirst()[0];
            Set<String> former = new HashSet<>(Set.of((String[]) rows.getFirst()[1]));
            if (survivor != null) {
                return documents.lookAgain(Set.of(survivor), at(), unit);
            }
            if (former.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            former.add(patient);
            return apart(former, unit);
        });
    }

    private Uni<Void> apart(Set<String> patients, UnitOfWork unit) {
        return documents.takeBack(patients, at(), unit).chain(found -> withdraw(found, unit));
    }

    private Uni<Void> withdraw(List<Versions> found, UnitOfWork unit) {
        return InTurn.each(found, each -> withdrawDocuments.handle(each.encounterId(), each.number(), unit));
    }

    private Instant at() {
        return clock.instant().plus(config.document().delay());
    }
}
