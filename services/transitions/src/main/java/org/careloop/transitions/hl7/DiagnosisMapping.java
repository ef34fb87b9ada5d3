package org.careloop.transitions.hl7;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.FactKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/** DG1 to Conditions of the visit, and to what the Encounter says of them. */
final class DiagnosisMapping {

    private static final String ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm";
    private static final String CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private static final String VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    private static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category";
    private static final int ICD_CATEGORY_LENGTH = 3;

    private final Hl7Message message;
    private final SenderProfile profile;

    DiagnosisMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    /** The ICD-10-CM codes of a DG1 as sent. */
    static List<String> icd10(SenderProfile profile, Hl7Segment dg1) {
        Hl7Field field = dg1.field(3);
        boolean icd = system(profile, field.text(3)).filter(ICD_10_CM::equals).isPresent();
        String code = field.text(1).toUpperCase(Locale.ROOT);
        return icd && !code.isEmpty() ? List.of(code) : List.of();
    }

    /** One Condition for each diagnosis; one told twice, as admitting and as final, is one. */
    List<Condition> conditions(Encounter encounter) {
        Map<String, Condition> byId = new LinkedHashMap<>();
        for (Hl7Segment dg1 : message.segments("DG1")) {
            Condition condition = condition(dg1, encounter);
            byId.put(condition.getIdElement().getIdPart(), condition);
        }
        return List.copyOf(byId.values());
    }

    /** Adds to {@code encounter} its diagnoses with use and rank, and their codes as reasons. */
    void link(Encounter encounter) {
        for (Hl7Segment dg1 : message.segments("DG1")) {
            if (dg1.text(21).equals("D")) {
                continue;
            }
            CodeableConcept code = code(dg1);
            if (encounter.getReasonCode().stream().noneMatch(code::equalsDeep)) {
                encounter.addReasonCode(code);
            }
            Encounter.DiagnosisComponent diagnosis =
                    encounter.addDiagnosis().setCondition(new Reference("Condition/" + id(dg1, encounter)));
            CodeTables.coding(profile, "diagnosis-use", dg1.text(6))
                    .ifPresent(use -> diagnosis.setUse(new CodeableConcept(use)));
            rank(dg1.text(15)).ifPresent(diagnosis::setRank);
        }
    }

    /** DG1-15 is 1 for the primary diagnosis, 2 and up for others; 0 says that it is not ranked. */
    private static Optional<Integer> rank(String text) {
        return text.matches("[1-9][0-9]{0,2}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private Condition condition(Hl7Segment dg1, Encounter encounter) {
        Condition condition = new Condition().setCode(code(dg1));
        condition.setId(id(dg1, encounter));
        condition.addCategory(new CodeableConcept(new Coding(CATEGORY, "encounter-diagnosis", "Encounter Diagnosis")));
        condition.setEncounter(
                new Reference("Encounter/" + encounter.getIdElement().getIdPart()));
        if (dg1.text(21).equals("D")) {
            condition.setVerificationStatus(verification("entered-in-error", "Entered in Error"));
        } else {
            condition.setClinicalStatus(new CodeableConcept(new Coding(CLINICAL, "active", "Active")));
            condition.setVerificationStatus(
                    dg1.text(6).equals("W")
                            ? verification("provisional", "Provisional")
                            : verification("confirmed", "Confirmed"));
        }
        dg1.time(5).ifPresent(time -> condition.setOnset(time.toDateTime(profile.timeZone())));
        dg1.time(19).ifPresent(time -> condition.setRecordedDateElement(time.toDateTime(profile.timeZone())));
        IdentifierMapping.practitioner(profile, dg1.field(16)).ifPresent(condition::setAsserter);
        return condition;
    }

    private static CodeableConcept verification(String code, String display) {
        return new CodeableConcept(new Coding(VERIFICATION, code, display));
    }

    /** The id comes from the visit and the sender's number of the diagnosis (DG1-20), else its code, else its text. */
    private String id(Hl7Segment dg1, Encounter encounter) {
        Identifier visit = encounter.getIdentifierFirstRep();
        String key = dg1.text(20).isEmpty() ? FactKey.of(code(dg1)) : "number " + dg1.text(20);
        return FhirId.derivedFrom("Condition", visit.getSystem(), visit.getValue(), key)
                .value();
    }

    private CodeableConcept code(Hl7Segment dg1) {
        Hl7Field field = dg1.field(3);
        CodeableConcept concept = CodeTables.concept(profile, field).orElseGet(CodeableConcept::new);
        if (concept.hasCoding() && !field.text(1).isEmpty()) {
            Coding first = concept.getCodingFirstRep();
            system(profile, field.text(3)).ifPresent(first::setSystem);
            if (ICD_10_CM.equals(first.getSystem())) {
                first.setCode(dotted(first.getCode()));
            }
        }
        if (!concept.hasText() && !dg1.text(4).isEmpty()) {
            concept.setText(dg1.text(4));
        }
        return concept;
    }

    private static Optional<String> system(SenderProfile profile, String table0396) {
        return CodeTables.code(profile, "coding-system", table0396.isEmpty() ? profile.diagnosisSystem() : table0396);
    }

    /** Senders often leave out the dot of ICD-10-CM, FHIR asks for it. */
    private static String dotted(String code) {
        String upper = code.toUpperCase(Locale.ROOT);
        return upper.contains(".") || upper.length() <= ICD_CATEGORY_LENGTH
                ? upper
                : upper.substring(0, ICD_CATEGORY_LENGTH) + "." + upper.substring(ICD_CATEGORY_LENGTH);
    }
}
