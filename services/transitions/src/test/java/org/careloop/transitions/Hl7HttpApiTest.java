package org.careloop.transitions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** HL7 v2 over HTTP: who may send, and what is answered. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class Hl7HttpApiTest {

    private final Stay stay = Stay.fresh();

    @Test
    void acknowledgesAdmission() {
        // Given
        String admission = stay.admission();
        // When
        Response answer = Stay.send(admission);
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith(Stay.MEDIA_TYPE);
        assertThat(segment(answer, "MSA")).isEqualTo("MSA|AA|" + Stay.controlId(admission) + "|");
        assertThat(segment(answer, "MSH"))
                .startsWith("MSH|^~\\&|CARELOOP|CARELOOP|GHADT|GENHOSP|")
                .contains("|ACK^A01^ACK|");
        assertThat(answer.asString()).doesNotContain("ERR|");
    }

    @Test
    void namesSegmentAndFieldOfIncompleteMessage() {
        // Given
        String withoutNumber = stay.admission().replace(stay.number() + "^^^GENHOSP^MR~123456789^^^^SS", "");
        // When
        Response answer = Stay.send(withoutNumber);
        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.contentType()).startsWith(Stay.MEDIA_TYPE);
        assertThat(segment(answer, "MSA")).startsWith("MSA|AE|" + Stay.controlId(withoutNumber));
        assertThat(segment(answer, "ERR"))
                .isEqualTo("ERR||PID^1^3^1|101^Required field missing^HL70357|E||||"
                        + "PID-3: missing (expected: an identifier of the patient)");
    }

    @Test
    void refusesUnknownSender() {
        // Given
        String unknown = stay.admission().replace("|GENHOSP|CARELOOP", "|ELSEWHERE|CARELOOP");
        // When
        Response answer = Stay.send(unknown);
        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(segment(answer, "MSA")).startsWith("MSA|AR|");
        assertThat(segment(answer, "ERR")).startsWith("ERR||MSH^1^");
    }

    @Test
    void refusesSenderOfAnotherOrganization() {
        // Given
        String token = Tokens.token("harbor", "event-source", "harbor-home-health", "hl7v2.send");
        // When
        Response answer = Stay.send(token, stay.admission());
        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(segment(answer, "MSA")).startsWith("MSA|AR|");
        assertThat(segment(answer, "ERR")).startsWith("ERR||MSH^1^4^1|103^");
        assertThat(stay.isKnown()).isFalse();
    }

    @Test
    void answersWhatIsNoMessage() {
        // When
        Response answer = Stay.send("Good morning");
        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(segment(answer, "MSA")).startsWith("MSA|AR|");
    }

    @Test
    void answersEmptyBody() {
        // When
        Response answer = Stay.send("");
        // Then
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(segment(answer, "MSA")).startsWith("MSA|AR|");
    }

    @Test
    void requiresToken() {
        // When
        Response answer = given().contentType(Stay.MEDIA_TYPE).body(bytes()).post("/hl7v2");
        // Then
        Fhir.problem(answer, ProblemCode.UNAUTHENTICATED);
        Fhir.problem(Stay.send(Tokens.forged(), stay.admission()), ProblemCode.UNAUTHENTICATED);
        Fhir.problem(Stay.send(Tokens.expired(), stay.admission()), ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void refusesPartner() {
        // When
        Response answer = Stay.send(Tokens.partner("harbor-home-health"), stay.admission());
        // Then
        Fhir.problem(answer, ProblemCode.FORBIDDEN);
    }

    @Test
    void refusesEventSourceWithoutScope() {
        // Given
        String token = Tokens.token("general-hospital", "event-source", "general-hospital", "system/Patient.rs");
        // When
        Response answer = Stay.send(token, stay.admission());
        // Then
        assertThat(Fhir.problem(answer, ProblemCode.FORBIDDEN))
                .isEqualTo("scope: does not allow this (expected: hl7v2.send)");
    }

    @Test
    void refusesOtherContent() {
        // When
        Response answer = given().auth()
                .oauth2(Tokens.eventSource())
                .contentType("text/plain")
                .body(bytes())
                .post("/hl7v2");
        // Then
        Fhir.problem(answer, ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void refusesOtherMethod() {
        // When
        Response answer = given().auth().oauth2(Tokens.eventSource()).get("/hl7v2");
        // Then
        Fhir.problem(answer, ProblemCode.METHOD_NOT_ALLOWED);
    }

    private byte[] bytes() {
        return stay.admission().getBytes(StandardCharsets.UTF_8);
    }

    private static String segment(Response answer, String name) {
        return answer.asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }
}
