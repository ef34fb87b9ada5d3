package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** What is asked of more stays than one answer may be about is refused, never cut; and what a person names has to be there. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
@TestProfile(ReviewLimitsApiTest.Strict.class)
class ReviewLimitsApiTest {

    /** Small limits, and references judged as they are where it runs. */
    public static class Strict implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "careloop.transitions.reviews.most-discharges", "1",
                    "careloop.transitions.reviews.most-stays", "1",
                    "careloop.store.check-references", "true");
        }
    }

    private final String hospital = "hospital-" + UUID.randomUUID();
    private final String supervisor = Tokens.token("s", "supervisor", hospital, "user/*.rs");
    private final Instant discharged = Instant.now().minusSeconds(5_000).truncatedTo(ChronoUnit.SECONDS);
    private final LocalDate day = LocalDate.ofInstant(discharged, ZoneId.of("America/New_York"));

    @Test
    void moreDischargesThanOneReviewMayHaveAreRefused() {
        // Given: others have theirs on the same day
        discharged("someone-elses-" + hospital, "IMP");
        discharged("someone-elses-" + hospital, "IMP");
        discharged(hospital, "IMP");
        // Then
        soon().untilAsserted(() -> {
            Response one = asked("EpisodeOfCare/$discharge-review?");
            assertThat(one.statusCode()).as(one.asString()).isEqualTo(200);
            assertThat(one.<Integer>path("parameter.size()")).isEqualTo(1);
        });
        // When
        discharged(hospital, "IMP");
        // Then
        soon().untilAsserted(
                        () -> assertThat(problem(asked("EpisodeOfCare/$discharge-review?"), ProblemCode.TOO_COSTLY))
                                .isEqualTo("period: too many discharges (expected: a narrower period with at most 1)"));
    }

    @Test
    void moreStaysThanOneReportMayHaveAreRefused() {
        // Given: a visit is no stay
        discharged(hospital, "IMP");
        discharged(hospital, "AMB");
        String report = "Encounter/$avoidable-days-report?facility=Organization/" + hospital + "&";
        // Then
        soon().untilAsserted(() -> {
            Response one = asked(report);
            assertThat(one.statusCode()).as(one.asString()).isEqualTo(200);
        });
        // When
        discharged(hospital, "IMP");
        // Then
        soon().untilAsserted(() -> assertThat(problem(asked(report), ProblemCode.TOO_COSTLY))
                .isEqualTo("period: too many stays (expected: a narrower period, or a facility, with at most 1)"));
    }

    @Test
    void evidenceHasToBeThere() {
        // Given
        Stay stay = Stay.fresh().discharged();
        String url = "/fhir/EpisodeOfCare/" + stay.episodeId() + "/$discharge-checklist";
        // When, Then
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(said("RiskAssessment/nowhere-" + hospital))
                                .post(url),
                        ProblemCode.REFERENCE_NOT_FOUND))
                .isEqualTo("evidence: refers to what is not here (expected: an existing resource)");
        assertThat(as(Tokens.coordinator())
                        .get(url + "?history=true")
                        .<Object>path("parameter.find { it.name == 'history' }"))
                .isNull();
        Response kept = as(Tokens.coordinator())
                .body(said("RiskAssessment/" + stay.riskId()))
                .post(url);
        assertThat(kept.statusCode()).as(kept.asString()).isEqualTo(200);
        assertThat(kept.asString()).contains("RiskAssessment/" + stay.riskId(), "Practitioner/nina");
    }

    private static String said(String evidence) {
        return """
                {"resourceType":"Parameters","parameter":[
                 {"name":"item","valueCode":"risk-identified"},{"name":"status","valueCode":"done"},
                 {"name":"by","valueReference":{"reference":"Practitioner/nina"}},
                 {"name":"qualification","valueCode":"registered-nurse"},
                 {"name":"evidence","valueReference":{"reference":"%s"}}]}""".formatted(evidence);
    }

    private Response asked(String what) {
        return as(supervisor).urlEncodingEnabled(false).get("/fhir/" + what + "start=" + day + "&end=" + day);
    }

    private void discharged(String where, String type) {
        as(Tokens.service())
                .body("""
                        {"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/%s"},
                         "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"%s"},
                         "serviceProvider":{"reference":"Organization/%s"},"period":{"start":"%s","end":"%s"}}""".formatted(UUID.randomUUID(), type, where, discharged.minusSeconds(100), discharged))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
    }
}
