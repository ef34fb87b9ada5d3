package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.LenientSearch;
import org.careloop.fhirsearch.QueryParameter;

/** Answers one request from the service that owns it, or out of several; all but Bundles at the base URL. */
@Singleton
public class AnswerWhole {

    /** No dot segment: it would lead out of what the caller asks for. */
    private static final String SEGMENT = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9.$_-]{1,64}";

    private static final Pattern PATH =
            Pattern.compile("(?<type>[A-Z][A-Za-z]{1,63})(?:/(?<id>" + SEGMENT + ")(?:/" + SEGMENT + "){0,2})?");
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Origins origins;
    private final ServiceCalls calls;
    private final SearchAcross searches;
    private final HistoryAcross histories;
    private final FindHolder holders;
    private final CapabilityOfAll capability;

    AnswerWhole(
            Origins origins,
            ServiceCalls calls,
            SearchAcross searches,
            HistoryAcross histories,
            FindHolder holders,
            CapabilityOfAll capability) {
        this.origins = origins;
        this.calls = calls;
        this.searches = searches;
        this.histories = histories;
        this.holders = holders;
        this.capability = capability;
    }

    /** Returns the answer, also that of a failure. */
    public Uni<WholeAnswer> handle(WholeRequest request) {
        return Uni.createFrom().deferred(() -> answer(request)).onFailure().recoverWithItem(WholeAnswer::of);
    }

    private Uni<WholeAnswer> answer(WholeRequest request) {
        boolean reads = READING.contains(request.method());
        List<QueryParameter> query = QueryParameter.parse(request.query());
        if (reads && request.path().equals("metadata")) {
            return capability.handle().map(WholeAnswer::ok);
        }
        if (reads && request.path().equals("_history")) {
            return histories.handle(origins.types(), query, request.headers()).map(WholeAnswer::ok);
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches() || origins.holdersOf(path.group("type")).isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.UNKNOWN_TYPE,
                    "URL: nothing here (expected: a type that the capability statement lists)");
        }
        String type = path.group("type");
        Optional<String> id = Optional.ofNullable(path.group("id"));
        if (reads && id.isEmpty()) {
            return search(request, type, query);
        }
        if (request.method().equals(HttpMethod.POST) && id.equals(Optional.of("_search"))) {
            List<QueryParameter> parameters = new ArrayList<>(query);
            parameters.addAll(QueryParameter.parse(request.body()
                    .map(form -> form.toString(StandardCharsets.UTF_8))
                    .orElse("")));
            return search(request, type, parameters);
        }
        if (origins.ownerOf(type).isPresent()) {
            return calls.whole(origins.ownerOf(type).get(), request);
        }
        return reads && id.equals(Optional.of("_history"))
                ? histories.handle(Set.of(type), query, request.headers()).map(WholeAnswer::ok)
                : ofSeveralHolders(request, type, id);
    }

    private Uni<WholeAnswer> search(WholeRequest request, String type, List<QueryParameter> parameters) {
        Optional<String> prefer = Optional.ofNullable(request.headers().get(FhirHeaders.PREFER));
        return searches.crossing(type, LenientSearch.applied(prefer, type, parameters))
                .map(question -> searches.handle(question, request.headers()).map(WholeAnswer::ok))
                .orElseGet(() -> calls.whole(origins.ownerOf(type).orElseThrow(), request));
    }

    private Uni<WholeAnswer> ofSeveralHolders(WholeRequest request, String type, Optional<String> id) {
        Uni<Optional<String>> found = id.filter(name -> !name.startsWith("$") && !name.startsWith("_"))
                .map(name -> holders.of(ResourceKey.of(type, name), request.headers()))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
        boolean mayBeNew = request.method().equals(HttpMethod.POST) && id.isEmpty()
                || request.method().equals(HttpMethod.PUT);
        return found.map(holder -> holder.orElseGet(() -> mayBeNew
                        ? holders.besideTarget(type, request.body().orElseGet(Buffer::buffer))
                        : holders.any(type)))
                .chain(service -> calls.whole(service, request));
    }
}
