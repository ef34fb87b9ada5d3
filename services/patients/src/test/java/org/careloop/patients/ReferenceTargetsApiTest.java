package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** What is written may refer only to what is there. */
@QuarkusTest
@TestProfile(ReferenceTargetsApiTest.Checked.class)
class ReferenceTargetsApiTest {

    /** The check as it is shipped; no other service runs beside. */
    public static class Checked implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("careloop.store.check-references", "true");
        }
    }

    private final String absent = "absent-" + UUID.randomUUID();

    @Test
    void everyReferenceToWhatIsNotThereIsNamed() {
        // When
        Response answer = coordinator().body("""
                        {"resourceType":"Observation","status":"final","code":{"text":"weight"},
                         "subject":{"reference":"Patient/%1$s"},
                         "derivedFrom":[{"reference":"Observation/%1$s"}],
                         "note":[{"authorReference":{"reference":"Patient/%1$s-too"},"text":"x"}]}""".formatted(absent)).post("/fhir/Observation");
        // Then
        problem(answer, ProblemCode.REFERENCE_NOT_FOUND);
        assertThat(answer.<List<String>>path("issue.expression.flatten()"))
                .containsExactlyInAnyOrder(
                        "Observation.subject", "Observation.derivedFrom[0]", "Observation.note[0].author");
    }

    @Test
    void whatWasDeletedIsNotThere() {
        // Given
        String patient = create(patient("female"));
        coordinator().delete("/fhir/Patient/" + patient);
        // Then
        problem(post(condition("Patient/" + patient)), ProblemCode.REFERENCE_NOT_FOUND);
    }

    @Test
    void updateIsNotRefusedForWhatItReferredToBefore() {
        // Given
        String patient = create(patient("female"));
        String other = create(patient("male"));
        String id = post(condition("Patient/" + patient)).path("id");
        coordinator().delete("/fhir/Patient/" + patient);
        // Then
        assertThat(put(id, "Patient/" + other).statusCode()).isEqualTo(200);
        problem(put(id, "Patient/" + absent), ProblemCode.REFERENCE_NOT_FOUND);
    }

    @Test
    void entriesOfATransactionReferToEachOtherInAnyOrder() {
        // When
        Response answer = coordinator()
                .body("""
                        {"resourceType":"Bundle","type":"transaction","entry":[
                         {"resource":%s,"request":{"method":"POST","url":"Condition"}},
                         {"fullUrl":"urn:uuid:0d5ec44a-7f5a-4f1c-8c0b-0c9c6f6f1f10","resource":%s,
                          "request":{"method":"POST","url":"Patient"}}]}""".formatted(condition("urn:uuid:0d5ec44a-7f5a-4f1c-8c0b-0c9c6f6f1f10"), patient("female")))
                .post("/fhir");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    @Test
    void faultInATransactionIsNamedByItsPlace() {
        // When
        Response answer = coordinator()
                .body("""
                        {"resourceType":"Bundle","type":"transaction","entry":[
                         {"resource":%s,"request":{"method":"POST","url":"Patient"}},
                         {"resource":%s,"request":{"method":"POST","url":"Condition"}}]}""".formatted(patient("female"), condition("Patient/" + absent)))
                .post("/fhir");
        // Then
        problem(answer, ProblemCode.REFERENCE_NOT_FOUND);
        assertThat(answer.<List<String>>path("issue.expression.flatten()"))
                .containsExactly("Bundle.entry[1].resource.subject");
    }

    @Test
    void whatCannotBeAskedForIsNotTakenForThere() {
        // When
        Response answer = coordinator().body("""
                        {"resourceType":"Patient","managingOrganization":{"reference":"Organization/%s"}}""".formatted(absent)).post("/fhir/Patient");
        // Then
        problem(answer, ProblemCode.UNAVAILABLE);
    }

    @Test
    void referencesThatLeadOutOfThePlatformAreNotLookedUp() {
        // When
        Response answer = coordinator().body("""
                        {"resourceType":"Patient","managingOrganization":{"reference":"https://elsewhere.example.org/fhir/Organization/1"},
                         "generalPractitioner":[{"identifier":{"system":"urn:npi","value":"1"}}]}""").post("/fhir/Patient");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    }

    @Test
    void systemThatLoadsMuchMayBringTheTargetLater() {
        // When
        Response answer = coordinator()
                .header(FhirHeaders.REFERENCES, "unchecked")
                .body(condition("Patient/" + absent))
                .post("/fhir/Condition");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    }

    @Test
    void othersMayNotAskForThat() {
        // When
        Response answer = as(Tokens.partner("harbor"))
                .header(FhirHeaders.REFERENCES, "unchecked")
                .get("/fhir/Patient");
        // Then
        problem(answer, ProblemCode.FORBIDDEN);
    }

    private Response post(String json) {
        Response answer = coordinator().body(json).post("/fhir/Condition");
        return answer;
    }

    private static Response put(String id, String subject) {
        return coordinator()
                .body(condition(subject).replaceFirst("\\{", "{\"id\":\"" + id + "\","))
                .put("/fhir/Condition/" + id);
    }

    private static String condition(String subject) {
        return """
                {"resourceType":"Condition","code":{"text":"pain"},"subject":{"reference":"%s"}}""".formatted(subject);
    }
}
