package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hand-offs by SBAR, their read-back, and debriefs, over HTTP. */
@QuarkusTest
class HandOffApiTest {

    private static final String CATEGORY = "https://careloop.org/fhir/CodeSystem/communication-category";
    private static final String TOPIC = "https://careloop.org/fhir/CodeSystem/communication-topic";
    private static final String EXTENSIONS = "https://careloop.org/fhir/StructureDefinition/";

    private final String casey = Tokens.token("casey", "coordinator", "riverside-clinic", "user/*.cruds");
    private final String robin = Tokens.token("robin", "coordinator", "riverside-clinic", "user/*.cruds");
    private final DischargeScene scene = DischargeScene.fresh();

    @BeforeEach
    void aPatientOfRiverside() {
        scene.planned();
    }

    @Test
    void aHandOffIsReadBackByWhoTakesOver() {
        // Given
        Response sent = post(casey, handOff("Organization/far-clinic", "four"));
        String id = sent.then()
                .statusCode(201)
                .body("sent", notNullValue())
                .body("received", nullValue())
                .extract()
                .path("id");
        String far = Tokens.token("frances", "coordinator", "far-clinic", "user/*.cruds");
        // Then the recipient sees it, and others do not
        as(far).get("/fhir/Communication/" + id).then().statusCode(200);
        assertThat(matches(search(far, "Communication?category=" + CATEGORY + "%7Csbar&_id=" + id)))
                .containsExactly(id);
        problem(
                as(Tokens.token("x", "coordinator", "other-clinic", "user/*.cruds"))
                        .get("/fhir/Communication/" + id),
                ProblemCode.RESOURCE_NOT_FOUND);
        // When it is read back, in the record that the reader works in, by another person
        assertThat(problem(post(casey, readBack(id)), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.sender: written by who wrote the hand-off");
        post(robin, readBack(id)).then().statusCode(201);
        // Then
        as(casey)
                .get("/fhir/Communication/" + id)
                .then()
                .body("received", notNullValue())
                .body(
                        "extension.find { it.url.endsWith('received-by') }.valueReference.identifier.value",
                        equalTo("robin"))
                .body(
                        "extension.find { it.url.endsWith('entered-by') }.valueReference.identifier.value",
                        equalTo("casey"));
        assertThat(problem(post(robin, readBack(id)), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.inResponseTo: read back already");
        assertThat(problem(as(casey).delete("/fhir/Communication/" + id), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication: kept for good");
    }

    @Test
    void anAgencySeesWhatIsHandedToItAndNothingElse() {
        // Given
        String agency = Tokens.token("harbor", "partner", "harbor-home-health", "system/Communication.crus");
        String id =
                post(casey, handOff("Organization/harbor-home-health", "four")).path("id");
        String other = post(casey, handOff("Organization/safe-rides", "four")).path("id");
        // Then
        as(agency).get("/fhir/Communication/" + id).then().statusCode(200);
        problem(as(agency).get("/fhir/Communication/" + other), ProblemCode.RESOURCE_NOT_FOUND);
        // Nor what is not sent yet.
        String draft = post(
                        casey,
                        handOff("Organization/harbor-home-health", "four").replace("\"completed\"", "\"preparation\""))
                .path("id");
        problem(as(agency).get("/fhir/Communication/" + draft), ProblemCode.RESOURCE_NOT_FOUND);
        // It has accepted nothing, so it writes nothing of its own.
        problem(post(agency, readBack(id)), ProblemCode.FORBIDDEN);
        // But it says that it was received, and nothing else of it.
        String sent = as(agency).get("/fhir/Communication/" + id).asString();
        String at = JsonPath.from(sent).getString("sent");
        assertThat(problem(
                        as(agency)
                                .body(sent.replace("\"text\"", "\"otherwise\""))
                                .put("/fhir/Communication/" + id),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication: content of what was sent");
        as(agency)
                .body(sent.replaceFirst("\\{", "{\"received\":\"" + at + "\","))
                .put("/fhir/Communication/" + id)
                .then()
                .statusCode(200)
                .body("received", notNullValue());
    }

    @Test
    void anAgencyTakesBackWhatItHandedOverInError() {
        // Given
        String agency = Tokens.token("harbor", "partner", "harbor-home-health", "system/Communication.crus");
        ResourceKey task = ResourceKey.of("Task", UUID.randomUUID().toString());
        Events.tell("referrals", Events.event(task, Change.CREATED, 1, "Patient/" + scene.patient(), """
                {"resourceType":"Task","id":"%s","status":"accepted","intent":"order","for":{"reference":"Patient/%s"},
                 "owner":{"reference":"Organization/harbor-home-health"}}""".formatted(
                        task.id(), scene.patient())));
        String handOff = handOff("Organization/safe-rides", "four")
                .replace(
                        "\"sender\":{\"reference\":\"Organization/riverside-clinic\"}",
                        "\"sender\":{\"reference\":\"Organization/harbor-home-health\"}");
        String[] id = new String[1];
        DischargeScene.soon().untilAsserted(() -> {
            Response sent = post(agency, handOff);
            assertThat(sent.statusCode()).isEqualTo(201);
            id[0] = sent.path("id");
        });
        String sent = as(agency).get("/fhir/Communication/" + id[0]).asString();
        // When
        as(agency)
                .body(sent.replace("\"completed\"", "\"entered-in-error\""))
                .put("/fhir/Communication/" + id[0])
                .then()
                .statusCode(200);
        // Then it is as it was said, and its own recipients do not take it back
        String driver = Tokens.token("rides", "partner", "safe-rides", "system/Communication.crus");
        problem(
                as(driver).body(sent.replace("\"text\"", "\"otherwise\"")).put("/fhir/Communication/" + id[0]),
                ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                as(agency).body(sent.replace("\"text\"", "\"otherwise\"")).put("/fhir/Communication/" + id[0]),
                ProblemCode.RULE_VIOLATED);
    }

    @Test
    void refusesWhatIsNotWhole() {
        assertThat(problem(post(casey, handOff("Organization/far-clinic", "three")), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.payload: recommendation is missing");
        assertThat(problem(post(casey, debrief("")), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.reasonCode: does not say whether");
        // Nor what would be held to the rules of one kind alone
        String both = handOff("Organization/far-clinic", "four")
                .replace(coded(CATEGORY, "sbar"), coded(CATEGORY, "sbar") + "," + coded(CATEGORY, "debrief"));
        assertThat(problem(post(casey, both), ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.category: of several kinds at once");
    }

    @Test
    void aReviewOfAReadmissionIsRecorded() {
        String reasons =
                ",\"reasonCode\":[" + coded("https://careloop.org/fhir/CodeSystem/preventability", "undetermined") + ","
                        + coded("https://careloop.org/fhir/CodeSystem/readmission-factor", "social-need") + "]";
        String id =
                post(casey, debrief(reasons)).then().statusCode(201).extract().path("id");
        assertThat(matches(search(
                        Tokens.supervisor(),
                        "Communication?category=" + CATEGORY + "%7Cdebrief&subject=Patient/" + scene.patient())))
                .containsExactly(id);
    }

    private String handOff(String recipient, String sections) {
        return "{" + start("sbar") + ",\"recipient\":[{\"reference\":\"" + recipient
                + "\"},{\"reference\":\"Organization/riverside-clinic\"}],\"about\":[{\"extension\":[{\"url\":\""
                + EXTENSIONS
                + "obligation-owner\",\"valueReference\":{\"reference\":\"" + recipient
                + "\"}}],\"reference\":\"Task/next\"}],\"payload\":[" + section("situation") + ","
                + section("background")
                + "," + section("assessment") + (sections.equals("four") ? "," + section("recommendation") : "") + "]}";
    }

    private String readBack(String of) {
        return "{" + start("sbar") + ",\"topic\":" + coded(TOPIC, "read-back")
                + ",\"inResponseTo\":[{\"reference\":\"Communication/" + of
                + "\"}],\"payload\":[{\"contentString\":\"understood\"}]}";
    }

    private String debrief(String reasons) {
        return "{" + start("debrief") + reasons + ",\"topic\":" + coded(TOPIC, "readmission-review")
                + ",\"encounter\":{\"reference\":\"Encounter/" + scene.stay()
                + "\"},\"about\":[{\"reference\":\"EpisodeOfCare/e\"}],\"payload\":[" + section("went-well") + ","
                + section("could-be-tighter") + "," + section("cause") + "]}";
    }

    private String start(String category) {
        return "\"resourceType\":\"Communication\",\"status\":\"completed\",\"category\":[" + coded(CATEGORY, category)
                + "],\"subject\":{\"reference\":\"Patient/" + scene.patient()
                + "\"},\"sender\":{\"reference\":\"Organization/riverside-clinic\"}";
    }

    private static String coded(String system, String code) {
        return "{\"coding\":[{\"system\":\"" + system + "\",\"code\":\"" + code + "\"}]}";
    }

    private static String section(String code) {
        return "{\"extension\":[{\"url\":\"" + EXTENSIONS + "payload-section\",\"valueCode\":\"" + code
                + "\"}],\"contentString\":\"text\"}";
    }

    private static Response post(String token, String json) {
        return as(token).body(json).post("/fhir/Communication");
    }
}
