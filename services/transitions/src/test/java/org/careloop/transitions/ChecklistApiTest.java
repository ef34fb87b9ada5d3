package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** The checklist of a discharge: told, recorded, and reviewed over many. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class ChecklistApiTest {

    private static final String OTHERS = Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds");

    private final Stay stay = Stay.fresh();

    @Test
    void tellsWhatIsDoneAndWhatIsOpen() {
        // Given
        stay.discharged();
        // When
        Response told = as(Tokens.coordinator()).get(url());
        // Then
        assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
        // The platform assesses the risk at the discharge, which is no early stage.
        assertThat(status(told, "risk-identified")).isEqualTo("open");
        assertThat(status(told, "free-choice")).isEqualTo("open");
        assertThat(told.<Boolean>path("parameter.find { it.name == 'complete' }.valueBoolean"))
                .isFalse();
        assertThat(as(Tokens.supervisor()).get(url()).statusCode()).isEqualTo(200);
    }

    @Test
    void aRiskThatWasFoundInHospitalIsKnownAndReviewed() {
        // Given
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        String risk = assessed("2026-03-04T10:00:00-05:00");
        assertThat(status(as(Tokens.coordinator()).get(url()), "risk-identified"))
                .isEqualTo("done");
        // When
        stay.tell(stay.discharge());
        stay.awaitStatus("finished");
        // Then
        Response told = as(Tokens.coordinator()).get(url());
        assertThat(status(told, "risk-identified")).isEqualTo("done");
        assertThat(told.asString()).contains("RiskAssessment/" + risk);
        // Of another discharge on that day it was found too late.
        Stay late = Stay.fresh().discharged();
        assessed(late, "2026-03-08T10:00:00-05:00");
        String day = "/fhir/EpisodeOfCare/$discharge-review?start=2026-03-07&end=2026-03-07";
        Response review = as(Tokens.supervisor()).urlEncodingEnabled(false).get(day);
        assertThat(open(review, stay)).contains("free-choice").doesNotContain("risk-identified");
        assertThat(open(review, late)).contains("free-choice", "risk-identified");
    }

    @Test
    void keepsWhatAPersonSaysWithItsHistory() {
        // Given
        stay.discharged();
        String statement = said(
                "free-choice",
                "done",
                "{\"name\":\"choice\",\"valueReference\":{\"reference\":" + "\"Organization/harbor-home-health\"}}");
        // When
        Response after = as(Tokens.coordinator()).body(statement).post(url());
        as(Tokens.coordinator()).body(statement).post(url()).then().statusCode(200);
        // Then
        assertThat(after.statusCode()).as(after.asString()).isEqualTo(200);
        assertThat(status(after, "free-choice")).isEqualTo("done");
        assertThat(after.asString()).contains("Organization/harbor-home-health", "Practitioner/nina");
        // When it is taken back
        Response open = as(Tokens.coordinator())
                .body(said("free-choice", "open", "{\"name\":\"note\",\"valueString\":\"asked again\"}"))
                .post(url());
        // Then
        assertThat(status(open, "free-choice")).isEqualTo("open");
        List<String> history = as(Tokens.coordinator())
                .get(url() + "?history=true")
                .path(
                        "parameter.findAll { it.name == 'history' }.collect { it.part.find { p -> p.name == 'status' }.valueCode }");
        assertThat(history).containsExactly("done", "open");
    }

    @Test
    void isShutToOthersAndTakesNothingThatIsNotWhole() {
        stay.discharged();
        String statement = said("education", "done", "{\"name\":\"note\",\"valueString\":\"x\"}");
        problem(as(OTHERS).get(url()), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(OTHERS).body(statement).post(url()), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(Tokens.supervisor()).body(statement).post(url()), ProblemCode.FORBIDDEN);
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(statement.replace("registered-nurse", "surgeon"))
                                .post(url()),
                        ProblemCode.INVALID_PARAMETER))
                .startsWith("qualification: unknown");
        assertThat(status(as(Tokens.coordinator()).get(url()), "education")).isEqualTo("open");
    }

    @Test
    void aSupervisorReviewsDischargesAndWhoCameBack() {
        // Given
        stay.discharged();
        Stay again = stay.next();
        again.tell(ReadmissionApiTest.inMarch(again.admission(), "17"));
        String review = "/fhir/EpisodeOfCare/$discharge-review?start=2026-03-07&end=2026-03-07";
        // Then
        soon().untilAsserted(() -> assertThat(episodes(
                        as(Tokens.supervisor()).urlEncodingEnabled(false).get(review + "&readmitted=true")))
                .contains("EpisodeOfCare/" + stay.episodeId()));
        Response all = as(Tokens.supervisor()).urlEncodingEnabled(false).get(review);
        assertThat(all.asString()).contains("free-choice");
        assertThat(episodes(as(OTHERS).urlEncodingEnabled(false).get(review))).isEmpty();
        problem(
                as(Tokens.supervisor())
                        .urlEncodingEnabled(false)
                        .get("/fhir/EpisodeOfCare/$discharge-review?start=2026"),
                ProblemCode.INVALID_PARAMETER);
    }

    private static List<String> episodes(Response answer) {
        List<String> found =
                answer.path("parameter.collect { it.part.find { p -> p.name == 'episode' }.valueReference.reference }");
        return found == null ? List.of() : found;
    }

    private static List<String> open(Response review, Stay of) {
        return review.path(
                "parameter.find { it.part.find { p -> p.name == 'episode' }.valueReference.reference == 'EpisodeOfCare/"
                        + of.episodeId() + "' }.part.findAll { it.name == 'open' }.valueCode");
    }

    private String assessed(String at) {
        return assessed(stay, at);
    }

    /** By whoever is in charge of the patient there. */
    private static String assessed(Stay stay, String at) {
        Response made = as(Tokens.service())
                .body("""
                {"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/%s"},
                 "encounter":{"reference":"Encounter/%s"},"occurrenceDateTime":"%s",
                 "prediction":[{"qualitativeRisk":{"coding":[
                   {"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"high"}]}}]}""".formatted(InMemoryPatients.idOf(stay.number()), stay.encounterId(), at))
                .post("/fhir/RiskAssessment");
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        return made.path("id");
    }

    private static String status(Response told, String item) {
        return told.path("parameter.find { it.name == 'item' && it.part[0].valueCode == '" + item
                + "' }.part.find { it.name == 'status' }.valueCode");
    }

    private static String said(String item, String status, String more) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"item\",\"valueCode\":\"" + item
                + "\"},{\"name\":\"status\",\"valueCode\":\"" + status
                + "\"},{\"name\":\"by\",\"valueReference\":{\"reference\":\"Practitioner/nina\"}},"
                + "{\"name\":\"qualification\",\"valueCode\":\"registered-nurse\"}," + more + "]}";
    }

    private String url() {
        return "/fhir/EpisodeOfCare/" + stay.episodeId() + "/$discharge-checklist";
    }
}
