package org.careloop.fhirsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * One service's share of a search that crosses services, as the gateway asks for it. The service applies the caller's
 * access to it as to any search.
 *
 * @param request what to find; leads to no type of another service
 * @param answer what is wanted of the matches
 * @param parameters reference parameters, see {@link IndexHash#ofParameter}: whose targets are wanted
 */
public record FederatedSearch(SearchRequest request, Answer answer, Set<Long> parameters) {

    /** What is wanted of the matches. */
    public enum Answer {
        /** One page of matches, with the targets to which they refer by {@code parameters}. */
        PAGE,
        /** All matches, to be included in an answer about other resources, with their targets as well. */
        INCLUDED,
        /** The keys of all matches, see {@link IndexHash#ofTarget}. */
        KEYS,
        /** The keys of all to which matches refer by {@code parameters}. */
        TARGETS
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** Writes it for the service. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of this module can be written", e);
        }
    }

    /** Reads what {@link #toJson} wrote; fails with {@link ProblemCode#MALFORMED_BODY}. */
    public static FederatedSearch parse(byte[] json) {
        try {
            return JSON.readValue(json, FederatedSearch.class);
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: not a search of the gateway");
        }
    }
}
