package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4 JSON</a> */
class BodyFaultsTest {

    @Test
    void tellsAllFaultsWithTheirPlaces() {
        assertThat(faults("""
                {"resourceType":"Patient","gender":"x","birthDate":"2026-02-31","colour":"red",
                 "name":[{"family":"A"},{"nick":"B","given":["C",1]}],"active":"yes",
                 "contained":[{"resourceType":"Observation","id":"o","valueQuantity":{"value":"1"},"valueString":"x"}]}"""))
                .containsExactly(
                        "Patient.gender",
                        "Patient.birthDate",
                        "Patient.colour",
                        "Patient.name[1].nick",
                        "Patient.name[1].given[1]",
                        "Patient.active",
                        "Patient.contained[0].value.value",
                        "Patient.contained[0].value");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"resourceType":"Patient","name":[]} | Patient.name
            {"resourceType":"Patient","name":[{}]} | Patient.name[0]
            {"resourceType":"Patient","name":[null]} | Patient.name[0]
            {"resourceType":"Patient","maritalStatus":{}} | Patient.maritalStatus
            {"resourceType":"Patient","birthDate":null} | Patient.birthDate
            {"resourceType":"Patient","_birthDate":{}} | Patient.birthDate
            {"resourceType":"Patient","_birthDate":{"extension":[{}]}} | Patient.birthDate.extension[0]
            {"resourceType":"Patient","contained":[{"resourceType":"Nobody"}]} | Patient.contained[0].resourceType
            {"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","x":1}}]} | Bundle.entry[0].resource.x
            """)
    void refusesWhatHoldsNothing(String json, String path) {
        assertThat(faults(json)).containsExactly(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\",null],\"_given\":[null,{\"id\":\"x\"}]}]}",
                "{\"resourceType\":\"Patient\",\"_birthDate\":{\"extension\":[{\"url\":\"http://x\",\"valueCode\":\"u\"}]}}"
            })
    void takesExtensionsOfPrimitives(String json) {
        assertThatCode(() -> FhirJson.parse(json.getBytes(StandardCharsets.UTF_8)))
                .doesNotThrowAnyException();
    }

    private static List<String> faults(String json) {
        FhirProblem problem = Assertions.catchThrowableOfType(
                FhirProblem.class, () -> FhirJson.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_BODY);
        return problem.issues().stream()
                .map(issue -> issue.expression().orElseThrow())
                .toList();
    }
}
