package org.careloop.patients.app;

import static org.careloop.patients.PatientsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.domain.reconciliation.Difference;
import org.careloop.patients.domain.reconciliation.DiscrepancyIssue;
import org.careloop.patients.domain.reconciliation.Medicines;
import org.careloop.patients.domain.reconciliation.Reconciliation;
import org.careloop.patients.domain.reconciliation.ReconciliationRules;
import org.careloop.patients.domain.reconciliation.StayPeriod;
import org.careloop.patients.store.ReconciledStays;
import org.hl7.fhir.r4.model.DetectedIssue;

/**
 * Compares the medicines of a stay and keeps a DetectedIssue for each difference. Looks at how things are, so it may be called for any
 * event, in any order and again; of one patient one runs at a time.
 */
@Singleton
public class ReconcileStay {

    static final String ISSUE = "DetectedIssue";

    private final PatientsConfig config;
    private final ReconciledStays stays;
    private final MedicinesOfStay medicinesOfStay;
    private final Medicines medicines;
    private final ReconciliationRules rules;
    private final Clock clock;

    ReconcileStay(
            PatientsConfig config,
            ReconciledStays stays,
            MedicinesOfStay medicinesOfStay,
            Medicines medicines,
            ReconciliationRules rules,
            Clock clock) {
        this.config = config;
        this.stays = stays;
        this.medicinesOfStay = medicinesOfStay;
        this.medicines = medicines;
        this.rules = rules;
        this.clock = clock;
    }

    /** Compares, at the end of {@code unit}, the stay of the Encounter with this id, if it is known. */
    public Uni<Void> last(String encounterId, UnitOfWork unit) {
        return stays.find(encounterId, unit)
                .invoke(known -> known.map(StayPeriod::patientId)
                        .ifPresent(patient -> unit.last(
                                key(patient) + ", stay " + encounterId, () -> handle(encounterId, patient, unit))))
                .replaceWithVoid();
    }

    /** One that has moved in the same unit is compared with its patient. */
    private Uni<Void> handle(String encounterId, String patientId, UnitOfWork unit) {
        return alone(patientId, unit)
                .chain(() -> stays.find(encounterId, unit))
                .chain(now -> now.filter(stay -> stay.patientId().equals(patientId))
                        .map(stay -> follow(stay, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /**
     * Compares, at the end of {@code unit} and once for all that it is told, the stays of a patient from which they were discharged lately:
     * their medicines or allergies have changed.
     */
    public void lastOfPatient(String patientId, UnitOfWork unit) {
        unit.last(key(patientId), () -> ofPatient(patientId, unit));
    }

    private static String key(String patientId) {
        return "medicines of " + patientId;
    }

    /** Compares them at once. */
    Uni<Void> ofPatient(String patientId, UnitOfWork unit) {
        return discharged(patientId, clock.instant(), unit)
                .chain(found -> found.isEmpty() ? Uni.createFrom().voidItem() : followAll(patientId, unit));
    }

    /** Read again once nobody else compares: a stay may have moved meanwhile. */
    private Uni<Void> followAll(String patientId, UnitOfWork unit) {
        return alone(patientId, unit)
                .chain(() -> discharged(patientId, clock.instant(), unit))
                .chain(found -> InTurn.each(found, stay -> follow(stay, unit)));
    }

    /** Returns the stays of a patient that ended in the time before {@code at} in which they are followed, the last one first. */
    Uni<List<StayPeriod>> discharged(String patientId, Instant at, UnitOfWork unit) {
        return stays.discharged(patientId, at.minus(config.reconcileWithin()), at, unit);
    }

    /** Returns the three lists of {@code stay}, and what is stored of their differences, by id. */
    Uni<Compared> compare(StayPeriod stay, UnitOfWork unit) {
        return read(stay, unit)
                .chain(reconciliation -> issues(stay, unit)
                        .map(found -> new Compared(
                                reconciliation,
                                found.stream()
                                        .collect(Collectors.toMap(
                                                each -> each.key().id().value(),
                                                each -> each.as(DetectedIssue.class))))));
    }

    /** Not on the event loop: each medicine is compared with each. */
    private Uni<Reconciliation> read(StayPeriod stay, UnitOfWork unit) {
        return medicinesOfStay
                .read(stay, unit)
                .chain(facts -> HeavyWork.always(() -> Reconciliation.of(stay, facts, medicines, rules)));
    }

    /** The lists of a stay, and the DetectedIssues of their differences. */
    record Compared(Reconciliation reconciliation, Map<String, DetectedIssue> issues) {

        /** How many differences nobody has resolved, whether their DetectedIssue is stored already or not. */
        long open() {
            String encounter = reconciliation.stay().encounterId();
            return reconciliation.differences().stream()
                    .filter(each -> {
                        DetectedIssue issue = issues.get(each.issueId(encounter).value());
                        return issue == null || !DiscrepancyIssue.answers(issue, each);
                    })
                    .count();
        }
    }

    /** Returns the last stay of a patient that was over at {@code at}, however long before. */
    Uni<Optional<StayPeriod>> last(String patientId, Instant at, UnitOfWork unit) {
        return stays.discharged(patientId, Instant.EPOCH, at, unit)
                .map(found -> found.stream().findFirst());
    }

    /** Whether it was over too long ago to be followed: nobody resolves what was not asked then. */
    boolean isHistory(StayPeriod stay) {
        return stay.ended()
                .filter(end -> end.isBefore(clock.instant().minus(config.reconcileWithin())))
                .isPresent();
    }

    private static Uni<Void> alone(String patientId, UnitOfWork unit) {
        return unit.serialize("Patient", "$medication-reconciliation " + patientId);
    }

    private static Uni<List<StoredResource>> issues(StayPeriod stay, UnitOfWork unit) {
        return unit.search(
                ISSUE,
                List.of(new QueryParameter("identifier", DiscrepancyIssue.STAY_SYSTEM + "|" + stay.encounterId())),
                Condition.EVERYTHING);
    }

    private Uni<Void> follow(StayPeriod stay, UnitOfWork unit) {
        if (stay.phase() == StayPeriod.Phase.DISCHARGED && isHistory(stay)) {
            return issues(stay, unit).chain(known -> InTurn.each(known, each -> keepWithPatient(each, stay, unit)));
        }
        if (stay.phase() != StayPeriod.Phase.DISCHARGED) {
            Reconciliation nothing = new Reconciliation(stay, List.of(), List.of(), List.of(), rules.version());
            return issues(stay, unit).chain(known -> keep(nothing, known, unit));
        }
        return read(stay, unit)
                .map(Optional::of)
                .onFailure(ReconcileStay::isTooMuch)
                .recoverWithItem(Optional.empty())
                .chain(found -> found.isEmpty()
                        ? ask(stay, unit)
                        : issues(stay, unit).chain(known -> keep(found.get(), known, unit)));
    }

    private static boolean isTooMuch(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code() == ProblemCode.TOO_COSTLY;
    }

    /** What was found before stays as it is, and a person is told that no more is; a failure would take the stay back with it. */
    private Uni<Void> ask(StayPeriod stay, UnitOfWork unit) {
        LOG.tooManyToCompare(stay.encounterId());
        return keep(Reconciliation.tooLong(stay, medicines, rules), List.of(), unit);
    }

    /** Of whom a stay that is over is may change still: patients are merged, and told apart. */
    private static Uni<Void> keepWithPatient(StoredResource found, StayPeriod stay, UnitOfWork unit) {
        boolean ofThem = found.patient().equals(Optional.of(stay.patientId()));
        return ofThem
                ? Uni.createFrom().voidItem()
                : unit.find(found.key(), Condition.EVERYTHING)
                        .chain(now -> now.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : unit.update(
                                                Caller.PLATFORM,
                                                now.get(),
                                                DiscrepancyIssue.kept(now.get().as(DetectedIssue.class), stay))
                                        .replaceWithVoid());
    }

    /** In one order for all, and each only once it is locked: a person may be resolving it. */
    private Uni<Void> keep(Reconciliation reconciliation, List<StoredResource> known, UnitOfWork unit) {
        Map<String, Difference> differences = new LinkedHashMap<>();
        String encounter = reconciliation.stay().encounterId();
        reconciliation
                .differences()
                .forEach(each -> differences.putIfAbsent(each.issueId(encounter).value(), each));
        TreeSet<String> ids = new TreeSet<>(differences.keySet());
        known.forEach(each -> ids.add(each.key().id().value()));
        return InTurn.each(
                ids,
                id -> unit.find(ResourceKey.of(ISSUE, id), Condition.EVERYTHING)
                        .chain(found -> keep(Optional.ofNullable(differences.get(id)), found, reconciliation, unit)));
    }

    private Uni<Void> keep(
            Optional<Difference> difference,
            Optional<StoredResource> found,
            Reconciliation reconciliation,
            UnitOfWork unit) {
        Optional<DetectedIssue> issue = found.map(each -> each.as(DetectedIssue.class));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Optional<DetectedIssue> next = difference
                .map(each -> DiscrepancyIssue.of(each, issue, reconciliation, rules, now))
                .or(() -> issue.map(each -> DiscrepancyIssue.gone(each, reconciliation.stay())));
        if (next.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return found.isPresent()
                ? unit.update(Caller.PLATFORM, found.get(), next.get()).replaceWithVoid()
                : unit.put(Caller.PLATFORM, next.get()).replaceWithVoid();
    }
}
