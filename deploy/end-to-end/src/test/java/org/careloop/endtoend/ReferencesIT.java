package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;

/** What one service stores refers to what is in another, or will be there at the same moment. */
class ReferencesIT {

    private static final String EHR = "riverside-ehr";
    private static final String PLATFORM = "careloop-transitions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void referenceToWhatNoServiceHasIsRefused() throws IOException {
        // When
        Answer answer = users.post(EHR, JSON.readTree(request("Patient/none-" + mark)));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(expressions(answer.json())).containsExactly("ServiceRequest.subject");
    }

    @Test
    void referenceToWhatAnotherServiceHasIsTaken() throws IOException {
        // Given
        String patient = users.post(EHR, JSON.readTree("{\"resourceType\":\"Patient\"}"))
                .json()
                .path("id")
                .asText();
        // When
        Answer answer = users.post(EHR, JSON.readTree(request("Patient/" + patient)));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /** Whether it is in another organisation's record, or is one. */
    @Test
    void whatAnotherOrganizationHasIsNotThere() throws IOException {
        // Given
        String theirs = made(PLATFORM, "{\"resourceType\":\"Patient\"}");
        String condition = made(
                PLATFORM, "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + theirs + "\"}}");
        String own = made(EHR, "{\"resourceType\":\"Patient\"}");
        String reason = request("Patient/" + own)
                .replaceFirst("\\{", "{\"reasonReference\":[{\"reference\":\"Condition/REASON\"}],");
        // When
        Answer intoTheirs = users.post(EHR, JSON.readTree(request("Patient/" + theirs)));
        Answer intoNone = users.post(EHR, JSON.readTree(request("Patient/none-" + mark)));
        Answer toTheirs = users.post(EHR, JSON.readTree(reason.replace("REASON", condition)));
        Answer toNone = users.post(EHR, JSON.readTree(reason.replace("REASON", "none-" + mark)));
        // Then
        assertThat(intoTheirs.status()).as(intoTheirs.text()).isEqualTo(422);
        assertThat(intoTheirs.text()).isEqualTo(intoNone.text());
        assertThat(toTheirs.status()).as(toTheirs.text()).isEqualTo(422);
        assertThat(toTheirs.text()).isEqualTo(toNone.text());
    }

    private String made(String client, String resource) throws IOException {
        Answer answer = users.post(client, JSON.readTree(resource));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    @Test
    void entriesThatSeveralServicesMakeReferToEachOther() {
        // When
        Answer answer = users.transaction(EHR, """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient",
                  "generalPractitioner":[{"reference":"urn:uuid:22222222-2222-4222-8222-222222222222"}]},
                  "request":{"method":"POST","url":"Patient"}},
                 {"fullUrl":"urn:uuid:22222222-2222-4222-8222-222222222222","resource":{"resourceType":"Practitioner","active":true},
                  "request":{"method":"POST","url":"Practitioner"}},
                 {"resource":%s,"request":{"method":"POST","url":"ServiceRequest"}}]}""".formatted(request("urn:uuid:11111111-1111-4111-8111-111111111111")));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static List<String> expressions(JsonNode outcome) {
        return StreamSupport.stream(outcome.path("issue").spliterator(), false)
                .map(issue -> issue.path("expression").path(0).asText())
                .toList();
    }

    private static String request(String subject) {
        return """
                {"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"%s"},
                 "requester":{"reference":"Organization/riverside-clinic"}}""".formatted(subject);
    }
}
