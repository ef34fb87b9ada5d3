package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.BeforeEach;

/** Two patients, one of them with a referral to an agency and a condition: told apart from other tests by a mark of their own. */
abstract class AdaAndBen {

    static final String EHR = "riverside-ehr";
    private static final ObjectMapper JSON = new ObjectMapper();

    final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    final String mark = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void twoPatientsOneWithAReferral() {
        put("""
                {"resourceType":"Patient","id":"ada-%1$s","identifier":[{"system":"urn:mrn","value":"mrn-%1$s"}],
                 "name":[{"family":"Ada%1$s"}],"gender":"female"}""");
        put("""
                {"resourceType":"Patient","id":"ben-%1$s","name":[{"family":"Ben%1$s"}],"gender":"male"}""");
        put("""
                {"resourceType":"Organization","id":"org-%1$s","name":"Agency %1$s"}""");
        put("""
                {"resourceType":"ServiceRequest","id":"sr-%1$s","status":"active","intent":"order",
                 "subject":{"reference":"Patient/ada-%1$s"},"requester":{"reference":"Organization/riverside-clinic"},
                 "performer":[{"reference":"Organization/org-%1$s"}]}""");
        put("""
                {"resourceType":"Task","id":"task-%1$s","status":"requested","intent":"order",
                 "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                 "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%1$s"},
                 "for":{"reference":"Patient/ada-%1$s"},"owner":{"reference":"Organization/org-%1$s"},
                 "requester":{"reference":"Organization/riverside-clinic"}}""");
        put("""
                {"resourceType":"Condition","id":"condition-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                 "code":{"text":"pain"}}""");
    }

    void put(String json) {
        JsonNode resource = parse(json.formatted(mark));
        Answer answer = users.put(EHR, resource, Optional.empty());
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    String provenanceOf(String target) {
        Answer answer = users.post(EHR, provenance(target));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    JsonNode provenance(String target) {
        return parse("""
                {"resourceType":"Provenance","target":[{"reference":"%s"}],"recorded":"2026-11-24T10:00:00Z",
                 "agent":[{"who":{"reference":"Organization/org-%s"}}]}""".formatted(target, mark));
    }

    static Set<String> found(JsonNode bundle) {
        Set<String> found = new TreeSet<>();
        bundle.path("entry")
                .forEach(entry -> found.add(entry.at("/resource/resourceType").asText() + "/"
                        + entry.at("/resource/id").asText()));
        assertThat(found).hasSize(bundle.path("entry").size());
        return found;
    }

    static Optional<String> next(JsonNode bundle) {
        for (JsonNode link : bundle.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                String url = link.path("url").asText();
                return Optional.of(
                        url.substring(url.indexOf("/fhir") + "/fhir".length()).replaceFirst("^/", ""));
            }
        }
        return Optional.empty();
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("the test's own JSON", e);
        }
    }
}
