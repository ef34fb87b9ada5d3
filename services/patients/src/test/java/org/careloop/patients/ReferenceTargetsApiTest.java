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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written may refer only to what is there. */
@QuarkusTest
@TestProfile(ReferenceTargetsApiTest.Checked.class)
class ReferenceTargetsApiTest {

    /** The check as it is shipped; the other services are played. */
    public static class Checked implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(PlayedServices.settings());
            settings.put("careloop.store.check-references", "true");
            settings.put("quarkus.oidc-client.client-enabled", "true");
            return settings;
        }
    }

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String absent = "absent-" + UUID.randomUUID();
    private final String north = Tokens.token("north-" + run, "coordinator", "north-" + run, "system/*.cruds");
    private final String south = Tokens.token("south-" + run, "coordinator", "south-" + run, "system/*.cruds");

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
                        {"resourceType":"Patient","managingOrganization":{"reference":"Organization/down-%s"}}""".formatted(absent)).post("/fhir/Patient");
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

    /** Who guesses the id of what is hidden learns nothing: the answer is that for what is nowhere, word by word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Into a record
                "POST /Observation {O,'subject':{'reference':'Patient/PATIENT'}}",
                "POST /Observation {O,'subject':{'reference':'Patient/PATIENT'},'derivedFrom':[{'reference':'Observation/absent'}]}",
                "POST /Observation {O,'subject':{'reference':'Patient/PATIENT'},'encounter':{'reference':'Encounter/absent'}}",
                "PUT /Observation/OWN {O,'id':'OWN','subject':{'reference':'Patient/PATIENT'}}",
                "PUT /Observation/new-ID {O,'id':'new-ID','subject':{'reference':'Patient/PATIENT'}}",
                "PATCH /Observation/OWN {'subject':{'reference':'Patient/PATIENT'}}",
                "POST / {'resourceType':'Bundle','type':'transaction','entry':[{'resource':{O,'subject':{'reference':'Patient/PATIENT'}},'request':{'method':'POST','url':'Observation'}}]}",
                // To what is in one
                "POST /Observation {O,'subject':{'reference':'Patient/MINE'},'derivedFrom':[{'reference':'Observation/OTHER'}]}",
                "PUT /Observation/OWN {O,'id':'OWN','subject':{'reference':'Patient/MINE'},'derivedFrom':[{'reference':'Observation/OTHER'}]}",
                "PATCH /Observation/OWN {'derivedFrom':[{'reference':'Observation/OTHER'}]}",
                "POST / {'resourceType':'Bundle','type':'transaction','entry':[{'resource':{O,'subject':{'reference':'Patient/MINE'},'derivedFrom':[{'reference':'Observation/OTHER'}]},'request':{'method':'POST','url':'Observation'}}]}",
                "POST /Patient {'resourceType':'Patient','link':[{'type':'seealso','other':{'reference':'Patient/PATIENT'}}]}",
                "POST /Group {'resourceType':'Group','type':'person','actual':true,'member':[{'entity':{'reference':'Patient/PATIENT'}}]}",
                // In another service
                "POST /Observation {O,'subject':{'reference':'Patient/MINE'},'encounter':{'reference':'Encounter/STAY'}}",
                "PATCH /Observation/OWN {'basedOn':[{'reference':'ServiceRequest/STAY'}]}",
            })
    void whatIsHiddenIsToldLikeWhatIsNotThere(String request) {
        // Given
        String patient = id(as(north).body(patient("female")).post("/fhir/Patient"));
        String other = id(as(north).body(observation(patient)).post("/fhir/Observation"));
        String mine = id(as(south).body(patient("male")).post("/fhir/Patient"));
        String own = id(as(south).body(observation(mine)).post("/fhir/Observation"));
        String ours = request.replace("MINE", mine).replace("OWN", own).replace("ID", mine);
        // When
        Response hidden = send(
                ours.replace("PATIENT", patient).replace("OTHER", other).replace("STAY", "of-north-" + run + "-1"));
        Response nowhere =
                send(ours.replace("PATIENT", absent).replace("OTHER", absent).replace("STAY", absent));
        // Then
        problem(hidden, ProblemCode.REFERENCE_NOT_FOUND);
        assertThat(hidden.asString()).isEqualTo(nowhere.asString());
        as(south).get("/fhir/Observation/" + own).then().statusCode(200).header("ETag", "W/\"1\"");
    }

    private Response send(String request) {
        String[] parts = request.split(" ", 3);
        String body = parts[2].replace("O,", "'resourceType':'Observation','status':'final','code':{'text':'x'},")
                .replace('\'', '"');
        return as(south)
                .contentType(parts[0].equals("PATCH") ? "application/merge-patch+json" : "application/fhir+json")
                .body(body)
                .request(parts[0], "/fhir" + (parts[1].equals("/") ? "" : parts[1]));
    }

    /** Such as what the platform wrote, or what was shut since. */
    @Test
    void whatHiddenWasReferredToBeforeIsNotAskedAgain() {
        // Given
        String patient = id(as(north).body(patient("female")).post("/fhir/Patient"));
        String other = id(as(north).body(observation(patient)).post("/fhir/Observation"));
        String mine = id(as(south).body(patient("male")).post("/fhir/Patient"));
        String derived = observation(mine)
                .replaceFirst("\\{", "{\"derivedFrom\":[{\"reference\":\"Observation/" + other + "\"}],");
        String own = id(as(Tokens.service()).body(derived).post("/fhir/Observation"));
        // When
        Response put = as(south)
                .body(derived.replace("final", "amended").replaceFirst("\\{", "{\"id\":\"" + own + "\","))
                .put("/fhir/Observation/" + own);
        Response patched = as(south)
                .contentType("application/merge-patch+json")
                .body("{\"status\":\"corrected\"}")
                .patch("/fhir/Observation/" + own);
        // Then
        assertThat(put.statusCode()).as(put.asString()).isEqualTo(200);
        assertThat(patched.statusCode()).as(patched.asString()).isEqualTo(200);
    }

    @Test
    void whatIsShownMayBeReferredToAndSoMayWhatTheSameTransactionWrites() {
        // Given
        String mine = id(as(south).body(patient("male")).post("/fhir/Patient"));
        String own = id(as(south).body(observation(mine)).post("/fhir/Observation"));
        String writes = Tokens.token("south-" + run, "coordinator", "south-" + run, "system/Observation.c");
        String first = "urn:uuid:0d5ec44a-7f5a-4f1c-8c0b-0c9c6f6f1f11";
        // When
        Response shown = send("POST /Observation {O,'subject':{'reference':'Patient/" + mine
                + "'},'derivedFrom':[{'reference':'Observation/" + own
                + "'}],'encounter':{'reference':'Encounter/of-south-"
                + run + "-1'}}");
        Response together = as(writes)
                .body("""
                        {"resourceType":"Bundle","type":"transaction","entry":[
                         {"resource":%s,"request":{"method":"POST","url":"Observation"}},
                         {"fullUrl":"%s","resource":%s,"request":{"method":"POST","url":"Observation"}}]}""".formatted(
                        observation(mine).replaceFirst("\\{", "{\"derivedFrom\":[{\"reference\":\"" + first + "\"}],"),
                        first,
                        observation(mine)))
                .post("/fhir");
        Response alone = as(writes)
                .body(observation(mine)
                        .replaceFirst("\\{", "{\"derivedFrom\":[{\"reference\":\"Observation/" + own + "\"}],"))
                .post("/fhir/Observation");
        // Then
        assertThat(shown.statusCode()).as(shown.asString()).isEqualTo(201);
        assertThat(together.statusCode()).as(together.asString()).isEqualTo(200);
        assertThat(alone.statusCode()).as(alone.asString()).isEqualTo(201);
    }

    private static String id(Response made) {
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        return made.path("id");
    }

    private static String observation(String patient) {
        return """
                {"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/%s"}}""".formatted(patient);
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
