package org.careloop.eventcontracts;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;

/**
 * CloudEvents 1.0 in Kafka's binary mode: the envelope as headers, the FHIR resource as the value.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     binding</a>
 */
public final class CloudEventHeaders {

    public static final String ID = "ce_id";
    public static final String TYPE = "ce_type";
    public static final String SOURCE = "ce_source";
    public static final String SUBJECT = "ce_subject";
    public static final String TIME = "ce_time";
    /** Careloop's extension: the version of the resource. */
    public static final String RESOURCE_VERSION = "ce_resourceversion";

    /** Careloop's extension: id of the Organization that made the resource. */
    public static final String AUTHOR = "ce_author";

    public static final String TRACE_PARENT = "traceparent";

    private static final String TYPE_PREFIX = "org.careloop.";

    private CloudEventHeaders() {}

    /** Returns the headers of {@code event} as told by {@code service}. */
    public static Map<String, byte[]> write(ResourceEvent event, String service) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put(ID, event.id().toString());
        headers.put(TYPE, event.type());
        headers.put(SOURCE, "/careloop/" + service);
        headers.put(SUBJECT, event.resource().reference());
        headers.put(TIME, event.occurredAt().toString());
        headers.put("content-type", FhirJson.MEDIA_TYPE);
        headers.put(RESOURCE_VERSION, Long.toString(event.version()));
        event.author().ifPresent(author -> headers.put(AUTHOR, author));
        event.traceParent().ifPresent(parent -> headers.put(TRACE_PARENT, parent));
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        headers.forEach((name, value) -> bytes.put(name, value.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    /**
     * Reads an event back; {@code header} returns a header's bytes or empty. Fails with {@link IllegalArgumentException},
     * which names the header, when one is missing or cannot be read.
     */
    public static ResourceEvent read(Function<String, Optional<byte[]>> header, String key, byte[] payload) {
        String type = read(header, TYPE, Function.identity());
        int dot = type.lastIndexOf('.');
        if (!type.startsWith(TYPE_PREFIX) || dot < TYPE_PREFIX.length()) {
            throw new IllegalArgumentException(TYPE + ": not an event of this platform");
        }
        return new ResourceEvent(
                read(header, ID, UUID::fromString),
                read(header, SUBJECT, subject -> ResourceKey.parse(subject).orElseThrow()),
                read(header, TYPE, ignored -> Change.of(type.substring(dot + 1))),
                read(header, RESOURCE_VERSION, Long::parseLong),
                read(header, TIME, Instant::parse),
                key,
                text(header, AUTHOR),
                text(header, TRACE_PARENT),
                payload);
    }

    private static Optional<String> text(Function<String, Optional<byte[]>> header, String name) {
        return header.apply(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static <T> T read(Function<String, Optional<byte[]>> header, String name, Function<String, T> reader) {
        String text = text(header, name).orElseThrow(() -> new IllegalArgumentException(name + ": header is missing"));
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException | NoSuchElementException e) {
            throw new IllegalArgumentException(name + ": header cannot be read");
        }
    }
}
