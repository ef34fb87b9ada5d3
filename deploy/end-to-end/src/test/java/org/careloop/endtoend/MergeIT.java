package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.careloop.endtoend.RawHttp.Answer;
import org.junit.jupiter.api.Test;

/** Two Patients become one for all services, and two again. */
class MergeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final RawHttp http = WholePlatform.shared().raw("riverside-ehr");

    @Test
    void ordersAndPlansFollowAMergeAndComeBack() {
        // Given
        String source = made("Patient", "{\"resourceType\":\"Patient\",\"gender\":\"female\"}");
        String target = made("Patient", "{\"resourceType\":\"Patient\",\"gender\":\"female\"}");
        String request = made("ServiceRequest", """
                {"resourceType":"ServiceRequest","status":"draft","intent":"order","subject":{"reference":"Patient/%s"},
                 "code":{"text":"Ride"}}""".formatted(source));
        String team = made("CareTeam", """
                {"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/%s"}}""".formatted(source));
        String condition = made("Condition", """
                {"resourceType":"Condition","subject":{"reference":"Patient/%s"}}""".formatted(source));
        // When
        Answer merged = operation("merge", source, target);
        // Then
        assertThat(merged.status()).as(merged.text()).isEqualTo(200);
        isUnder("ServiceRequest", request, target);
        isUnder("CareTeam", team, target);
        isUnder("Condition", condition, target);
        assertThat(http.get("Patient/" + source).json().at("/link/0/type").asText())
                .isEqualTo("replaced-by");
        // When
        Answer unmerged = operation("unmerge", source, target);
        // Then
        assertThat(unmerged.status()).as(unmerged.text()).isEqualTo(200);
        isUnder("ServiceRequest", request, source);
        isUnder("CareTeam", team, source);
        isUnder("Condition", condition, source);
    }

    private String made(String type, String resource) {
        Answer answer = http.send("POST", type, Map.of(), resource);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    private Answer operation(String name, String source, String target) {
        return http.send("POST", "Patient/$" + name, Map.of(), """
                {"resourceType":"Parameters","parameter":[{"name":"source-patient","valueReference":{"reference":"Patient/%s"}},
                {"name":"target-patient","valueReference":{"reference":"Patient/%s"}}]}""".formatted(source, target));
    }

    private void isUnder(String type, String id, String patient) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(http.get(type + "?patient=" + patient)
                                .json()
                                .at("/entry/0/resource/id")
                                .asText())
                        .isEqualTo(id));
    }
}
