package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Avoidable days: recorded against a stay, and reported by reason and attribution. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class AvoidableDaysApiTest {

    private static final String OTHERS = Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds");

    private final Stay stay = Stay.fresh();

    @Test
    void tellsCausesAndWhatNobodyExplains() {
        // Given a stay from 3 to 7 March, 15:00, that was to end on the 5th
        planned();
        assertThat(reasons(as(Tokens.coordinator()).get(url()))).containsExactly("undocumented");
        // When
        String cause = said("placement", "post-acute", "2026-03-06T00:00:00-05:00", "");
        Response told = as(Tokens.coordinator()).body(cause).post(url());
        as(Tokens.coordinator()).body(cause).post(url()).then().statusCode(200);
        // Then
        assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
        assertThat(reasons(told)).containsExactly("undocumented", "placement");
        assertThat(total(told, "days", "valueInteger")).isEqualTo("2");
        assertThat(said(as(Tokens.supervisor()).get(url()))).hasSize(1);
        // When it was none
        Response none = as(Tokens.coordinator())
                .body(cause.replace(
                        "]}",
                        ",{\"name\":\"withdrawn\",\"valueBoolean\":true},"
                                + "{\"name\":\"note\",\"valueString\":\"another patient\"}]}"))
                .post(url());
        // Then
        assertThat(reasons(none)).containsExactly("undocumented");
        assertThat(said(none)).hasSize(2);
    }

    @Test
    void refusesWhatIsNotWholeAndIsShutToOthers() {
        planned();
        String cause = said("placement", "post-acute", "2026-03-06T00:00:00-05:00", "");
        problem(as(OTHERS).get(url()), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(OTHERS).body(cause).post(url()), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(Tokens.supervisor()).body(cause).post(url()), ProblemCode.FORBIDDEN);
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(cause.replace("placement", "bad-luck"))
                                .post(url()),
                        ProblemCode.INVALID_PARAMETER))
                .startsWith("reason: unknown");
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(cause.replace("2026-03-06", "2026-03-01"))
                                .post(url()),
                        ProblemCode.INVALID_PARAMETER))
                .startsWith("start: not within the stay");
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(said("other", "service", "2026-03-06", ""))
                                .post(url()),
                        ProblemCode.INVALID_PARAMETER))
                .startsWith("note: missing");
    }

    @Test
    void isReportedByReasonAndAttributionToWhoSeesTheStays() {
        // Given
        planned();
        as(Tokens.coordinator())
                .body(said("family", "person", "2026-03-06T00:00:00-05:00", "2026-03-07T00:00:00-05:00"))
                .post(url())
                .then()
                .statusCode(200);
        String report = "/fhir/Encounter/$avoidable-days-report?start=2026-03-01&end=2026-03-31"
                + "&facility=Organization/general-hospital";
        // When
        Response told = as(Tokens.supervisor()).urlEncodingEnabled(false).get(report);
        // Then
        assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
        assertThat(told.<String>path("measure")).isEqualTo("https://careloop.org/fhir/Measure/avoidable-days");
        String family = "group[0].stratifier[0].stratum.find { it.component[2].value.coding[0].code == 'family' }.";
        assertThat(told.<String>path(family + "component[0].value.text")).isEqualTo("2026-03");
        assertThat(told.<String>path(family + "component[1].value.text")).isEqualTo("Organization/general-hospital");
        assertThat(told.<String>path(family + "component[3].value.coding[0].code"))
                .isEqualTo("person");
        assertThat(told.<Integer>path(family + "population[1].count")).isPositive();
        Response others = as(OTHERS).urlEncodingEnabled(false).get(report);
        assertThat(others.<Object>path("group[0].stratifier[0].stratum")).isNull();
        problem(
                as(Tokens.partner("harbor-home-health"))
                        .urlEncodingEnabled(false)
                        .get(report),
                ProblemCode.FORBIDDEN);
    }

    private void planned() {
        stay.tell(stay.admission()
                .replace("PV2|||^Shortness of breath", "PV2|||^Shortness of breath||||||20260305120000-0500"));
        stay.tell(stay.discharge());
        stay.awaitStatus("finished");
    }

    private String url() {
        return "/fhir/Encounter/" + stay.encounterId() + "/$avoidable-days";
    }

    private static List<String> reasons(Response told) {
        return told.path("parameter.findAll { it.name == 'delay' }.collect { it.part[0].valueCode }.unique()");
    }

    private static List<Object> said(Response told) {
        return told.path("parameter.findAll { it.name == 'said' }");
    }

    private static String total(Response told, String name, String value) {
        return String.valueOf(told.<Object>path(
                "parameter.find { it.name == 'total' }.part.find { it.name == '" + name + "' }." + value));
    }

    private static String said(String reason, String attribution, String start, String end) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"reason\",\"valueCode\":\"" + reason
                + "\"},{\"name\":\"attribution\",\"valueCode\":\"" + attribution
                + "\"},{\"name\":\"start\",\"valueDateTime\":\"" + start + "\"},"
                + (end.isEmpty() ? "" : "{\"name\":\"end\",\"valueDateTime\":\"" + end + "\"},")
                + "{\"name\":\"by\",\"valueReference\":{\"reference\":\"Practitioner/nina\"}}]}";
    }
}
