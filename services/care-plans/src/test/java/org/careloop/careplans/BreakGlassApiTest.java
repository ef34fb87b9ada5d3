package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person may open a record that is shut to them: they say why, it lasts for a time, and the privacy officer sees it. */
@QuarkusTest
class BreakGlassApiTest {

    private static final String GLASS = "https://careloop.org/fhir/CodeSystem/communication-category|break-glass";

    private final String run = UUID.randomUUID().toString();
    private final String person = person("casey-" + run);
    private final DischargeScene scene = DischargeScene.fresh();

    @BeforeEach
    void aPlanOfOthers() {
        scene.planned();
    }

    @Test
    void opensTheRecordForThePersonWhoSaysWhyAndForNobodyElse() {
        // Given
        String plan = "/fhir/CarePlan/" + scene.planId();
        problem(as(person).get(plan), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        String id = as(person)
                .body(breaking(",\"reasonCode\":[{\"text\":\"" + run + "\"}]"))
                .post("/fhir/Communication")
                .then()
                .statusCode(201)
                .body("status", equalTo("completed"))
                .body("sender.reference", equalTo("Organization/far-clinic"))
                .body("sender.identifier.value", equalTo("casey-" + run))
                .body("sent", matchesPattern("20(2[1-9]|[3-9]\\d).*T.*"))
                .extract()
                .path("id");
        // Then
        as(person).get(plan).then().statusCode(200);
        assertThat(matches(search(person, "Goal?patient=" + scene.patient()))).isNotEmpty();
        problem(as(person("someone-else")).get(plan), ProblemCode.RESOURCE_NOT_FOUND);
        // To read, not to write
        CarePlan changed = scene.plan().setTitle("other");
        problem(
                as(person)
                        .body(new String(
                                org.careloop.fhirmodel.FhirJson.write(changed),
                                java.nio.charset.StandardCharsets.UTF_8))
                        .put(plan),
                ProblemCode.FORBIDDEN);
        // And the privacy officer is told, of this and of nothing else
        assertThat(matches(search(
                        Tokens.privacyOfficer(),
                        "Communication?category=" + GLASS.replace("|", "%7C") + "&subject=Patient/" + scene.patient())))
                .containsExactly(id);
        problem(as(Tokens.privacyOfficer()).get(plan), ProblemCode.FORBIDDEN);
    }

    @Test
    void asksForAReasonAndAPerson() {
        assertThat(problem(as(person).body(breaking("")).post("/fhir/Communication"), ProblemCode.RULE_VIOLATED))
                .isEqualTo("Communication.reasonCode: missing (expected: why the record must be opened)");
        assertThat(problem(
                        as(person)
                                .body(breaking(",\"reasonCode\":[{\"text\":\" \"}]"))
                                .post("/fhir/Communication"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.reasonCode: missing");
        assertThat(problem(
                        as(Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds"))
                                .body(breaking(",\"reasonCode\":[{\"text\":\"x\"}]"))
                                .post("/fhir/Communication"),
                        ProblemCode.FORBIDDEN))
                .startsWith("access token: of a system");
        problem(
                as(Tokens.partner("harbor-home-health"))
                        .body(breaking(",\"reasonCode\":[{\"text\":\"x\"}]"))
                        .post("/fhir/Communication"),
                ProblemCode.FORBIDDEN);
        problem(as(person).get("/fhir/CarePlan/" + scene.planId()), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void theRecordOfItStaysAsItIs() {
        // Given
        String body = breaking(",\"reasonCode\":[{\"text\":\"x\"}]");
        String id = as(person).body(body).post("/fhir/Communication").path("id");
        String changed = body.replaceFirst("\\{", "{\"id\":\"" + id + "\",").replace("break-glass", "notification");
        // Then
        for (String token : new String[] {person, Tokens.coordinator()}) {
            assertThat(as(token).body(changed).put("/fhir/Communication/" + id).statusCode())
                    .isIn(403, 404, 422);
            assertThat(as(token).delete("/fhir/Communication/" + id).statusCode())
                    .isIn(204, 403, 404, 422);
        }
        as(Tokens.privacyOfficer())
                .get("/fhir/Communication/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"1\"");
    }

    private static String person(String subject) {
        return Tokens.token(subject, "coordinator", "far-clinic", "user/*.cruds");
    }

    private String breaking(String more) {
        return "{\"resourceType\":\"Communication\",\"status\":\"preparation\",\"sent\":\"2020-01-01\",\"category\":[{\"coding\":[{\"system\":\""
                + GLASS.replace("|", "\",\"code\":\"") + "\"}]}],\"sender\":{\"reference\":\"Organization/other\"},"
                + "\"subject\":{\"reference\":\"Patient/" + scene.patient() + "\"}" + more + "}";
    }
}
