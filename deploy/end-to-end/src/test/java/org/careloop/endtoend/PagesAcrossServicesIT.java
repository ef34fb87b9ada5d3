package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of what several services hold: each resource once, in order, by links that serve their caller alone. */
class PagesAcrossServicesIT extends AdaAndBen {

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

    @ParameterizedTest
    @CsvSource({"recorded, 0 1 2 3 4 5", "-recorded, 5 4 3 2 1 0"})
    void pagesOfSeveralServicesComeInTheOrderThatIsAskedFor(String sort, String order) {
        // Given: their times alternate between two services
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ObjectNode provenance = (ObjectNode) provenance((i % 2 == 0 ? "Patient/ada-" : "Task/task-") + mark);
            Answer answer = users.post(EHR, provenance.put("recorded", "2026-11-0" + (i + 1) + "T10:00:00Z"));
            made.add(answer.json().path("id").asText());
        }
        List<String> seen = new ArrayList<>();
        Optional<String> page = Optional.of("Provenance?agent=Organization/org-" + mark + "&_count=2&_sort=" + sort);
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            bundle.path("entry")
                    .forEach(entry -> seen.add(entry.at("/resource/id").asText()));
            page = next(bundle);
        }
        // Then
        assertThat(seen)
                .containsExactlyElementsOf(Arrays.stream(order.split(" "))
                        .map(Integer::parseInt)
                        .map(made::get)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Patient/ada-{m}/*?_count=1",
                "Patient/ada-{m}/$everything?_type=Patient%2CCondition%2CServiceRequest%2CTask&_count=1",
                "?_type=Patient%2CCondition%2CServiceRequest%2CTask"
                        + "&_id=ada-{m}%2Ccondition-{m}%2Csr-{m}%2Ctask-{m}&_count=3",
                "?_type=Patient%2CCondition%2CServiceRequest%2CTask&_sort=-_lastUpdated"
                        + "&_id=ada-{m}%2Ccondition-{m}%2Csr-{m}%2Ctask-{m}&_count=3"
            })
    void pagesOfSeveralTypesHoldEachResourceOnceWhileOthersWrite(String query) {
        // Given
        Optional<String> page = Optional.of(query.replace("{m}", mark));
        List<String> seen = new ArrayList<>();
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            seen.addAll(found(bundle));
            page = next(bundle);
            put("""
                    {"resourceType":"Condition","id":"later-%1$s","subject":{"reference":"Patient/ben-%1$s"},
                     "code":{"text":"pain"}}""");
        }
        // Then
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "Patient/ada-" + mark,
                        "Condition/condition-" + mark,
                        "ServiceRequest/sr-" + mark,
                        "Task/task-" + mark);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Condition?subject=Patient/ada-{m}&_count=1",
                "Task?patient.family=Ada{m}&_count=1",
                "Patient/ada-{m}/*?_count=1",
                "Condition/condition-{m}/_history?_count=1",
                "_history?_count=1"
            })
    void linkToNextPageIsSealedForItsCaller(String query) {
        // Given
        for (String each : List.of("one", "two")) {
            put("""
                    {"resourceType":"Condition","id":"condition-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                     "code":{"text":"EACH"}}""".replace("EACH", each));
            put("""
                    {"resourceType":"Condition","id":"EACH-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                     "code":{"text":"pain"}}""".replace("EACH", each));
            put("""
                    {"resourceType":"Task","id":"task-EACH-%1$s","status":"requested","intent":"order",
                     "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                     "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%1$s"},
                     "for":{"reference":"Patient/ada-%1$s"},"owner":{"reference":"Organization/org-%1$s"},
                     "requester":{"reference":"Organization/riverside-clinic"}}""".replace("EACH", each));
        }
        // When
        String link = next(users.get(EHR, query.replace("{m}", mark)).json()).orElseThrow();
        // Then
        assertThat(link).matches("[^?]*\\?_page=[A-Za-z0-9_-]+");
        assertThat(users.get(EHR, link).status()).isEqualTo(200);
        assertThat(found(users.get(EHR, link).json()).size()).isLessThanOrEqualTo(1);
        assertThat(users.get("supervisor", link).status()).isEqualTo(403);
        char last = link.charAt(link.length() - 10);
        String changed =
                link.substring(0, link.length() - 10) + (last == 'A' ? 'B' : 'A') + link.substring(link.length() - 9);
        assertThat(users.get(EHR, changed).status()).isEqualTo(400);
    }
}
