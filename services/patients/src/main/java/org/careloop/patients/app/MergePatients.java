package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
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
import org.hl7.fhir.r4.model.Patient;

/**
 * Makes one Patient of two that are one person: the source is replaced by the target. All that refers to the source follows, in every
 * service, by the kernel ({@code MoveReferences}).
 *
 * @see <a href="https://hl7.org/fhir/R5/patient-operation-merge.html">FHIR R5 Patient $merge</a>
 */
@Singleton
public class MergePatients implements OwnOperation {

    private static final String TYPE = "Patient";
    private static final int MOST_STEPS = 100;

    private final ResourceStore store;
    private final Merges merges;
    private final MatchReviews reviews;
    private final Clock clock;

    MergePatients(ResourceStore store, Merges merges, MatchReviews reviews, Clock clock) {
        this.store = store;
        this.merges = merges;
        this.reviews = reviews;
        this.clock = clock;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "merge";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/OperationDefinition/Patient-merge";
    }

    /**
     * What became of a merge.
     *
     * @param target the Patient that stands for both
     * @param before whether they were one already
     */
    public record Merged(Patient target, boolean before) {}

    /**
     * Merges as {@code asked}, of Patients that {@code access} lets {@code caller} change. A target that was replaced itself counts as
     * who stands for it. What was merged so before stays. Fails with {@link ProblemCode#RULE_VIOLATED} for what would lead in a circle,
     * and for a source that was merged into another.
     */
    public Uni<Merged> handle(MergeInput asked, Caller caller, Condition access) {
        return store.inUnit(unit -> alone(unit)
                .chain(() -> asked.patient(MergeInput.SOURCE, unit, access))
                .chain(source -> asked.patient(MergeInput.TARGET, unit, access)
                        .chain(target -> merge(source, target, asked.preview(), caller, access, unit))));
    }

    /** One merge at a time: each looks at what others have left of several Patients. */
    static Uni<Void> alone(UnitOfWork unit) {
        return unit.serialize(TYPE, "$merge");
    }

    private Uni<Merged> merge(
            ResourceKey source, ResourceKey named, boolean preview, Caller caller, Condition access, UnitOfWork unit) {
        if (source.equals(named)) {
            throw refused("target-patient: is the source itself (expected: another patient)");
        }
        return require(MergeInput.SOURCE, source, access, unit)
                .chain(from -> standing(named, access, unit, 0).chain(into -> {
                    Optional<String> survivor = PatientMerge.survivorOf(from.as(Patient.class));
                    String target = into.key().id().value();
                    if (survivor.equals(Optional.of(target))) {
                        return Uni.createFrom().item(new Merged(into.as(Patient.class), true));
                    }
                    if (into.key().equals(source)) {
                        throw refused("target-patient: was replaced by the source (expected: a patient that was not)");
                    }
                    if (survivor.isPresent()) {
                        throw refused("source-patient: was replaced by another (expected: a patient that was not, or"
                                + " $unmerge first)");
                    }
                    return preview
                            ? Uni.createFrom().item(preview(from, into))
                            : write(from, into, caller, unit).map(saved -> new Merged(saved, false));
                }));
    }

    private Merged preview(StoredResource from, StoredResource into) {
        return new Merged(PatientMerge.survivor(from.as(Patient.class), into.as(Patient.class), now()), false);
    }

    /** Who stands for {@code key} now: the Patient itself, or at the end of its links. */
    private static Uni<StoredResource> standing(ResourceKey key, Condition access, UnitOfWork unit, int steps) {
        return require(MergeInput.TARGET, key, access, unit)
                .chain(found -> PatientMerge.survivorOf(found.as(Patient.class))
                        .filter(next -> steps < MOST_STEPS)
                        .map(next -> standing(ResourceKey.of(TYPE, next), access, unit, steps + 1))
                        .orElseGet(() -> Uni.createFrom().item(found)));
    }

    static Uni<StoredResource> require(String name, ResourceKey key, Condition access, UnitOfWork unit) {
        return unit.find(key, access).map(found -> found.orElseThrow(() -> MergeInput.notFound(name)));
    }

    private Uni<Patient> write(StoredResource from, StoredResource into, Caller caller, UnitOfWork unit) {
        Instant at = now();
        Patient source = from.as(Patient.class);
        Patient target = into.as(Patient.class);
        String survivor = into.key().id().value();
        return merges.keep(unit, source, survivor, at, PatientMerge.handedOver(source, target))
                .chain(() -> update(from, PatientMerge.replaced(source, survivor, at), unit))
                .chain(replaced -> handOn(from.key().id().value(), survivor, unit)
                        .chain(() -> update(into, PatientMerge.survivor(source, target, at), unit))
                        .call(saved ->
                                unit.create(Caller.PLATFORM, MergeProvenance.of(true, replaced, saved, caller, at)))
                        .call(() -> reviews.keepTogether(unit, from.key().id().value(), survivor)))
                .map(saved -> saved.as(Patient.class));
    }

    /** Those for whom the source stood are stood for by the target, so that nobody has to follow several links. */
    private Uni<Void> handOn(String source, String survivor, UnitOfWork unit) {
        return relink(source, survivor, merges, unit);
    }

    /** Lets those that were merged into {@code target} be stood for by {@code survivor}. */
    static Uni<Void> relink(String target, String survivor, Merges merges, UnitOfWork unit) {
        return merges.into(unit, target)
                .chain(earlier -> InTurn.each(
                        earlier,
                        id -> unit.find(ResourceKey.of(TYPE, id), Condition.EVERYTHING)
                                .chain(found -> found.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : update(
                                                        found.get(),
                                                        PatientMerge.standingFor(
                                                                found.get().as(Patient.class), survivor),
                                                        unit)
                                                .chain(() -> relink(id, survivor, merges, unit)))));
    }

    /** By the platform: nobody else sets links of merges. */
    static Uni<StoredResource> update(StoredResource current, Patient next, UnitOfWork unit) {
        return unit.update(Caller.PLATFORM, current, next);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    static FhirProblem refused(String text) {
        return new FhirProblem(ProblemCode.RULE_VIOLATED, text);
    }
}
