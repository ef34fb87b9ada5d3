package org.careloop.fhirsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a service answers a {@link FederatedSearch}: this as one line of JSON, then the entries' bytes, one after the other.
 *
 * @param more whether matches are left for a next page
 * @param keys for {@link FederatedSearch.Answer#KEYS} and {@link FederatedSearch.Answer#TARGETS}
 * @param targets for each wanted parameter the keys of what the entries refer to by it
 */
public record FederatedPage(
        OptionalLong total, boolean more, List<Entry> entries, Set<Long> keys, Map<Long, Set<Long>> targets) {

    /**
     * One entry of a searchset Bundle.
     *
     * @param match whether it matched; else it was included
     * @param cursor where a page starts that follows this entry
     * @param length of its bytes
     */
    public record Entry(String type, String id, long key, boolean match, SearchRequest.Cursor cursor, int length) {}

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    /** An answer of keys alone. */
    public static FederatedPage ofKeys(Set<Long> keys) {
        return new FederatedPage(OptionalLong.empty(), false, List.of(), keys, Map.of());
    }

    /** Writes the line, with its end. */
    public byte[] toLine() {
        try {
            return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of this module can be written", e);
        }
    }

    /** Reads the line that {@code answer} starts with; empty when it is not one. */
    public static Optional<FederatedPage> parse(byte[] answer, int length) {
        try {
            return Optional.of(JSON.readValue(answer, 0, length, FederatedPage.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
