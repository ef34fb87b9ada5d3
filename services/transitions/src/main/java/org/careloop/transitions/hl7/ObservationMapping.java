package org.careloop.transitions.hl7;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.FactKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
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
    private static final String NUMBER = "number ";
    private static final Set<ObservationStatus> LATER_WORDS = EnumSet.of(
            ObservationStatus.CORRECTED,
            ObservationStatus.AMENDED,
            ObservationStatus.CANCELLED,
            ObservationStatus.ENTEREDINERROR);

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
        Map<String, Observation> byKey = new LinkedHashMap<>();
        for (Hl7Segment obx : message.segments("OBX")) {
            status(obx).ifPresent(status -> add(observation(obx, status, encounter), key(obx, encounter), byKey));
        }
        byKey.forEach((key, observation) ->
                observation.setId(FhirId.derivedFrom("Observation", patient.getSystem(), patient.getValue(), key)
                        .value()));
        return List.copyOf(byKey.values());
    }

    /**
     * The next line of a text is of the same; another value without a number of its own is another, as of two organisms. What is
     * corrected or deleted, and what was preliminary, gives way to the later word.
     */
    private static void add(Observation next, String key, Map<String, Observation> byKey) {
        String free = key;
        for (int each = 2; byKey.containsKey(free); each++) {
            Observation before = byKey.get(free);
            if (before.hasValueStringType() && next.hasValueStringType()) {
                byKey.put(free, together(before, next));
                return;
            }
            boolean isAnother = before.getStatus() == next.getStatus() && !LATER_WORDS.contains(next.getStatus());
            if (!isAnother || before.equalsDeep(next) || isNumber(key)) {
                break;
            }
            free = key + "|" + each;
        }
        byKey.put(free, next);
    }

    /**
     * A status that is not in the table, or none, is unknown: such a result is shown, and no score rests on it. One that became final
     * without being sent again (U) would take away the value that is known, so it is left as it is.
     */
    private Optional<ObservationStatus> status(Hl7Segment obx) {
        String code = obx.text(11);
        boolean withoutValue = code.equals("U") && obx.text(5).isEmpty();
        return code.equals("N") || code.equals("O") || withoutValue
                ? Optional.empty()
                : Optional.of(CodeTables.code(profile, "observation-status", code)
                        .map(ObservationStatus::fromCode)
                        .orElse(ObservationStatus.UNKNOWN));
    }

    private Observation observation(Hl7Segment obx, ObservationStatus status, Optional<Encounter> encounter) {
        Observation observation = new Observation().setStatus(status).setCode(code(obx));
        encounter.ifPresent(visit -> observation.setEncounter(
                new Reference("Encounter/" + visit.getIdElement().getIdPart())));
        categories(observation.getCode()).forEach(observation::addCategory);
        time(obx).ifPresent(observation::setEffective);
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

    private Optional<DateTimeType> time(Hl7Segment obx) {
        return Stream.of(14, 19)
                .flatMap(field -> Hl7Time.parse(obx.text(field)).stream())
                .findFirst()
                .map(time -> time.toDateTime(profile.timeZone()));
    }

    /** Of the sender's number of the result (OBX-21), else of what was looked at when, or in which visit. */
    private String key(Hl7Segment obx, Optional<Encounter> encounter) {
        if (!obx.text(21).isEmpty()) {
            return NUMBER + obx.text(21);
        }
        Optional<DateTimeType> time = time(obx);
        return time.isPresent()
                ? FactKey.of(code(obx), obx.text(4), time.get())
                : FactKey.of(code(obx), obx.text(4), encounter);
    }

    private static boolean isNumber(String key) {
        return key.startsWith(NUMBER);
    }

    private static Observation together(Observation before, Observation next) {
        List<String> lines = new ArrayList<>(List.of(before.getValueStringType().getValue()));
        lines.add(next.getValueStringType().getValue());
        return next.copy().setValue(new StringType(String.join("\n", lines)));
    }
}
