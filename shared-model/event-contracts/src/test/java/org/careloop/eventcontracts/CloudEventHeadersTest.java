package org.careloop.eventcontracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.careloop.fhirmodel.ResourceKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     binding of CloudEvents</a>
 */
class CloudEventHeadersTest {

    private static final byte[] PAYLOAD = "{\"resourceType\":\"Task\"}".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource(Change.class)
    void readsBackWhatWasWritten(Change change) {
        // Given
        ResourceEvent event = event(change, Optional.of("00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01"));
        // When
        ResourceEvent read = read(CloudEventHeaders.write(event, "referrals"));
        // Then
        assertThat(read).isEqualTo(event);
    }

    @Test
    void writesTheHeadersOfTheBinding() {
        // When
        Map<String, String> headers =
                text(CloudEventHeaders.write(event(Change.UPDATED, Optional.empty()), "referrals"));
        // Then
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "0197a0c2-7c11-7d2b-8a3b-3c6f1a2b4c5d",
                        "ce_type", "org.careloop.Task.updated",
                        "ce_source", "/careloop/referrals",
                        "ce_subject", "Task/t1",
                        "ce_time", "2026-11-20T10:15:30.123Z",
                        "ce_resourceversion", "3",
                        "ce_author", "general-hospital",
                        "content-type", "application/fhir+json"));
    }

    @Test
    void tellsWhatThePayloadMentions() {
        assertThat(event(Change.UPDATED, Optional.empty()).mentions("\"Task\"")).isTrue();
        assertThat(event(Change.UPDATED, Optional.empty()).mentions(SharedTerms.MILESTONE_SYSTEM))
                .isFalse();
    }

    @Test
    void readsAnEventWithoutTrace() {
        // Given
        ResourceEvent event = event(Change.CREATED, Optional.empty());
        // Then
        assertThat(read(CloudEventHeaders.write(event, "referrals")).traceParent())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_id", "ce_type", "ce_subject", "ce_time", "ce_resourceversion"})
    void namesTheHeaderThatIsMissing(String header) {
        // Given
        Map<String, byte[]> headers = CloudEventHeaders.write(event(Change.CREATED, Optional.empty()), "referrals");
        headers.remove(header);
        // Then
        assertThatThrownBy(() -> read(headers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(header + ": header is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "ce_id, Zyxwvut",
        "ce_type, org.other.Task.updated",
        "ce_type, org.careloop.Task",
        "ce_type, org.careloop.",
        "ce_type, org.careloop.Task.Zyxwvut",
        "ce_subject, Zyxwvut",
        "ce_subject, ''",
        "ce_time, Zyxwvut",
        "ce_time, 2026-13-01T00:00:00Z",
        "ce_resourceversion, Zyxwvut",
        "ce_resourceversion, 1.5"
    })
    void namesTheHeaderThatCannotBeReadAndRepeatsNothingOfIt(String header, String value) {
        // Given
        Map<String, byte[]> headers = CloudEventHeaders.write(event(Change.CREATED, Optional.empty()), "referrals");
        headers.put(header, value.getBytes(StandardCharsets.UTF_8));
        // Then
        assertThatThrownBy(() -> read(headers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(header + ": ")
                .hasMessageNotContaining("Zyxwvut");
    }

    private static ResourceEvent event(Change change, Optional<String> trace) {
        return new ResourceEvent(
                UUID.fromString("0197a0c2-7c11-7d2b-8a3b-3c6f1a2b4c5d"),
                ResourceKey.of("Task", "t1"),
                change,
                3,
                Instant.parse("2026-11-20T10:15:30.123Z"),
                "Patient/p1",
                Optional.of("general-hospital"),
                trace,
                PAYLOAD);
    }

    private static ResourceEvent read(Map<String, byte[]> headers) {
        return CloudEventHeaders.read(name -> Optional.ofNullable(headers.get(name)), "Patient/p1", PAYLOAD);
    }

    private static Map<String, String> text(Map<String, byte[]> headers) {
        Map<String, String> text = new HashMap<>();
        headers.forEach((name, value) -> text.put(name, new String(value, StandardCharsets.UTF_8)));
        return text;
    }
}
