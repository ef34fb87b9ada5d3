package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of other servers complain of in searches does not happen here. */
@QuarkusTest
class SearchFaultsApiTest {

    private final String mark = UUID.randomUUID().toString();

    @Test
    void whatWasJustStoredIsFoundAndWhatWasJustDeletedIsNot() {
        // Given
        assertThat(found("Patient?identifier=" + mark)).isEmpty();
        String ada = create(patient(""));
        assertThat(found("Patient?identifier=" + mark)).containsExactly(ada);
        // When
        coordinator().delete("/fhir/Patient/" + ada).then().statusCode(204);
        // Then
        assertThat(found("Patient?identifier=" + mark)).isEmpty();
        assertThat(found("Patient?identifier=" + mark + "&_sort=family")).isEmpty();
    }

    @Test
    @Timeout(20)
    void longListsOfAlternativesAreAnswered() {
        // Given
        String ada = create(patient(",\"name\":[{\"family\":\"Ort\"}]"));
        String alternatives = IntStream.range(0, 499).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        // When
        var form = Fhir.as(Tokens.coordinator())
                .contentType("application/x-www-form-urlencoded;charset=UTF-8")
                .formParam("identifier", mark + "," + alternatives)
                .formParam("family", "ort," + alternatives)
                .formParam("birthdate:missing", "true")
                .formParam("organization", "Organization/none," + alternatives);
        // Then
        assertThat(matches(form.post("/fhir/Patient/_search"))).isEmpty();
        assertThat(found("Patient?identifier=" + mark + ",x1,x2&family=ort," + alternatives))
                .containsExactly(ada);
    }

    @Test
    void aValueThatCannotBeADateIsNotIndexedAsNow() {
        // Given
        String unknown = "{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\","
                + "\"valueCode\":\"unknown\"}]}";
        String ada = create(patient(",\"_birthDate\":" + unknown));
        // Then
        assertThat(found("Patient?identifier=" + mark + "&birthdate=gt1900")).isEmpty();
        assertThat(found("Patient?identifier=" + mark + "&birthdate:missing=false"))
                .containsExactly(ada);
        assertThat(found("Patient?identifier=" + mark + "&birthdate:missing=true"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "family='%20or%20'1'='1",
                "family=%27;drop%20table%20resource;--",
                "family:contains=%25",
                "family:exact=%00",
                "identifier=a%00b",
                "identifier:of-type=%00%7Ca%7Cb",
                "_profile:below=%00",
                "organization=%00",
                "_sort=family,-_id&family=%5C",
                "_id=%27%20or%20true"
            })
    void hostileValuesFindNothing(String query) {
        create(patient(",\"name\":[{\"family\":\"Ort\"}]"));
        assertThat(found("Patient?identifier=" + mark + "&" + query)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "birthdate=2024-13 birthdate",
                "birthdate=gt birthdate",
                "gender:missing=1 gender",
                "identifier:of-type=a%7Cb identifier",
                "gender:in=none gender",
                "_lastUpdated=yesterday _lastUpdated",
                "_count=many _count"
            })
    void aMalformedValueIsToldWithItsParameterAndWhatWasExpected(String query, String parameter) {
        assertThat(problem(
                        coordinator().urlEncodingEnabled(false).get("/fhir/Patient?" + query),
                        ProblemCode.INVALID_PARAMETER))
                .startsWith(parameter)
                .contains("expected");
    }

    private String patient(String rest) {
        return "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}]" + rest + "}";
    }
}
