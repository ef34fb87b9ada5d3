package org.careloop.gateway.app;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.EscapedUri;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.gateway.GatewayConfig;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryRequestComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;

/**
 * Runs the entries of a batch, each by itself and some at once: what one of them does or fails to do says nothing of the
 * others.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 batch</a>
 */
@Singleton
public class RunBatch {

    private static final int AT_ONCE = 8;
    private static final String MINIMAL = "return=minimal";

    private record Done(int place, Buffer entry) {}

    private final Vertx vertx;
    private final AnswerWhole answerWhole;
    private final GatewayConfig config;

    RunBatch(Vertx vertx, AnswerWhole answerWhole, GatewayConfig config) {
        this.vertx = vertx;
        this.answerWhole = answerWhole;
        this.config = config;
    }

    /**
     * Returns the batch-response, an entry for each of {@code bundle}'s. Fails with {@link ProblemCode#TOO_COSTLY} when there
     * are more than the configured number.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Bundle bundle, MultiMap caller) {
        List<BundleEntryComponent> entries = bundle.getEntry();
        if (entries.size() > config.maxBatchEntries()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "Bundle.entry",
                    "Bundle.entry: too many (expected: at most " + config.maxBatchEntries() + ")");
        }
        return entries(IntStream.range(0, entries.size()).boxed().toList(), bundle, caller)
                .map(RunBatch::bundle);
    }

    /** Returns the entries of the answer that tell what became of those at {@code places}. */
    Uni<SortedMap<Integer, Buffer>> entries(List<Integer> places, Bundle bundle, MultiMap caller) {
        return Multi.createFrom()
                .iterable(places)
                .onItem()
                .transformToUni(place ->
                        entry(place, bundle.getEntry().get(place), caller).map(done -> new Done(place, done)))
                .merge(AT_ONCE)
                .collect()
                .in(TreeMap::new, (done, each) -> done.put(each.place(), each.entry()));
    }

    private static Buffer bundle(SortedMap<Integer, Buffer> done) {
        Buffer bundle = Buffer.buffer("{\"resourceType\":\"Bundle\",\"type\":\"batch-response\"");
        boolean any = false;
        for (Buffer each : done.values()) {
            bundle.appendString(any ? "," : ",\"entry\":[").appendBuffer(each);
            any = true;
        }
        return bundle.appendString(any ? "]}" : "}");
    }

    private Uni<Buffer> entry(int place, BundleEntryComponent entry, MultiMap caller) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(() -> request(place, entry, caller), false)
                        .toCompletionStage())
                .chain(answerWhole::handle)
                .onFailure()
                .recoverWithItem(WholeAnswer::of)
                .map(RunBatch::answer);
    }

    private WholeRequest request(int place, BundleEntryComponent entry, MultiMap caller) {
        BundleEntryRequestComponent request = entry.getRequest();
        if (request.getMethod() == null || !request.hasUrl()) {
            String path = "Bundle.entry[" + place + "].request";
            throw new FhirProblem(
                    ProblemCode.INVALID_RESOURCE, path, path + ": method or url missing (expected: both)");
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        ServiceCalls.CARRIED.stream().filter(caller::contains).forEach(name -> headers.set(name, caller.get(name)));
        boolean reads = request.getMethod() == HTTPVerb.GET || request.getMethod() == HTTPVerb.HEAD;
        if (!reads && !caller.contains(FhirHeaders.PREFER)) {
            headers.set(FhirHeaders.PREFER, MINIMAL);
        }
        set(headers, FhirHeaders.IF_MATCH, request.getIfMatch());
        set(headers, FhirHeaders.IF_NONE_EXIST, request.getIfNoneExist());
        set(headers, "If-None-Match", request.getIfNoneMatch());
        if (request.hasIfModifiedSince()) {
            headers.set(
                    "If-Modified-Since",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            request.getIfModifiedSince().toInstant().atOffset(java.time.ZoneOffset.UTC)));
        }
        return new WholeRequest(
                HttpMethod.valueOf(request.getMethod().toCode()),
                target(request.getUrl()),
                headers,
                reads ? Optional.empty() : body(entry, headers));
    }

    private static void set(MultiMap headers, String name, String value) {
        if (value != null && value.chars().noneMatch(c -> c < ' ')) {
            headers.set(name, value);
        }
    }

    private static Optional<Buffer> body(BundleEntryComponent entry, MultiMap headers) {
        if (!entry.hasResource()) {
            return Optional.empty();
        }
        if (entry.getRequest().getMethod() == HTTPVerb.PATCH
                && entry.getResource() instanceof Binary binary
                && binary.hasData()) {
            set(headers, "Content-Type", binary.getContentType());
            return Optional.of(Buffer.buffer(binary.getData()));
        }
        headers.set(HttpHeaders.CONTENT_TYPE, FhirJson.MEDIA_TYPE);
        return Optional.of(Buffer.buffer(FhirJson.write(entry.getResource())));
    }

    /** Encodes the query, which a Bundle may hold as people read it. */
    private String target(String url) {
        String base = config.baseUrl() + "/";
        String relative =
                url.startsWith(base) ? url.substring(base.length()) : url.startsWith("/") ? url.substring(1) : url;
        int query = relative.indexOf('?');
        return query < 0
                ? EscapedUri.of(relative)
                : EscapedUri.of(relative.substring(0, query))
                        + QueryParameter.format(QueryParameter.parse(relative.substring(query + 1)));
    }

    private static Buffer answer(WholeAnswer answer) {
        boolean failed = answer.status() >= 400;
        boolean hasBody = answer.body().length() > 0;
        Buffer entry = Buffer.buffer(answer.body().length() + 300).appendString("{");
        if (hasBody && !failed) {
            entry.appendString("\"resource\":").appendBuffer(answer.body()).appendString(",");
        }
        entry.appendString("\"response\":{\"status\":\"" + HttpResponseStatus.valueOf(answer.status()) + "\"");
        member(entry, "location", Optional.ofNullable(answer.headers().get("Location")));
        member(entry, "etag", Optional.ofNullable(answer.headers().get("ETag")));
        member(
                entry,
                "lastModified",
                Optional.ofNullable(answer.headers().get("Last-Modified")).flatMap(RunBatch::instant));
        if (hasBody && failed) {
            entry.appendString(",\"outcome\":").appendBuffer(answer.body());
        }
        return entry.appendString("}}");
    }

    private static void member(Buffer entry, String name, Optional<String> value) {
        value.ifPresent(text -> entry.appendString(",\"" + name + "\":\"")
                .appendString(new String(JsonStringEncoder.getInstance().quoteAsString(text)))
                .appendString("\""));
    }

    private static Optional<String> instant(String httpDate) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate))
                    .toString());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
