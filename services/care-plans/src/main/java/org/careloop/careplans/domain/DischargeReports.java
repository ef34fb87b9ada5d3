package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.careplans.domain.DischargeFacts.Diagnosis;
import org.careloop.careplans.domain.DischargeFacts.Discharge;
import org.careloop.careplans.domain.DischargeFacts.Parties;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.DiagnosisComponent;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/** Reads what the transitions and patients services tell of a discharge. */
public final class DischargeReports {

    private static final String DISPOSITION_SYSTEM = "http://terminology.hl7.org/CodeSystem/v2-0112";
    private static final String DIAGNOSIS_ROLE = "http://terminology.hl7.org/CodeSystem/diagnosis-role";
    private static final String PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

    private DischargeReports() {}

    /** Returns the id of the patient that {@code resource} is about. */
    public static Optional<String> patientOf(Resource resource) {
        return switch (resource) {
            case Patient patient -> Optional.of(patient.getIdElement().getIdPart());
            case Encounter encounter -> idOf(encounter.getSubject());
            case RiskAssessment risk -> idOf(risk.getSubject());
            case EpisodeOfCare episode -> idOf(episode.getPatient());
            default -> Optional.empty();
        };
    }

    /** Returns the id of the stay that {@code resource} belongs to; empty for a patient. */
    public static Optional<String> encounterOf(Resource resource) {
        return switch (resource) {
            case Encounter encounter -> Optional.of(encounter.getIdElement().getIdPart());
            case RiskAssessment risk -> idOf(risk.getEncounter());
            case EpisodeOfCare episode ->
                Optional.ofNullable(episode.getExtensionByUrl(SharedTerms.INDEX_ENCOUNTER_EXTENSION))
                        .flatMap(extension -> idOf((Reference) extension.getValue()));
            default -> Optional.empty();
        };
    }

    /**
     * Returns the facts of a discharge; empty while the stay is not finished or its episode not open, and when nothing is to be done
     * after it: the patient died, or is in another hospital.
     */
    public static Optional<DischargeFacts> facts(
            Patient patient, Encounter encounter, RiskAssessment risk, EpisodeOfCare episode) {
        Map<String, Instant> milestones = milestones(episode);
        boolean open = encounter.getStatus() == EncounterStatus.FINISHED
                && encounter.getPeriod().hasEnd()
                && episode.getStatus() == EpisodeOfCareStatus.ACTIVE
                && !SharedTerms.ADMISSION_MILESTONES.containsAll(milestones.keySet());
        if (!open) {
            return Optional.empty();
        }
        DateTimeType end = encounter.getPeriod().getEndElement();
        return Optional.of(new DischargeFacts(
                encounter.getSubject().copy(),
                new Reference("Encounter/" + encounter.getIdElement().getIdPart()),
                Optional.of(
                        new Reference("EpisodeOfCare/" + episode.getIdElement().getIdPart())),
                new Discharge(end.getValue().toInstant(), zoneOf(end), disposition(encounter)),
                diagnoses(encounter),
                band(risk),
                milestones,
                new Parties(
                        episode.getManagingOrganization().copy(),
                        attending(encounter),
                        patient.getGeneralPractitioner().stream().findFirst().map(Reference::copy)),
                bornOn(patient),
                relations(episode)));
    }

    private static Set<String> relations(EpisodeOfCare episode) {
        Extension stay = episode.getExtensionByUrl(SharedTerms.INDEX_STAY_EXTENSION);
        return stay == null
                ? Set.of()
                : Stream.of("relation", "first-relation")
                        .flatMap(part -> stay.getExtensionsByUrl(part).stream())
                        .map(relation -> relation.getValue().primitiveValue())
                        .collect(Collectors.toSet());
    }

    /** Of a date that is known in part its first day, so that nobody is taken for younger than they are. */
    private static Optional<LocalDate> bornOn(Patient patient) {
        String date = patient.getBirthDateElement().getValueAsString();
        return Optional.ofNullable(date)
                .map(known -> LocalDate.parse(
                        switch (known.length()) {
                            case 4 -> known + "-01-01";
                            case 7 -> known + "-01";
                            default -> known;
                        }));
    }

    private static Map<String, Instant> milestones(EpisodeOfCare episode) {
        Map<String, Instant> milestones = new HashMap<>();
        for (Extension extension : episode.getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION)) {
            milestones.put(
                    extension.getExtensionByUrl("code").getValue().primitiveValue(),
                    ((DateTimeType) extension.getExtensionByUrl("due").getValue())
                            .getValue()
                            .toInstant());
        }
        return milestones;
    }

    /** Diagnoses and coded reasons stand in the same order; where they do not match, the code alone is told. */
    private static List<Diagnosis> diagnoses(Encounter encounter) {
        List<Coding> codes = encounter.getReasonCode().stream()
                .filter(CodeableConcept::hasCoding)
                .map(CodeableConcept::getCodingFirstRep)
                .toList();
        List<String> conditions = encounter.getDiagnosis().stream()
                .map(diagnosis -> diagnosis.getCondition().getReference())
                .distinct()
                .toList();
        List<Diagnosis> diagnoses = new ArrayList<>();
        int principal = conditions.size() == codes.size() ? principalOf(encounter, conditions) : 0;
        for (int i = 0; i < codes.size(); i++) {
            diagnoses.add(new Diagnosis(
                    codes.get(i).copy(),
                    conditions.size() == codes.size()
                            ? Optional.of(new Reference(conditions.get(i)))
                            : Optional.empty()));
        }
        if (principal > 0) {
            diagnoses.addFirst(diagnoses.remove(principal));
        }
        return diagnoses;
    }

    /** Which of {@code conditions} the stay was for: ranked first at discharge, else at all; the first where none is ranked. */
    private static int principalOf(Encounter encounter, List<String> conditions) {
        List<DiagnosisComponent> first = encounter.getDiagnosis().stream()
                .filter(diagnosis -> diagnosis.hasRank() && diagnosis.getRank() == 1)
                .toList();
        return first.stream()
                .filter(diagnosis -> diagnosis.getUse().hasCoding(DIAGNOSIS_ROLE, "DD"))
                .findFirst()
                .or(() -> first.stream().findFirst())
                .map(diagnosis -> conditions.indexOf(diagnosis.getCondition().getReference()))
                .orElse(0);
    }

    private static String disposition(Encounter encounter) {
        return encounter.getHospitalization().getDischargeDisposition().getCoding().stream()
                .filter(coding -> DISPOSITION_SYSTEM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .findFirst()
                .orElse("");
    }

    private static Optional<String> band(RiskAssessment risk) {
        return risk.getPrediction().stream()
                .flatMap(prediction -> prediction.getQualitativeRisk().getCoding().stream())
                .map(Coding::getCode)
                .findFirst();
    }

    private static Optional<Reference> attending(Encounter encounter) {
        return encounter.getParticipant().stream()
                .filter(participant ->
                        participant.getType().stream().anyMatch(type -> type.hasCoding(PARTICIPATION, "ATND")))
                .map(participant -> participant.getIndividual().copy())
                .findFirst();
    }

    private static ZoneId zoneOf(DateTimeType time) {
        TimeZone zone = time.getTimeZone();
        return zone == null ? ZoneId.of("UTC") : zone.toZoneId();
    }

    private static Optional<String> idOf(Reference reference) {
        return Optional.ofNullable(reference.getReference())
                .flatMap(ResourceKey::parse)
                .map(key -> key.id().value());
    }
}
