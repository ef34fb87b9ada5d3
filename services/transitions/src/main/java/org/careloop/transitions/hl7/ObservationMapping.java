package org.careloop.transitions.hl7;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.FactKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * OBX to Observation. What has several values has them as components; lines of a text that share code and time are one.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR 1.0.0, OBX[Observation]</a>
 */
final class ObservationMapping {

    private static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final String INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    private static final String LOINC = "http://loinc.org";
    private static final String NO_CODE = "not coded";

    private final Hl7Message message;
    private final SenderProfile profile;

    ObservationMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    /**
     * One Observation for each result; what was asked without an answer (table 0085 N, O) is none.
     *
     * @param patient the patient's number, of which the ids are made so that a result told again is the same
     */
    List<Observation> observations(Identifier patient, Optional<Encounter> encounter) {
        Map<String, Observation> byId = new LinkedHashMap<>();
        for (Hl7Segment obx : message.segments("OBX")) {
            status(obx).ifPresent(status -> {
                Observation observation = observation(obx, status, patient, encounter);
                byId.merge(observation.getIdElement().getIdPart(), observation, ObservationMapping::together);
            });
        }
        return List.copyOf(byId.values());
    }

    /** A status that is not in the table, or none, is unknown: such a result is shown, and no score rests on it. */
    private Optional<ObservationStatus> status(Hl7Segment obx) {
        String code = obx.text(11);
        return code.equals("N") || code.equals("O")
                ? Optional.empty()
                : Optional.of(CodeTables.code(profile, "observation-status", code)
                        .map(ObservationStatus::fromCode)
                        .orElse(ObservationStatus.UNKNOWN));
    }

    private Observation observation(
            Hl7Segment obx, ObservationStatus status, Identifier patient, Optional<Encounter> encounter) {
        Observation observation = new Observation().setStatus(status).setCode(code(obx));
        encounter.ifPresent(visit -> observation.setEncounter(
                new Reference("Encounter/" + visit.getIdElement().getIdPart())));
        categories(observation.getCode()).forEach(observation::addCategory);
        Stream.of(14, 19)
                .flatMap(field -> obx.time(field).stream())
                .findFirst()
                .ifPresent(time -> observation.setEffective(time.toDateTime(profile.timeZone())));
        observation.setId(id(obx, patient, observation));
        IdentifierMapping.practitioner(profile, obx.field(16)).ifPresent(observation::addPerformer);
        CodeTables.concept(profile, obx.field(17)).ifPresent(observation::setMethod);
        interpretations(obx).forEach(observation::addInterpretation);
        if (!obx.text(7).isEmpty()) {
            observation.addReferenceRange().setText(obx.text(7));
        }
        setValue(observation, new ObservationValue(obx, profile).values());
        return observation;
    }

    private static void setValue(Observation observation, List<Type> values) {
        if (values.size() == 1) {
            observation.setValue(values.getFirst());
        }
        if (values.size() > 1) {
            values.forEach(value -> observation.addComponent(
                    new ObservationComponentComponent(observation.getCode().copy()).setValue(value)));
        }
        if (values.isEmpty()) {
            observation.setDataAbsentReason(ObservationValue.absent());
        }
    }

    private CodeableConcept code(Hl7Segment obx) {
        return CodeTables.concept(profile, obx.field(3)).orElseGet(() -> new CodeableConcept().setText(NO_CODE));
    }

    private List<CodeableConcept> categories(CodeableConcept code) {
        return code.getCoding().stream()
                .filter(coding -> LOINC.equals(coding.getSystem()))
                .flatMap(coding -> CodeTables.coding(profile, "observation-category", coding.getCode()).stream())
                .map(category -> new CodeableConcept(new Coding(CATEGORY, category.getCode(), category.getDisplay())))
                .limit(1)
                .toList();
    }

    private List<CodeableConcept> interpretations(Hl7Segment obx) {
        return obx.repetitions(8).stream()
                .flatMap(flag -> CodeTables.coding(profile, "interpretation", flag.text(1)).stream())
                .map(flag -> new CodeableConcept(new Coding(INTERPRETATION, flag.getCode(), flag.getDisplay())))
                .toList();
    }

    /** Of the sender's number of the result (OBX-21), else of what was looked at when. */
    private static String id(Hl7Segment obx, Identifier patient, Observation told) {
        String key = obx.text(21).isEmpty()
                ? FactKey.of(told.getCode(), obx.text(4), told.getEffective())
                : "number " + obx.text(21);
        return FhirId.derivedFrom("Observation", patient.getSystem(), patient.getValue(), key)
                .value();
    }

    /** The next line of a text; of anything else the later word. */
    private static Observation together(Observation before, Observation next) {
        if (!before.hasValueStringType() || !next.hasValueStringType()) {
            return next;
        }
        List<String> lines = new ArrayList<>(List.of(before.getValueStringType().getValue()));
        lines.add(next.getValueStringType().getValue());
        return next.copy().setValue(new StringType(String.join("\n", lines)));
    }
}
