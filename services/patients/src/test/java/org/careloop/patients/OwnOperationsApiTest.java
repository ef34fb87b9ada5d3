package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The last observations and the documents of a patient.
 *
 * @see <a href="https://hl7.org/fhir/R4/observation-operation-lastn.html">FHIR R4 Observation $lastn</a>
 * @see <a href="https://hl7.org/fhir/us/core/OperationDefinition-docref.html">US Core $docref</a>
 */
@QuarkusTest
class OwnOperationsApiTest {

    private String ada = "";

    @BeforeEach
    void somebody() {
        ada = create(patient("female"));
    }

    @Test
    void lastObservationsAreTheNewestOfEachCode() {
        // Given
        String old = observation("8867-4", "vital-signs", "2026-11-20");
        String pulse = observation("8867-4", "vital-signs", "2026-11-22");
        observation("8867-4", "vital-signs", "2026-11-18");
        String weight = observation("29463-7", "vital-signs", "2026-11-21");
        String smoking = observation("72166-2", "social-history", "2026-11-01");
        create("""
                {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
                 "effectiveDateTime":"2026-11-23"}""");
        // Then
        assertThat(last("patient=" + ada + "&category=vital-signs")).containsExactly(pulse, weight);
        assertThat(last("subject=Patient/" + ada + "&max=2")).containsExactly(pulse, weight, old, smoking);
        assertThat(last("patient=" + ada + "&code=http://loinc.org%7C72166-2")).containsExactly(smoking);
        Response posted = coordinator()
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"patient\",\"valueReference\":"
                        + "{\"reference\":\"Patient/" + ada + "\"}},{\"name\":\"category\",\"valueCoding\":"
                        + "{\"code\":\"vital-signs\"}},{\"name\":\"max\",\"valuePositiveInt\":1}]}")
                .urlEncodingEnabled(false)
                .post("/fhir/Observation/$lastn");
        assertThat(matches(posted)).containsExactly(pulse, weight);
    }

    @Test
    void observationsOfCodesThatTranslateEachOtherAreOfOneKind() {
        // Given
        observation("8867-4", "vital-signs", "2026-11-20");
        String both = create("""
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},"effectiveDateTime":"2026-11-23",
                 "code":{"coding":[{"system":"urn:local","code":"pulse"},{"system":"http://loinc.org","code":"8867-4"}]}}""".formatted(ada));
        // Then
        assertThat(last("patient=" + ada)).containsExactly(both);
    }

    @Test
    void lastObservationsAreRefusedAsASearchIs() {
        problem(ask("Observation/$lastn?category=vital-signs"), ProblemCode.INVALID_PARAMETER);
        problem(ask("Observation/$lastn?patient=" + ada + "&max=0"), ProblemCode.INVALID_PARAMETER);
        problem(ask("Observation/$lastn?patient=" + ada + "&max=all"), ProblemCode.INVALID_PARAMETER);
        problem(ask("Observation/$lastn?patient=" + ada + "&colour=red"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(ask("Observation/$lastn?patient=" + ada + "&_sort=code"), ProblemCode.UNSUPPORTED_PARAMETER);
        assertThat(matches(search(Tokens.partner("harbor-home-health"), "Observation/$lastn?patient=" + ada)))
                .isEmpty();
    }

    @Test
    void documentsAreTheNewestOfEachTypeOrThoseOfADate() {
        // Given
        String first = document("34133-9", "\"date\":\"2026-10-01T10:00:00Z\"");
        String newest = document("34133-9", "\"date\":\"2026-11-01T10:00:00Z\"");
        String letter =
                document("18842-5", "\"context\":{\"period\":{\"start\":\"2026-09-01\",\"end\":\"2026-09-10\"}}");
        // Then
        assertThat(documents("patient=" + ada)).containsExactlyInAnyOrder(newest, letter);
        assertThat(documents("patient=" + ada + "&type=http://loinc.org%7C34133-9"))
                .containsExactly(newest);
        assertThat(documents("patient=" + ada + "&start=2026-09-05&end=2026-10-05"))
                .containsExactlyInAnyOrder(first, letter);
        assertThat(documents("patient=" + ada + "&start=2026-10-15&on-demand=false"))
                .containsExactly(newest);
        assertThat(documents("patient=" + ada + "&on-demand=true")).isEmpty();
        Response posted = coordinator()
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"patient\",\"valueId\":\"" + ada
                        + "\"},{\"name\":\"start\",\"valueDate\":\"2026-10-15\"},{\"name\":\"type\",\"valueCoding\":"
                        + "{\"system\":\"http://loinc.org\",\"code\":\"34133-9\"}}]}")
                .urlEncodingEnabled(false)
                .post("/fhir/DocumentReference/$docref");
        assertThat(matches(posted)).containsExactly(newest);
    }

    @Test
    void documentsAreRefusedWithoutPatientOrWithWhatIsNotKnown() {
        problem(ask("DocumentReference/$docref"), ProblemCode.INVALID_PARAMETER);
        problem(ask("DocumentReference/$docref?patient=" + ada + "&start=soon"), ProblemCode.INVALID_PARAMETER);
        problem(ask("DocumentReference/$docref?patient=" + ada + "&on-demand=x"), ProblemCode.INVALID_PARAMETER);
        problem(ask("DocumentReference/$docref?patient=" + ada + "&colour=x"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(
                coordinator().body("{}").urlEncodingEnabled(false).post("/fhir/DocumentReference/$docref"),
                ProblemCode.MALFORMED_BODY);
    }

    private static Response ask(String url) {
        return coordinator().urlEncodingEnabled(false).get("/fhir/" + url);
    }

    private static List<String> last(String query) {
        return matches(search(Tokens.coordinator(), "Observation/$lastn?" + query));
    }

    private static List<String> documents(String query) {
        return matches(search(Tokens.coordinator(), "DocumentReference/$docref?" + query));
    }

    private String observation(String code, String category, String date) {
        return create("""
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},"effectiveDateTime":"%s",
                 "category":[{"coding":[{"code":"%s"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"%s"}]}}""".formatted(ada, date, category, code));
    }

    private String document(String type, String rest) {
        return create("""
                {"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/%s"},%s,
                 "type":{"coding":[{"system":"http://loinc.org","code":"%s"}]},"content":[{"attachment":{"title":"a"}}]}""".formatted(ada, rest, type));
    }
}
