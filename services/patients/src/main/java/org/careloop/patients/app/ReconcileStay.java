package org.careloop.patients.app;

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
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
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

    /** Compares the stay of the Encounter with this id, if it is known. */
    public Uni<Void> handle(String encounterId, UnitOfWork unit) {
        return stays.find(encounterId, unit)
                .chain(known -> known.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : alone(known.get().patientId(), unit)
                                .chain(() -> stays.find(encounterId, unit))
                                .chain(now -> follow(now.orElseThrow(), unit)));
    }

    /** Compares the stays of a patient from which they were discharged lately: their medicines or allergies have changed. */
    public Uni<Void> ofPatient(String patientId, UnitOfWork unit) {
        return discharged(patientId, clock.instant(), unit)
                .chain(found -> found.isEmpty() ? Uni.createFrom().voidItem() : followAll(patientId, unit));
    }

    /** Read again once nobody else compares: a stay may have moved meanwhile. */
    private Uni<Void> followAll(String patientId, UnitOfWork unit) {
        return alone(patientId, unit)
                .chain(() -> discharged(patientId, clock.instant(), unit))
                .chain(found -> InTurn.each(found, stay -> follow(stay, unit)));
    }

    /** As {@link #ofPatient}, of all whose medicines refer to the Medication with this id. */
    public Uni<Void> ofMedication(String medicationId, UnitOfWork unit) {
        return InTurn.map(
                        List.of("MedicationRequest", "MedicationStatement"),
                        type -> unit.search(
                                type,
                                List.of(new QueryParameter("medication", "Medication/" + medicationId)),
                                Condition.EVERYTHING))
                .chain(found -> patients(found, unit))
                .chain(patients -> InTurn.each(patients, patient -> ofPatient(patient, unit)));
    }

    /** Of what so many refer to that not all were found, all are asked about who were discharged lately. */
    private Uni<List<String>> patients(List<List<StoredResource>> found, UnitOfWork unit) {
        return found.stream().anyMatch(each -> each.size() >= MedicinesOfStay.MOST)
                ? stays.patients(clock.instant().minus(config.reconcileWithin()), unit)
                : Uni.createFrom()
                        .item(List.copyOf(found.stream()
                                .flatMap(List::stream)
                                .flatMap(each -> each.patient().stream())
                                .collect(Collectors.toCollection(TreeSet::new))));
    }

    /** Returns the stays of a patient that ended in the time before {@code at} in which they are followed, the last one first. */
    Uni<List<StayPeriod>> discharged(String patientId, Instant at, UnitOfWork unit) {
        return stays.discharged(patientId, at.minus(config.reconcileWithin()), at, unit);
    }

    /** Returns the three lists of {@code stay}, and what is stored of their differences, by id. */
    Uni<Compared> compare(StayPeriod stay, UnitOfWork unit) {
        return medicinesOfStay
                .read(stay, unit)
                .map(facts -> Reconciliation.of(stay, facts, medicines, rules))
                .chain(reconciliation -> issues(stay, unit)
                        .map(found -> new Compared(
                                reconciliation,
                                found.stream()
                                        .collect(Collectors.toMap(
                                                each -> each.key().id().value(),
                                                each -> each.as(DetectedIssue.class))))));
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
            return Uni.createFrom().voidItem();
        }
        Uni<Reconciliation> compared = stay.phase() == StayPeriod.Phase.DISCHARGED
                ? medicinesOfStay.read(stay, unit).map(facts -> Reconciliation.of(stay, facts, medicines, rules))
                : Uni.createFrom().item(new Reconciliation(stay, List.of(), List.of(), List.of(), rules.version()));
        return compared.chain(found -> issues(stay, unit).chain(known -> keep(found, known, unit)));
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
