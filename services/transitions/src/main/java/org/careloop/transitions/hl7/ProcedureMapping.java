package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.FactKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;
import org.hl7.fhir.r4.model.Reference;

/**
 * PR1 to Procedure.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR 1.0.0, PR1[Procedure]</a>
 */
final class ProcedureMapping {

    private final Hl7Message message;
    private final SenderProfile profile;
    private final Instant receivedAt;

    ProcedureMapping(Hl7Message message, SenderProfile profile, Instant receivedAt) {
        this.message = message;
        this.profile = profile;
        this.receivedAt = receivedAt;
    }

    /** One Procedure for each that is named; one told twice is one. */
    List<Procedure> procedures(Identifier patient, Optional<Encounter> encounter) {
        Map<String, Procedure> byId = new LinkedHashMap<>();
        for (Hl7Segment pr1 : message.segments("PR1")) {
            code(pr1).ifPresent(code -> {
                Procedure procedure = procedure(pr1, code, patient, encounter);
                byId.put(procedure.getIdElement().getIdPart(), procedure);
            });
        }
        return List.copyOf(byId.values());
    }

    private Procedure procedure(
            Hl7Segment pr1, CodeableConcept code, Identifier patient, Optional<Encounter> encounter) {
        Procedure procedure = new Procedure().setStatus(status(pr1)).setCode(code);
        encounter.ifPresent(visit -> procedure.setEncounter(
                new Reference("Encounter/" + visit.getIdElement().getIdPart())));
        Hl7Time.parse(pr1.text(5)).ifPresent(time -> procedure.setPerformed(time.toDateTime(profile.timeZone())));
        procedure.setId(id(pr1, procedure, patient, encounter));
        List.of(11, 8, 12)
                .forEach(field -> pr1.repetitions(field).stream()
                        .flatMap(xcn -> IdentifierMapping.practitioner(profile, xcn).stream())
                        .filter(person -> procedure.getPerformer().stream()
                                .noneMatch(known -> known.getActor().equalsDeep(person)))
                        .forEach(person -> procedure.addPerformer().setActor(person)));
        CodeTables.concept(profile, pr1.field(15)).ifPresent(procedure::addReasonCode);
        if (!pr1.text(19).isEmpty()) {
            procedure.addIdentifier(
                    new Identifier().setSystem(system("procedure")).setValue(pr1.text(19)));
        }
        return procedure;
    }

    /** One that is yet to come is planned. */
    private ProcedureStatus status(Hl7Segment pr1) {
        if (pr1.text(20).equals("D")) {
            return ProcedureStatus.ENTEREDINERROR;
        }
        boolean ahead = Hl7Time.parse(pr1.text(5))
                .filter(time -> time.toInstant(profile.timeZone()).isAfter(receivedAt))
                .isPresent();
        return ahead ? ProcedureStatus.PREPARATION : ProcedureStatus.COMPLETED;
    }

    /** Before version 2.4 the coding system stood in PR1-2, and the text in PR1-4. */
    private Optional<CodeableConcept> code(Hl7Segment pr1) {
        Optional<CodeableConcept> told = CodeTables.concept(profile, pr1.field(3));
        Optional<String> text = Optional.of(pr1.text(4)).filter(each -> !each.isEmpty());
        told.filter(code -> code.hasCoding() && !code.getCodingFirstRep().hasSystem())
                .ifPresent(code -> CodeTables.code(profile, "coding-system", pr1.text(2))
                        .ifPresent(code.getCodingFirstRep()::setSystem));
        told.filter(code -> !code.hasText()).ifPresent(code -> text.ifPresent(code::setText));
        return told.or(() -> text.map(each -> new CodeableConcept().setText(each)));
    }

    private static String id(Hl7Segment pr1, Procedure told, Identifier patient, Optional<Encounter> encounter) {
        String unnumbered = told.hasPerformed()
                ? FactKey.of(told.getCode(), "", told.getPerformed())
                : FactKey.of(told.getCode(), "", encounter);
        String key = pr1.text(19).isEmpty() ? unnumbered : "number " + pr1.text(19);
        return FhirId.derivedFrom("Procedure", patient.getSystem(), patient.getValue(), key)
                .value();
    }

    private String system(String of) {
        return "https://careloop.org/fhir/sid/" + profile.organization() + "/" + of;
    }
}
