package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.DischargeReports;
import org.careloop.careplans.domain.PlanCourse.Stay;
import org.careloop.careplans.domain.PlanPhase;
import org.careloop.careplans.store.KnownResource;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/** What is known of a patient's stays, and what the platform has made of their plans. */
final class PatientStays {

    private final String patientId;
    private final List<KnownResource> known;
    /** By their stays: those may have been moved to another patient, who was found to be the same. */
    private static final String PLANNED = """
            from PlanApplication where encounterId in
              (select known.encounterId from KnownResource known where known.patientId = :patient)""";

    private final Map<String, PlanApplication> applications = new HashMap<>();
    private final List<Stay> stays;

    private PatientStays(String patientId, List<KnownResource> known, List<PlanApplication> rows) {
        this.patientId = patientId;
        this.known = known;
        rows.forEach(row -> applications.put(row.encounterId(), row));
        this.stays = known.stream()
                .filter(each -> each.type().equals("Encounter"))
                .map(each -> new Stay(
                        each.encounterId(), each.as(Encounter.class), of(each.encounterId(), EpisodeOfCare.class)))
                .sorted(Comparator.comparing(PatientStays::start).reversed())
                .toList();
    }

    /** Lets one unit at a time look at the stays of the patient with this id, and write what follows. */
    static Uni<Void> alone(String patientId, UnitOfWork unit) {
        return unit.serialize("CarePlan", "patient=" + patientId);
    }

    static Uni<PatientStays> read(String patientId, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("from KnownResource where patientId = :patient", KnownResource.class)
                .setParameter("patient", patientId)
                .getResultList()
                .chain(known -> unit.session()
                        .createSelectionQuery(PLANNED, PlanApplication.class)
                        .setParameter("patient", patientId)
                        .getResultList()
                        .map(rows -> new PatientStays(patientId, known, rows)));
    }

    String patientId() {
        return patientId;
    }

    /** All stays and visits, those that began last first. */
    List<Stay> all() {
        return stays;
    }

    Optional<PlanApplication> application(String encounterId) {
        return Optional.ofNullable(applications.get(encounterId));
    }

    void add(PlanApplication made) {
        applications.put(made.encounterId(), made);
    }

    List<PlanApplication> applications() {
        return new ArrayList<>(applications.values());
    }

    /** The ids of the stays that have a plan which stands. */
    Set<String> planned() {
        return applications.values().stream()
                .filter(row -> row.phase().kind() != PlanPhase.Kind.RETRACTED)
                .map(PlanApplication::encounterId)
                .collect(Collectors.toSet());
    }

    Optional<Stay> stay(String id) {
        return stays.stream().filter(stay -> stay.id().equals(id)).findFirst();
    }

    /** Empty while nothing was told of the patient. */
    Optional<Patient> patient() {
        return known.stream()
                .filter(each -> each.type().equals("Patient"))
                .findFirst()
                .map(each -> each.as(Patient.class));
    }

    /** Whether none follows any more: the patient has died. */
    boolean haveEnded() {
        return patient().filter(PatientStays::hasDied).isPresent();
    }

    private static boolean hasDied(Patient patient) {
        return patient.hasDeceasedDateTimeType()
                || patient.hasDeceasedBooleanType()
                        && patient.getDeceasedBooleanType().booleanValue();
    }

    /** Empty while not all is known that a plan is made from. */
    Optional<DischargeFacts> factsOf(Stay stay) {
        return known.stream()
                .filter(each -> each.type().equals("Patient"))
                .findFirst()
                .flatMap(patient -> stay.episode()
                        .flatMap(episode -> of(stay.id(), RiskAssessment.class)
                                .flatMap(risk -> DischargeReports.facts(
                                        patient.as(Patient.class), stay.encounter(), risk, episode))));
    }

    private <T extends Resource> Optional<T> of(String encounterId, Class<T> type) {
        return known.stream()
                .filter(each -> each.type().equals(type.getSimpleName()))
                .filter(each -> encounterId.equals(each.encounterId()))
                .findFirst()
                .map(each -> each.as(type));
    }

    private static long start(Stay stay) {
        return stay.encounter().getPeriod().hasStart()
                ? stay.encounter().getPeriod().getStart().getTime()
                : Long.MAX_VALUE;
    }
}
