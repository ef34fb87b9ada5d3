package org.careloop.transitions.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedurePerformerComponent;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;

/** What was done for the patient by others, which counts for a stay by its time: it does not name it. */
final class ServiceEvidence {

    /** One that is said to be over earlier than that before its time is of another day: an error. */
    private static final Duration EARLY = Duration.ofHours(12);

    private final EvidenceRules.Rules rules;

    ServiceEvidence(EvidenceRules.Rules rules) {
        this.rules = rules;
    }

    Set<String> procedureCodes() {
        return rules.procedures().values().stream()
                .map(Map::keySet)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    List<FoundEvidence> of(Procedure procedure, String patient) {
        if (procedure.getStatus() != ProcedureStatus.COMPLETED) {
            return List.of();
        }
        BaseDateTimeType performed = switch (procedure.getPerformed()) {
            case DateTimeType at -> at;
            case Period period when period.hasEnd() -> period.getEndElement();
            case Period period -> period.getStartElement();
            case null, default -> new DateTimeType();
        };
        Optional<String> during = ResourceKey.parse(
                        String.valueOf(procedure.getEncounter().getReference()))
                .map(key -> key.id().value());
        return procedure.getCode().getCoding().stream()
                .flatMap(this::kinds)
                .distinct()
                .filter(kind -> !procedure.hasPerformer()
                        || performers(kind, procedure).findAny().isPresent())
                .flatMap(kind -> found(
                        kind,
                        performed,
                        performers(kind, procedure)
                                .flatMap(performer -> whoIs(performer).stream())
                                .findFirst(),
                        patient))
                .map(found -> found.during(during))
                .toList();
    }

    /** Those who may have done it: staff, where that is asked for, and not known to be of another profession. */
    private Stream<ProcedurePerformerComponent> performers(String kind, Procedure procedure) {
        List<EvidenceRules.Functions> listed = rules.qualified().getOrDefault(kind, List.of());
        return procedure.getPerformer().stream()
                .filter(performer -> !rules.isByNoStaff(kind, whoIs(performer)))
                .filter(performer -> mayBe(performer.getFunction().getCoding(), listed));
    }

    private static boolean mayBe(List<Coding> functions, List<EvidenceRules.Functions> listed) {
        return functions.stream().anyMatch(code -> listed.stream().anyMatch(each -> each.has(code)))
                || functions.stream().noneMatch(code -> listed.stream().anyMatch(each -> each.judges(code)));
    }

    private static Optional<String> whoIs(ProcedurePerformerComponent performer) {
        return Optional.ofNullable(performer.getActor().getReference());
    }

    private Stream<String> kinds(Coding coding) {
        return rules
                .procedures()
                .getOrDefault(String.valueOf(coding.getSystem()), Map.of())
                .getOrDefault(String.valueOf(coding.getCode()), List.of())
                .stream();
    }

    List<FoundEvidence> of(Encounter visit, String patient) {
        String kind = rules.encounters().get(String.valueOf(visit.getClass_().getCode()));
        if (visit.getStatus() != EncounterStatus.FINISHED || kind == null) {
            return List.of();
        }
        Optional<String> actor = visit.getParticipant().stream()
                .flatMap(each -> Optional.ofNullable(each.getIndividual().getReference()).stream())
                .findFirst()
                .or(() -> Optional.ofNullable(visit.getServiceProvider().getReference()));
        return found(kind, visit.getPeriod().getStartElement(), actor, patient).toList();
    }

    /** Who is seen before the time was seen when that was told. */
    List<FoundEvidence> of(Appointment appointment, String patient, Instant changed) {
        if (appointment.getStatus() != AppointmentStatus.FULFILLED) {
            return List.of();
        }
        Optional<String> actor = appointment.getParticipant().stream()
                .map(each -> String.valueOf(each.getActor().getReference()))
                .filter(reference -> reference.startsWith("Practitioner"))
                .findFirst();
        return EvidenceTime.of(appointment.getStartElement()).stream()
                .map(planned -> planned.at()
                        .filter(start -> start.isAfter(changed) && start.isBefore(changed.plus(EARLY)))
                        .map(start -> EvidenceTime.of(changed))
                        .orElse(planned))
                .map(when -> new FoundEvidence(rules.appointments(), when, true, actor, patient, Optional.empty()))
                .toList();
    }

    private static Stream<FoundEvidence> found(
            String kind, BaseDateTimeType time, Optional<String> actor, String patient) {
        return EvidenceTime.of(time).stream()
                .map(when -> new FoundEvidence(kind, when, true, actor, patient, Optional.empty()));
    }
}
