package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.domain.MergeProvenance;
import org.careloop.patients.domain.PatientMerge;
import org.careloop.patients.store.MatchReviews;
import org.careloop.patients.store.Merges;
import org.careloop.patients.store.Merges.Merge;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;

/**
 * Tells two Patients apart that were merged and are two people: the source is what it was, and what was moved from it goes back, in
 * every service. What was written for the target since stays there: a person has to look whose it is.
 */
@Singleton
public class UnmergePatients implements OwnOperation {

    private static final int MOST_NAMED = 500;

    private final ResourceStore store;
    private final Merges merges;
    private final MatchReviews reviews;
    private final Clock clock;

    UnmergePatients(ResourceStore store, Merges merges, MatchReviews reviews, Clock clock) {
        this.store = store;
        this.merges = merges;
        this.reviews = reviews;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public String name() {
        return "unmerge";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Patient-unmerge";
    }

    /**
     * What became of it.
     *
     * @param source the Patient that stands for itself again
     * @param merged when the two had been merged
     * @param stayed references to what was written since in the target's record, of the types of this service
     */
    public record Unmerged(Patient source, Instant merged, List<String> stayed) {}

    /**
     * Tells apart as {@code asked}, of Patients that {@code access} lets {@code caller} change. Fails with {@link
     * ProblemCode#RULE_VIOLATED} when the source was not merged, or its target was merged on, which has to be undone first.
     */
    public Uni<Unmerged> handle(MergeInput asked, Caller caller, Condition access) {
        return store.inUnit(unit -> MergePatients.alone(unit)
                .chain(() -> asked.patient(MergeInput.SOURCE, unit, access))
                .chain(key -> MergePatients.require(MergeInput.SOURCE, key, access, unit))
                .chain(source -> merges.of(unit, source.key().id().value())
                        .map(found -> found.orElseThrow(() ->
                                MergePatients.refused("source-patient: was not merged (expected: a patient that was)")))
                        .chain(merge -> merges.of(unit, merge.target())
                                .invoke(further -> {
                                    if (further.isPresent()) {
                                        throw MergePatients.refused("source-patient: its target was merged into another"
                                                + " (expected: $unmerge of the target first)");
                                    }
                                })
                                .chain(() -> unmerge(source, merge, caller, access, unit)))));
    }

    private Uni<Unmerged> unmerge(
            StoredResource source, Merge merge, Caller caller, Condition access, UnitOfWork unit) {
        ResourceKey target = ResourceKey.of("Patient", merge.target());
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String id = merge.source();
        // Who was deleted since gives nothing back.
        return unit.find(target, Condition.EVERYTHING)
                .chain(there -> there.isEmpty()
                        ? Uni.createFrom().item(there)
                        : unit.find(target, access)
                                .map(open ->
                                        Optional.of(open.orElseThrow(() -> MergeInput.notFound(MergeInput.TARGET)))))
                .chain(survivor -> merges.since(unit, merge, merge.target(), MOST_NAMED)
                        .chain(stayed -> ofSourceAlone(merge, unit)
                                .chain(undone -> write(source, survivor, undone, caller, at, unit))
                                .chain(restored -> MergePatients.relink(id, id, merges, unit)
                                        .chain(() -> merges.forget(unit, id))
                                        .chain(() -> reviews.keepApart(unit, id, merge.target(), at))
                                        .replaceWith(new Unmerged(restored.as(Patient.class), merge.at(), stayed)))));
    }

    /** With what the target has from the source and from nobody else. What others had too it has from them now. */
    private Uni<Merge> ofSourceAlone(Merge merge, UnitOfWork unit) {
        List<Identifier> left = new ArrayList<>(merge.handedOver());
        return merges.into(unit, merge.target())
                .chain(sources -> InTurn.each(
                        sources.stream()
                                .filter(other -> !other.equals(merge.source()))
                                .toList(),
                        other -> merges.of(unit, other).chain(found -> handOver(found.orElseThrow(), left, unit))))
                .replaceWith(() -> merge.of(left));
    }

    private Uni<Void> handOver(Merge other, List<Identifier> left, UnitOfWork unit) {
        List<Identifier> theirs = PatientMerge.ofBoth(left, other.was());
        if (theirs.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        left.removeAll(theirs);
        List<Identifier> handedOver = new ArrayList<>(other.handedOver());
        handedOver.addAll(theirs);
        return merges.handOver(unit, other.source(), handedOver);
    }

    private static Uni<StoredResource> write(
            StoredResource source,
            Optional<StoredResource> survivor,
            Merge merge,
            Caller caller,
            Instant at,
            UnitOfWork unit) {
        return MergePatients.update(source, PatientMerge.restored(source.as(Patient.class), merge.was()), unit)
                .call(restored -> survivor.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : MergePatients.update(
                                        survivor.get(),
                                        PatientMerge.without(
                                                survivor.get().as(Patient.class), merge.source(), merge.handedOver()),
                                        unit)
                                .chain(saved -> unit.create(
                                        Caller.PLATFORM, MergeProvenance.of(false, restored, saved, caller, at))));
    }
}
