package org.careloop.eventcontracts;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.careloop.fhirmodel.ResourceKey;

/**
 * A change of one resource. The envelope carries all that relay, inbox, logs and dead letters need; none of them opens
 * the payload, which is health data.
 *
 * @param id names the event for ever; a consumer that has seen it drops the repeat
 * @param version of the resource after the change, counted from 1
 * @param key events of one key are delivered in order: the patient's reference, or the resource's own
 * @param author id of the Organization that made the resource; absent for the platform's own
 * @param traceParent W3C trace context of the request that caused the change
 * @param payload the resource as FHIR JSON, with {@code meta.versionId}
 */
public record ResourceEvent(
        UUID id,
        ResourceKey resource,
        Change change,
        long version,
        Instant occurredAt,
        String key,
        Optional<String> author,
        Optional<String> traceParent,
        byte[] payload) {

    /**
     * Tells whether the payload holds {@code text}, for example the URL of a code system, without reading it as FHIR: what
     * does not mention what a consumer is for need not be parsed. {@code text} has no character that JSON escapes.
     */
    public boolean mentions(String text) {
        return new String(payload, StandardCharsets.ISO_8859_1).contains(text);
    }

    /** The CloudEvents type, for example {@code org.careloop.Task.updated}. */
    public String type() {
        return "org.careloop." + resource.type() + "." + change.word();
    }
}
