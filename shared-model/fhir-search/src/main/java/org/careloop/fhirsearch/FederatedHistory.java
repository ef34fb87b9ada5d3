package org.careloop.fhirsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * How a service answers a {@link HistoryRequest} that the gateway merges with those of others: this as one line of JSON,
 * then the entries' bytes, one after the other.
 *
 * @param more whether versions are left for a next page
 */
public record FederatedHistory(boolean more, List<Entry> entries) {

    /**
     * One entry of a history Bundle.
     *
     * @param cursor its place among all versions
     * @param length of its bytes
     */
    public record Entry(HistoryRequest.Cursor cursor, int length) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** Writes the question for a service. */
    public static byte[] ask(HistoryRequest request) {
        return write(request);
    }

    /** Reads what {@link #ask} wrote; fails with {@link ProblemCode#MALFORMED_BODY}. */
    public static HistoryRequest asked(byte[] body) {
        try {
            return JSON.readValue(body, HistoryRequest.class);
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: expected: a history request of the gateway");
        }
    }

    /** Writes the line, with its end. */
    public byte[] toLine() {
        return (new String(write(this), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the line that {@code answer} starts with; fails with {@link ProblemCode#INTERNAL} when it is not one. */
    public static FederatedHistory parse(byte[] answer) {
        try {
            return JSON.readValue(answer, FederatedHistory.class);
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.INTERNAL, "service: unknown answer");
        }
    }

    private static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of this module can be written", e);
        }
    }
}
