package org.careloop.fhirsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a match was sorted by, one text for each key, as a cursor carries it: characters that need no escape in a link. */
public final class SortValues {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SortValues() {}

    /** Writes the values; null stands for one that the match does not have. */
    public static String write(List<@Nullable String> values) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written", e);
        }
    }

    /** Reads what {@link #write} wrote for {@code count} keys; empty when it is something else. */
    public static Optional<List<@Nullable String>> read(String text, int count) {
        try {
            @Nullable String[] values = JSON.readValue(Base64.getUrlDecoder().decode(text), String[].class);
            return values != null && values.length == count ? Optional.of(Arrays.asList(values)) : Optional.empty();
        } catch (IllegalArgumentException | IOException e) {
            return Optional.empty();
        }
    }
}
