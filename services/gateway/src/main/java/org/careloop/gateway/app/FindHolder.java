package org.careloop.gateway.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;

/** Finds the service that holds, or is to hold, a resource of a type that several services hold. */
@Singleton
public class FindHolder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<HttpMethod> BY_CRITERIA = Set.of(HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final Origins origins;
    private final ServiceCalls calls;

    FindHolder(Origins origins, ServiceCalls calls) {
        this.origins = origins;
        this.calls = calls;
    }

    /**
     * Returns the service where {@code type/id} is, or was before it was deleted; empty when it is new. Fails with {@link
     * ProblemCode#UNAVAILABLE} when a service cannot be asked: it might be there.
     */
    public Uni<Optional<String>> of(ResourceKey key, MultiMap caller) {
        return ResolveAcross.inParallel(
                        origins.holdersOf(key.type()),
                        holder -> calls.send(
                                        holder,
                                        HttpMethod.GET,
                                        "/federation/" + key.reference(),
                                        Optional.empty(),
                                        caller)
                                .map(answer -> holds(holder, answer)))
                .map(found -> found.stream().flatMap(Optional::stream).findFirst());
    }

    private static Optional<String> holds(String holder, ServiceCalls.Answer answer) {
        if (answer.status() != 404 && answer.status() >= 300) {
            throw new ServiceCalls.Refused(answer);
        }
        return answer.status() == 404 ? Optional.empty() : Optional.of(holder);
    }

    /**
     * Returns the service beside whose resource the new {@code resource} is to be stored: the one that its first target
     * names. Fails with {@link ProblemCode#INVALID_RESOURCE} when there is no such reference.
     */
    public String besideTarget(String type, Buffer resource) {
        String element = origins.livesWith(type)
                .orElseThrow(() -> new IllegalStateException(type + " is held by several, but lives with nothing"));
        try {
            JsonNode target = JSON.readTree(resource.getBytes()).path(element);
            JsonNode first = target.isArray() ? target.path(0) : target;
            return ResourceKey.parse(first.path("reference").asText())
                    .flatMap(key -> origins.ownerOf(key.type()))
                    .filter(owner -> origins.typesOf(owner).contains(type))
                    .orElseThrow(() -> new FhirProblem(
                            ProblemCode.INVALID_RESOURCE,
                            type + "." + element,
                            type + "." + element
                                    + ": not a reference to a resource of this server (expected: Type/id)"));
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: FHIR R4 JSON)");
        }
    }

    /**
     * Fails with {@link ProblemCode#METHOD_NOT_ALLOWED} for a write by criteria: what matches may be with any holder, and none
     * of them knows of the others'.
     */
    public static void requireNoCriteria(String type, Optional<String> id, HttpMethod method, MultiMap headers) {
        boolean byCriteria = id.isEmpty()
                && (BY_CRITERIA.contains(method)
                        || method.equals(HttpMethod.POST) && headers.contains(FhirHeaders.IF_NONE_EXIST));
        if (byCriteria) {
            throw new FhirProblem(
                    ProblemCode.METHOD_NOT_ALLOWED,
                    "method: not by criteria for this type (expected: " + type + "/id, or no If-None-Exist)");
        }
    }

    /** Any service that holds {@code type}, for requests that all answer alike. */
    public String any(String type) {
        List<String> holders = origins.holdersOf(type);
        return holders.getFirst();
    }
}
