package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;

/** A network is asked; its agency does the work, with what it stores in another service, and who asked learns of it. */
class IndirectReferralIT extends AdaAndBen {

    private static final String AGENCY = "harbor-home-health";

    @Test
    void whatTheAgencyOfANetworkDoesReachesWhoAskedTheNetwork() {
        // Given
        aNetworkWithAnAgency();
        // When
        put("""
                {"resourceType":"ServiceRequest","id":"sr-net-%1$s","status":"active","intent":"order",
                 "subject":{"reference":"Patient/ada-%1$s"},"requester":{"reference":"Organization/riverside-clinic"},
                 "code":{"coding":[{"system":"urn:services","code":"s-%1$s"}]}}""");
        put("""
                {"resourceType":"Task","id":"task-net-%1$s","status":"requested","intent":"order",
                 "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                 "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-net-%1$s"},
                 "for":{"reference":"Patient/ada-%1$s"},"owner":{"reference":"Organization/net-%1$s"},
                 "requester":{"reference":"Organization/riverside-clinic"}}""");
        // Then
        String parts = "Task?part-of=Task/task-net-%s&owner=Organization/%s".formatted(mark, AGENCY);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> found(users.get(AGENCY, parts).json()).size() == 1);
        String part = found(users.get(AGENCY, parts).json()).iterator().next();
        assertThat(users.get(AGENCY, "ServiceRequest/sr-net-" + mark).status()).isEqualTo(404);
        assertThat(users.get(AGENCY, "Task/task-net-" + mark).status()).isEqualTo(404);
        // When
        says(part, "accepted", "");
        String visit = visit();
        says(part, "completed", visit);
        // Then
        await().atMost(Duration.ofSeconds(60))
                .until(() -> users.get(EHR, "Task/task-net-" + mark)
                        .json()
                        .path("status")
                        .asText()
                        .equals("completed"));
        assertThat(users.get(EHR, "Task/task-net-" + mark)
                        .json()
                        .at("/output/0/valueReference/reference")
                        .asText())
                .isEqualTo(visit);
        assertThat(users.get(EHR, "ServiceRequest/sr-net-" + mark)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("completed");
    }

    private void aNetworkWithAnAgency() {
        put("""
                {"resourceType":"Organization","id":"net-%1$s","active":true,"name":"Network %1$s"}""");
        put("""
                {"resourceType":"Endpoint","id":"net-%1$s","status":"active",
                 "connectionType":{"system":"https://careloop.org/fhir/CodeSystem/exchange","code":"indirect"},
                 "managingOrganization":{"reference":"Organization/net-%1$s"},"address":"https://care.example.org/fhir",
                 "payloadType":[{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/exchange","code":"referral-task"}]}]}""");
        put("""
                {"resourceType":"Organization","id":"harbor-home-health","active":true,"name":"Harbor Home Health"}""");
        put("""
                {"resourceType":"HealthcareService","id":"hs-%1$s","active":true,
                 "providedBy":{"reference":"Organization/harbor-home-health"},
                 "type":[{"coding":[{"system":"urn:services","code":"s-%1$s"}]}]}""");
    }

    private void says(String part, String status, String output) {
        Answer current = users.get(AGENCY, part);
        ObjectNode task = (ObjectNode) current.json();
        task.put("status", status);
        if (!output.isEmpty()) {
            ObjectNode result = task.putArray("output").addObject();
            result.putObject("type").put("text", "Resulting activity");
            result.putObject("valueReference").put("reference", output);
        }
        Answer answer = users.put(AGENCY, task, current.eTag());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** The record is open to the agency a moment after it has accepted. */
    private String visit() {
        JsonNode procedure = parse("""
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"Patient/ada-%s"},
                 "code":{"text":"Visit"},"performer":[{"actor":{"reference":"Organization/harbor-home-health"}}]}""".formatted(mark));
        String[] id = new String[1];
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            Answer answer = users.post(AGENCY, procedure);
            id[0] = answer.json().path("id").asText();
            return answer.status() == 201;
        });
        return "Procedure/" + id[0];
    }
}
