package org.careloop.transitions.hl7;

import java.util.Map;
import java.util.Optional;
import org.careloop.ruledata.RuleData;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/**
 * HL7 v2 tables to FHIR codes, as data ({@code code-maps/v2-to-fhir.yaml}); a sender's profile may add to them.
 *
 * @param version names the edition
 * @param tables by name
 */
record CodeTables(String version, Map<String, Table> tables) {

    private static final CodeTables SHARED = RuleData.fromResource(CodeTables.class, "code-maps/v2-to-fhir.yaml");

    /**
     * One table.
     *
     * @param v2 the HL7 table's number
     * @param system of the FHIR codes
     * @param codes v2 code to FHIR code
     * @param displays FHIR code to its display, where one helps
     */
    record Table(String v2, String system, Map<String, String> codes, Map<String, String> displays) {}

    /** The FHIR code for {@code value}; empty when the table has none. */
    static Optional<Coding> coding(SenderProfile profile, String table, String value) {
        Table found = SHARED.tables().get(table);
        if (found == null) {
            throw new IllegalArgumentException(table + ": no such table");
        }
        return profile.override(table, value)
                .or(() -> Optional.ofNullable(found.codes().get(value)))
                .map(code -> new Coding(found.system(), code, found.displays().get(code)));
    }

    /** As {@link #coding}, the code alone. */
    static Optional<String> code(SenderProfile profile, String table, String value) {
        return coding(profile, table, value).map(Coding::getCode);
    }

    /**
     * A coded field (CE, CWE) as it is: its codings with the systems of table 0396, its text. Empty when it has
     * neither.
     */
    static Optional<CodeableConcept> concept(SenderProfile profile, Hl7Field field) {
        CodeableConcept concept = new CodeableConcept();
        addCoding(profile, concept, field, 1);
        addCoding(profile, concept, field, 4);
        String text = field.text(9).isEmpty() ? field.text(2) : field.text(9);
        if (!text.isEmpty()) {
            concept.setText(text);
        }
        return concept.isEmpty() ? Optional.empty() : Optional.of(concept);
    }

    private static void addCoding(SenderProfile profile, CodeableConcept concept, Hl7Field field, int at) {
        String code = field.text(at);
        if (code.isEmpty()) {
            return;
        }
        Coding coding = concept.addCoding().setCode(code);
        code(profile, "coding-system", field.text(at + 2)).ifPresent(coding::setSystem);
        if (!field.text(at + 1).isEmpty()) {
            coding.setDisplay(field.text(at + 1));
        }
    }
}
