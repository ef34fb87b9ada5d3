package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.RecordReferences;
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
}
