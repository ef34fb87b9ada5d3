package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.calleraccess.PageLinks;
import org.careloop.calleraccess.RefusalReport.Origin;
import org.careloop.calleraccess.RefusalReport.Refusal;
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
    private static final Pattern TERMINOLOGY = Pattern.compile("(?:ValueSet|CodeSystem)/[$][a-z-]+");
    private static final int FAULT = 500;
    static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Origins origins;
    private final ServiceCalls calls;
    private final SearchAcross searches;
    private final HistoryAcross histories;
    private final SearchTypes severalTypes;
    private final PatientEverything everything;
    private final FindHolder holders;
    private final CapabilityOfAll capability;
    private final PageLinks pageLinks;
    private final AuditAcross audit;
    private final Refusals refusals;

    AnswerWhole(
            Origins origins,
            ServiceCalls calls,
            SearchAcross searches,
            HistoryAcross histories,
            SearchTypes severalTypes,
            PatientEverything everything,
            FindHolder holders,
            CapabilityOfAll capability,
            PageLinks pageLinks,
            AuditAcross audit,
            Refusals refusals) {
        this.origins = origins;
        this.calls = calls;
        this.searches = searches;
        this.histories = histories;
        this.severalTypes = severalTypes;
        this.everything = everything;
        this.holders = holders;
        this.capability = capability;
        this.pageLinks = pageLinks;
        this.audit = audit;
        this.refusals = refusals;
    }

    /** Returns the answer, also that of a failure. */
    public Uni<WholeAnswer> handle(WholeRequest request) {
        return Uni.createFrom()
                .deferred(() -> answer(request))
                .onFailure(AnswerWhole::isOwnRefusal)
                .recoverWithUni(problem -> refused(request, (FhirProblem) problem))
                .onFailure()
                .recoverWithItem(WholeAnswer::of);
    }

    /** What a service refused is in its trail. */
    private static boolean isOwnRefusal(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code().status() < FAULT;
    }

    private Uni<WholeAnswer> refused(WholeRequest request, FhirProblem problem) {
        Refusal refusal = new Refusal(
                request.method().name(),
                "/fhir/" + request.path(),
                problem.code().status(),
                problem.code().number(),
                1,
                new Origin(
                        request.headers().get(FhirHeaders.CLIENT_ADDRESS),
                        request.headers().get(FhirHeaders.CORRELATION_ID),
                        request.query()),
                ServiceCalls.claims(request.headers()));
        return refusals.tell(refusal).replaceWith(() -> WholeAnswer.of(problem));
    }

    private Uni<WholeAnswer> answer(WholeRequest request) {
        boolean reads = READING.contains(request.method());
        if (reads && request.path().equals("metadata")) {
            return metadata(request);
        }
        if (reads && request.path().equals("_history")) {
            return history(request, origins.types());
        }
        if (request.method().equals(HttpMethod.POST) && request.path().equals(Origins.PROCESS_MESSAGE)) {
            return calls.whole(Origins.INTAKE, request);
        }
        Optional<Uni<WholeAnswer>> ofTheTrail = audit.handle(request);
        if (ofTheTrail.isPresent()) {
            return ofTheTrail.get();
        }
        Optional<Uni<Buffer>> acrossTypes = severalTypes.handle(request).or(() -> everything.handle(request));
        if (acrossTypes.isPresent()) {
            return acrossTypes.get().map(WholeAnswer::ok);
        }
        if (TERMINOLOGY.matcher(request.path()).matches()) {
            return calls.whole(origins.terminology(), request);
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches() || origins.holdersOf(path.group("type")).isEmpty()) {
            throw unknown();
        }
        String type = path.group("type");
        Optional<String> id = Optional.ofNullable(path.group("id"));
        if (id.isEmpty() ? reads : request.method().equals(HttpMethod.POST) && id.equals(Optional.of("_search"))) {
            return search(request, type);
        }
        if (origins.ownerOf(type).isPresent()) {
            return calls.whole(origins.ownerOf(type).get(), request);
        }
        return reads && id.equals(Optional.of("_history"))
                ? history(request, Set.of(type))
                : ofSeveralHolders(request, type, id);
    }

    private Uni<WholeAnswer> metadata(WholeRequest request) {
        String mode = request.parameters().stream()
                .filter(parameter -> parameter.name().equals("mode"))
                .map(QueryParameter::value)
                .findFirst()
                .orElse("full");
        return mode.equals("full") || mode.equals("normative")
                ? capability.handle().map(WholeAnswer::ok)
                : calls.whole(origins.terminology(), request);
    }

    static FhirProblem unknown() {
        return new FhirProblem(
                ProblemCode.UNKNOWN_TYPE, "URL: nothing here (expected: a type that the capability statement lists)");
    }

    private Uni<WholeAnswer> history(WholeRequest request, Set<String> types) {
        return histories.handle(types, request.parameters(), request.headers()).map(WholeAnswer::ok);
    }

    private Uni<WholeAnswer> search(WholeRequest request, String type) {
        Optional<String> prefer = Optional.ofNullable(request.headers().get(FhirHeaders.PREFER));
        List<QueryParameter> parameters =
                pageLinks.opened(type, ServiceCalls.token(request.headers()), request.parameters());
        return searches.crossing(type, LenientSearch.applied(prefer, type, parameters))
                .map(question -> searches.handle(question, request.headers()).map(WholeAnswer::ok))
                .orElseGet(() -> calls.whole(origins.ownerOf(type).orElseThrow(), request));
    }

    private Uni<WholeAnswer> ofSeveralHolders(WholeRequest request, String type, Optional<String> id) {
        FindHolder.requireNoCriteria(type, id, request.method(), request.headers());
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
