package org.careloop.referrals;

import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.as;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.UUID;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A system of the coordinating organisation records what happened elsewhere (ADR-0016); nobody else passes by a life cycle. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class RecordsApiTest {

    private static final String EHR = Tokens.coordinator();
    private static final String PERSON =
            Tokens.token("case-manager", "coordinator", "riverside-clinic", "user/*.cruds");
    private static final String OTHER_EHR = Tokens.token("other-ehr", "coordinator", "other-clinic", "system/*.cruds");

    private final String id = "record-" + UUID.randomUUID();

    @BeforeEach
    void directory() {
        Scene.directory();
        Scene.known("p1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accepted", "in-progress", "on-hold", "rejected", "failed", "completed", "cancelled"})
    void ehrRecordsTaskThatIsUnderWayOrHasEnded(String status) {
        put(EHR, task(status, "recorded"), "1").then().statusCode(201).body("status", equalTo(status));
    }

    @Test
    void nothingFollowsFromARecord() {
        // Given
        put(EHR, request("active")).then().statusCode(201);
        // When
        put(EHR, task("completed", "recorded"), "1").then().statusCode(201);
        // Then
        as(EHR).get("/fhir/ServiceRequest/sr-{id}", id).then().body("status", equalTo("active"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"accepted", "completed"})
    void personHoldsToTheLifeCycle(String status) {
        put(PERSON, task(status, "typed in"), "1").then().statusCode(422);
    }

    @Test
    void agencyRecordsNothing() {
        as(Tokens.partner(HARBOR))
                .body(task("completed", "mine"))
                .post("/fhir/Task")
                .then()
                .statusCode(403);
    }

    @Test
    void whoRecordedSpeaksForTheRequester() {
        // Given
        put(EHR, task("requested", "first"), "1").then().statusCode(201);
        // When
        Response other = put(OTHER_EHR, task("requested", "second"), "1");
        Response own = put(EHR, task("requested", "second"), "1");
        // Then
        other.then().statusCode(404);
        own.then().statusCode(200).body("note[0].text", equalTo("second"));
    }

    @Test
    void recordMovesAsTheLifeCycleSaysFromThenOn() {
        // Given
        put(EHR, ofOwnClinic(task("completed", "recorded")), "1").then().statusCode(201);
        // When
        Response again = put(EHR, ofOwnClinic(task("in-progress", "recorded")), "1");
        // Then
        again.then().statusCode(422).body("issue[0].expression[0]", equalTo("Task.status"));
    }

    @Test
    void systemMirrorsReferralOfOthersWhateverItsState() {
        // Given
        put(EHR, task("in-progress", "told by phone"), "1").then().statusCode(201);
        // When
        Response back = put(EHR, task("accepted", "it was a mistake"), "1");
        Response stale = put(EHR, task("rejected", "late"), "1");
        // Then
        back.then().statusCode(200).body("status", equalTo("accepted"));
        stale.then().statusCode(412);
    }

    @Test
    void personDoesNotMirror() {
        // Given
        put(EHR, task("in-progress", "told by phone"), "1").then().statusCode(201);
        // When
        Response back = put(PERSON, task("accepted", "typed in"), "1");
        // Then
        back.then().statusCode(422);
    }

    private static String ofOwnClinic(String task) {
        return task.replace("referring-clinic", "riverside-clinic");
    }

    private Response put(String token, String body) {
        return as(token).body(body).put("/fhir/ServiceRequest/sr-{id}", id);
    }

    private Response put(String token, String body, String version) {
        var request = as(token).body(body);
        boolean isNew = as(EHR).get("/fhir/Task/{id}", id).statusCode() == 404;
        return (isNew ? request : request.header("If-Match", "W/\"" + version + "\"")).put("/fhir/Task/{id}", id);
    }

    private String request(String status) {
        return """
                {"resourceType":"ServiceRequest","id":"sr-%s","status":"%s","intent":"order","code":{"text":"visit"},
                 "subject":{"reference":"Patient/p1"},"requester":{"reference":"Practitioner/dr"}}""".formatted(id, status);
    }

    private String task(String status, String note) {
        return """
                {"resourceType":"Task","id":"%1$s","status":"%2$s","intent":"order",
                 "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                 "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%1$s"},
                 "for":{"reference":"Patient/p1"},"owner":{"reference":"Organization/harbor-home-health"},
                 "requester":{"reference":"Organization/referring-clinic"},"note":[{"text":"%3$s"}]}""".formatted(id, status, note);
    }
}
