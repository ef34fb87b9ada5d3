package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#sort">FHIR R4 sorting</a> */
@QuarkusTest
class SortApiTest {

    private final String mark = UUID.randomUUID().toString();
    private final Map<String, String> names = new TreeMap<>();

    @BeforeEach
    void storePeople() {
        person(
                "ada",
                "\"name\":[{\"family\":\"Núñez\"},{\"family\":\"Abel\"}],\"gender\":\"female\",\"birthDate\":\"1950-07\"");
        person(
                "ben",
                "\"name\":[{\"family\":\"ortiz\"}],\"gender\":\"male\",\"birthDate\":\"1950-07-02\","
                        + "\"managingOrganization\":{\"reference\":\"Organization/b-" + mark + "\"}");
        person("cleo", "\"name\":[{\"family\":\"Nunn\"}],\"birthDate\":\"1950\"");
        person(
                "dan",
                "\"gender\":\"male\",\"managingOrganization\":{\"reference\":\"Organization/a-" + mark
                        + "\"},\"name\":[{\"given\":[\"x\\u0000y\"]}]");
    }

    @ParameterizedTest
    @CsvSource({
        "family, ada cleo ben dan",
        "-family, ben cleo ada dan",
        "birthdate, cleo ada ben dan",
        "-birthdate, ben ada cleo dan",
        "'gender,family', ada ben dan cleo",
        "'-gender,-family', ben dan ada cleo",
        "'gender,-_lastUpdated', ada dan ben cleo",
        "organization, dan ben cleo ada",
        "'gender,_lastUpdated', ada ben dan cleo"
    })
    void matchesWithoutAValueComeLast(String keys, String expected) {
        assertThat(named(found("Patient?identifier=" + mark + "&_sort=" + keys)))
                .isEqualTo(List.of(expected.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"family", "-family,gender", "birthdate,-gender", "-organization", "_id", "-gender,_lastUpdated"})
    void pagesGoOnWhereTheLastEnded(String keys) {
        // Given
        String url = "Patient?identifier=" + mark + "&_sort=" + keys;
        List<String> whole = found(url);
        // When
        List<String> seen = new ArrayList<>();
        Response page = search(Tokens.coordinator(), url + "&_count=1&_revinclude=Observation:subject");
        seen.addAll(matches(page));
        String next = page.path("link.find { it.relation == 'next' }?.url");
        while (next != null) {
            page = search(Tokens.coordinator(), next.substring(next.indexOf("/fhir/") + 6));
            seen.addAll(matches(page));
            next = page.path("link.find { it.relation == 'next' }?.url");
        }
        // Then
        assertThat(whole).hasSize(4);
        assertThat(seen).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({"nonsense", "deceased", "family;birthdate", "''", "family:exact"})
    void whatCannotBeSortedByIsRefused(String keys) {
        assertThat(problem(coordinator().get("/fhir/Patient?_sort=" + keys), ProblemCode.UNSUPPORTED_PARAMETER))
                .startsWith("_sort: ")
                .contains("expected");
    }

    @Test
    void quantitiesAndDatesOfFindings() {
        // Given
        String patient = names.keySet().iterator().next();
        String heavy = create(weight(patient, "90", "2026-11-01T10:00:00+02:00"));
        String light = create(weight(patient, "9.5", "2026-11-01T09:00:00Z"));
        String url = "Observation?subject=Patient/" + patient + "&_sort=";
        // Then
        assertThat(found(url + "value-quantity")).containsExactly(light, heavy);
        assertThat(found(url + "-value-quantity")).containsExactly(heavy, light);
        assertThat(found(url + "date")).containsExactly(heavy, light);
        assertThat(found(url + "code,-date")).containsExactly(light, heavy);
    }

    private void person(String name, String rest) {
        names.put(
                create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}]," + rest + "}"),
                name);
    }

    private List<String> named(List<String> ids) {
        return ids.stream().map(names::get).toList();
    }

    private static String weight(String patient, String value, String when) {
        return "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\","
                + "\"code\":\"29463-7\"}]},\"subject\":{\"reference\":\"Patient/" + patient
                + "\"},\"effectiveDateTime\":\"" + when + "\",\"valueQuantity\":{\"value\":" + value
                + ",\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}}";
    }
}
