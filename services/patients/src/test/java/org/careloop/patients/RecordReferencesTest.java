package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.RecordReferences;
import org.careloop.fhirstore.internal.RecordReferences.Changed;
import org.junit.jupiter.api.Test;

/** The references to patients in stored JSON. */
class RecordReferencesTest {

    private static final byte[] TASK = json("""
            {"resourceType":"Task","for":{"reference":"Patient/a"},"requester":{"reference":"Organization/a"},
             "input":[{"valueReference":{"reference":"Patient/b"}},{"valueReference":{"reference":"Patient/a"}}],
             "output":[{"valueReference":{"reference":"Patient/a/_history/2"}},{"valueString":"Patient/a"}],
             "owner":{"reference":"https://elsewhere.example.org/fhir/Patient/a"},
             "contained":[{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/a"}}]}""");

    @Test
    void everyReferenceToThePersonIsTurnedAndNoneToAVersionOrElsewhere() {
        // When
        Changed changed = RecordReferences.turned(TASK, Map.of("a", "b"));
        // Then
        assertThat(changed.pointers())
                .containsExactlyInAnyOrder("/for", "/input/1/valueReference", "/contained/0/subject");
        assertThat(text(changed))
                .contains(
                        "Patient/a/_history/2", "\"valueString\":\"Patient/a\"", "elsewhere.example.org/fhir/Patient/a")
                .doesNotContain("\"reference\":\"Patient/a\"");
        assertThat(RecordReferences.patients(changed.json())).containsExactly("b");
    }

    @Test
    void whatWasTurnedIsTurnedBackAndTheSurvivorsOwnStays() {
        // Given
        Changed turned = RecordReferences.turned(TASK, Map.of("a", "b"));
        // When
        Changed back = RecordReferences.back(turned.json(), Set.of("b"), "a", turned.pointers(), true);
        // Then
        assertThat(back.json())
                .isEqualTo(RecordReferences.turned(TASK, Map.of()).json());
    }

    @Test
    void whereTheContentWasChangedAllGoBackUnlessSomeWereTheSurvivorsOwn() {
        // Given: the place moved from 1 to 0
        byte[] changed = json("{\"input\":[{\"valueReference\":{\"reference\":\"Patient/b\"}}]}");
        // Then
        assertThat(RecordReferences.back(changed, Set.of("b"), "a", List.of("/input/1/valueReference"), false)
                        .pointers())
                .containsExactly("/input/0/valueReference");
        assertThat(RecordReferences.back(changed, Set.of("b"), "a", List.of("/input/1/valueReference"), true)
                        .pointers())
                .isEmpty();
    }

    @Test
    void everyMentionIsNotedAndPatientsThemselvesAreLeft() {
        assertThat(RecordReferences.mentioned("Task", TASK))
                .containsExactlyInAnyOrder(IndexHash.ofTarget("Patient/a"), IndexHash.ofTarget("Patient/b"));
        assertThat(RecordReferences.mentioned("Patient", TASK)).isEmpty();
        assertThat(RecordReferences.mentioned(
                        "Task", json("{\"x\":\"Patient/\",\"y\":\"Patient/" + "z".repeat(65) + "\"}")))
                .isEmpty();
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Changed changed) {
        return new String(changed.json(), StandardCharsets.UTF_8);
    }
}
