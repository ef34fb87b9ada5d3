package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Searches that lead from one service to another, and a type that all of them hold: an EHR does not notice that there are
 * several services.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4 chained parameters</a>
 */
class OneServerIT {

    private static final String EHR = "riverside-ehr";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void twoPatientsOneWithAReferral() {
        put("""
                {"resourceType":"Patient","id":"ada-%1$s","identifier":[{"system":"urn:mrn","value":"ada-%1$s"}],
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

    @ParameterizedTest
    @CsvSource({
        "Task?patient.identifier=urn:mrn%7Cada-{m}, Task/task-{m}",
        "Task?patient.identifier=urn:mrn%7Cother-{m}, ''",
        "Task?subject:Patient.family=ada{m}&owner=Organization/org-{m}, Task/task-{m}",
        "Task?focus:ServiceRequest.subject:Patient.family=Ada{m}, Task/task-{m}",
        "Condition?subject:Patient._has:Task:patient:owner:Organization.name=Agency {m}, Condition/condition-{m}",
        "Patient?_has:Task:patient:owner=Organization/org-{m}, Patient/ada-{m}",
        "Patient?_has:Task:patient:owner=Organization/org-{m}&family=Ben{m}, ''",
        "Patient?family=Ada{m}&_revinclude=Task:patient, Patient/ada-{m} Task/task-{m}",
        "Task?_id=task-{m}&_include=Task:patient&_include=Task:focus,"
                + " Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}"
    })
    void searchesAcrossServices(String query, String expected) {
        // When
        Answer answer = users.get(EHR, query.replace("{m}", mark).replace(" ", "%20"));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(found(answer.json())).isEqualTo(expected(expected));
    }

    @Test
    void provenanceIsStoredBesideItsTargetAndFoundWhereverItIs() {
        // Given
        String ofPatient = provenanceOf("Patient/ada-" + mark);
        String ofTask = provenanceOf("Task/task-" + mark);
        // When
        JsonNode byTarget =
                users.get(EHR, "Provenance?target=Task/task-" + mark).json();
        JsonNode beside = users.get(
                        EHR, "Task?_id=task-%1$s&_include=Task:patient&_revinclude=Provenance:target".formatted(mark))
                .json();
        // Then
        assertThat(found(byTarget)).containsExactly("Provenance/" + ofTask);
        assertThat(found(beside))
                .containsExactlyInAnyOrder("Task/task-" + mark, "Patient/ada-" + mark, "Provenance/" + ofTask);
        assertThat(users.get(EHR, "Provenance/" + ofPatient).status()).isEqualTo(200);
        assertThat(users.get(EHR, "Provenance/" + ofTask + "/_history/1").status())
                .isEqualTo(200);
        assertThat(users.get(EHR, "Provenance/none-" + mark).status()).isEqualTo(404);
        assertThat(users.get("harbor-home-health", "Provenance/" + ofPatient).status())
                .isEqualTo(403);
    }

    @Test
    void provenanceWithoutTargetHereIsRefusedWithTheElement() {
        // When
        Answer answer = users.post(EHR, provenance("Patient"));
        // Then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/issue/0/expression/0").asText()).isEqualTo("Provenance.target");
    }

    @Test
    void pagesOfSeveralServicesHoldEachResourceOnce() {
        // Given
        Set<String> made = new TreeSet<>();
        for (String target : List.of("Patient/ada-", "Task/task-", "Condition/condition-", "ServiceRequest/sr-")) {
            made.add("Provenance/" + provenanceOf(target + mark));
            made.add("Provenance/" + provenanceOf(target + mark));
        }
        List<String> seen = new ArrayList<>();
        Optional<String> page = Optional.of("Provenance?agent=Organization/org-" + mark + "&_count=3");
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            seen.addAll(found(bundle));
            page = next(bundle);
        }
        // Then
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }

    private void put(String json) {
        JsonNode resource = parse(json.formatted(mark));
        Answer answer = users.put(EHR, resource, Optional.empty());
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    private String provenanceOf(String target) {
        Answer answer = users.post(EHR, provenance(target));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    private JsonNode provenance(String target) {
        return parse("""
                {"resourceType":"Provenance","target":[{"reference":"%s"}],"recorded":"2026-11-24T10:00:00Z",
                 "agent":[{"who":{"reference":"Organization/org-%s"}}]}""".formatted(target, mark));
    }

    private static Set<String> found(JsonNode bundle) {
        Set<String> found = new TreeSet<>();
        bundle.path("entry")
                .forEach(entry -> found.add(entry.at("/resource/resourceType").asText() + "/"
                        + entry.at("/resource/id").asText()));
        assertThat(found).hasSize(bundle.path("entry").size());
        return found;
    }

    private Set<String> expected(String list) {
        Set<String> expected = new TreeSet<>();
        for (String each : list.replace("{m}", mark).split(" ")) {
            if (!each.isEmpty()) {
                expected.add(each);
            }
        }
        return expected;
    }

    private static Optional<String> next(JsonNode bundle) {
        for (JsonNode link : bundle.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                String url = link.path("url").asText();
                return Optional.of(url.substring(url.indexOf("/fhir/") + "/fhir/".length()));
            }
        }
        return Optional.empty();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("the test's own JSON", e);
        }
    }
}
