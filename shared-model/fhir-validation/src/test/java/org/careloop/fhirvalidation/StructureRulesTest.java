package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/validation.html">FHIR R4 validation</a> */
class StructureRulesTest {

    private static final String EXTENSION =
            "{\"resourceType\":\"Patient\",\"extension\":[{\"url\":\"http://example.org/x\",";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "valueUri":"a b" | a URI without blanks
            "valueUrl":"http://x /y" | a URI without blanks
            "valueCanonical":"http://x\\ty" | a URI without blanks
            "valueOid":"1.2.3" | a value of the form of oid
            "valueUuid":"urn:uuid:X" | a value of the form of uuid
            "valueCode":" a" | a code without blanks around it
            "valueCode":"a  b" | a code without blanks around it
            "valuePositiveInt":0 | a number from 1 on
            "valueUnsignedInt":-1 | a number from 0 on
            "valueDateTime":"2026-01-01T10:00:00" | a value of the form of dateTime
            "valueDateTime":"2026-01-01T10:00Z" | a value of the form of dateTime
            "valueDate":"0000" | a value of the form of date
            "valueId":"a b" | a value of the form of id
            "valueTime":"25:00:00" | a value of the form of time
            """)
    void refusesPrimitivesOfAnotherForm(String value, String expected) {
        // When
        List<FhirProblem.Issue> faults = faults(EXTENSION + value + "}]}");
        // Then
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().expression()).contains("Patient.extension[0].value");
        assertThat(faults.getFirst().diagnostics())
                .isEqualTo("Patient.extension[0].value: invalid value (expected: " + expected + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"valueCode\":\"a b\"",
                "\"valueOid\":\"urn:oid:2.16.840.1\"",
                "\"valueUuid\":\"urn:uuid:5fd5bd8a-8bb5-4a2d-9a3e-0f2c1f6f5a01\"",
                "\"valueDateTime\":\"2026-01\"",
                "\"valueDateTime\":\"2026-01-01T10:00:00.5+14:00\"",
                "\"valueInstant\":\"2026-01-01T10:00:00Z\"",
                "\"valueTime\":\"10:00:00\"",
                "\"valueReference\":{\"display\":\"x\"}"
            })
    void takesPrimitivesOfTheRightForm(String value) {
        assertThat(faults(EXTENSION + value + "}]}")).isEmpty();
    }

    @Test
    void refusesReferencesToOtherTypes() {
        assertThat(texts("""
                {"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Task/1"},
                 "encounter":{"reference":"http://elsewhere.example.org/Task/1"},"performer":[{"reference":"urn:uuid:x"}]}"""))
                .containsExactly("Observation.subject: refers to a type that may not stand here"
                        + " (expected: Device, Group, Location, Patient)");
    }

    @Test
    void refusesContainedResourcesOfOtherTypes() {
        assertThat(texts("""
                {"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"p"}],
                 "managingOrganization":{"reference":"#p"}}"""))
                .containsExactly(
                        "Patient.managingOrganization: refers to a type that may not stand here (expected: Organization)");
    }

    @Test
    void refusesCodesOutsideRequiredValueSets() {
        assertThat(texts("""
                {"resourceType":"Condition","subject":{"reference":"Patient/1"},
                 "clinicalStatus":{"coding":[{"system":"http://example.org","code":"active"}]}}"""))
                .containsExactly("Condition.clinicalStatus: not a code that may stand here"
                        + " (expected: one of http://hl7.org/fhir/ValueSet/condition-clinical)");
    }

    @Test
    void tellsSeveralFaultsTogetherAndRepeatsNoValue() {
        // When
        List<String> texts = texts("""
                {"resourceType":"Patient","contact":[{"gender":"male"}],"telecom":[{"value":"Zyxwvut"}],
                 "link":[{"type":"seealso","other":{"reference":"Task/Zyxwvut"}}]}""");
        // Then
        assertThat(texts).hasSize(3).noneMatch(text -> text.contains("Zyxwvut"));
    }

    @Test
    void looksIntoTheExtensionsOfPrimitives() {
        assertThat(texts("{\"resourceType\":\"Patient\",\"_birthDate\":{\"extension\":[{\"url\":\"http://x\"}]}}"))
                .singleElement()
                .asString()
                .startsWith("Patient.birthDate.extension[0]: breaks ext-1");
    }

    @Test
    void takesWhatHapisGettersLeaveBehind() {
        // Given
        Patient patient = new Patient();
        patient.getMaritalStatus().getCodingFirstRep();
        patient.addContact();
        patient.getMeta();
        // Then
        assertThat(StructureRules.faults(patient, "Patient")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<b onclick='x'>a</b>",
                "<a href='java&#9;script:x'>a</a>",
                "<a href=' JavaScript:x'>a</a>",
                "<img src='data:image/svg+xml;base64,eA=='/>",
                "<p style='background:url(javascript:x)'>a</p>",
                "<iframe src='http://example.org'/>a",
                "<svg/>a",
                "<form action='x'>a</form>",
                "<![CDATA[<p>]]>a",
                "<!--><p>x</p>-->a"
            })
    void refusesActiveNarrative(String inner) {
        assertThat(narrative(inner)).singleElement().asString().contains("breaks txt-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p class='x' style='color: red'>a<br/><b>b</b></p>",
                "<table><tr><td colspan='2'>a</td></tr></table>",
                "<a href='https://example.org'>a</a>",
                "<img src='data:image/png;base64,eA==' alt='a'/>",
                "<!-- a note -->a"
            })
    void takesFormattedNarrative(String inner) {
        assertThat(narrative(inner)).isEmpty();
    }

    private static List<String> narrative(String inner) {
        return texts("{\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\",\"div\":\"<div"
                + " xmlns='http://www.w3.org/1999/xhtml'>" + inner + "</div>\"}}");
    }

    private static List<String> texts(String json) {
        return faults(json).stream().map(FhirProblem.Issue::diagnostics).toList();
    }

    private static List<FhirProblem.Issue> faults(String json) {
        Resource resource = FhirJson.parse(json.getBytes(StandardCharsets.UTF_8));
        return StructureRules.faults(resource, resource.fhirType());
    }
}
