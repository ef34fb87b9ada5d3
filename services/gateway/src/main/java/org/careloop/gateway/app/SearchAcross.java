package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.FederatedSearch.Answer;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Include;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.ServiceShare.Piece;

/**
 * Answers searches that one service cannot answer alone: chains, {@code _has} and includes that lead to another service,
 * searches of several types, and types that several services hold. What may be shown, each service decides by the caller's
 * own token; a service that has nothing open for the caller adds nothing.
 */
@Singleton
public class SearchAcross {

    static final String SEARCH = "/federation/search";

    private final ReadQuestion read;
    private final Origins origins;
    private final ServiceCalls calls;
    private final ResolveAcross resolve;
    private final IncludeAcross includes;
    private final PageLinks pageLinks;
    private final GatewayConfig config;

    SearchAcross(
            ReadQuestion read,
            Origins origins,
            ServiceCalls calls,
            ResolveAcross resolve,
            IncludeAcross includes,
            PageLinks pageLinks,
            GatewayConfig config) {
        this.read = read;
        this.origins = origins;
        this.calls = calls;
        this.resolve = resolve;
        this.includes = includes;
        this.pageLinks = pageLinks;
        this.config = config;
    }

    /**
     * Returns the question when {@code type}, which some service holds, is to be searched across services; empty when its
     * owner answers alone. Fails as the owner would when the query cannot be read.
     *
     * @param parameters those of an opened link, or of the request
     */
    public Optional<Question> crossing(String type, List<QueryParameter> parameters) {
        Optional<String> owner = origins.ownerOf(type);
        if (owner.isPresent() && parameters.stream().noneMatch(SearchAcross::mayLead)) {
            return Optional.empty();
        }
        SearchRequest request = read.ofType(type, MergedCursor.without(parameters));
        boolean leaves = owner.isEmpty()
                || resolve.leaves(request.condition(), owner.get())
                || request.includes().stream().anyMatch(include -> leaves(include, owner.get()));
        return leaves
                ? Optional.of(new Question(type, request, List.of(), MergedCursor.of(parameters)))
                : Optional.empty();
    }

    /** A quick look, so that the frequent searches are not parsed twice. */
    private static boolean mayLead(QueryParameter parameter) {
        String name = parameter.name();
        return name.indexOf('.') >= 0
                || name.startsWith("_has")
                || name.startsWith("_include")
                || name.startsWith("_revinclude");
    }

    /** Who iterates may come back, so that is never left to one service; nor is what leads to types that nobody holds. */
    private boolean leaves(Include include, String owner) {
        return include.iterate()
                || led(include).isEmpty()
                || led(include).stream().anyMatch(type -> !origins.ownerOf(type).equals(Optional.of(owner)));
    }

    /** The types that {@code include} may add; a reference whose definition names no types may lead to any. */
    private Set<String> led(Include include) {
        if (include.equals(Include.ALL_OF_ALL)) {
            return origins.types();
        }
        if (include.reverse()) {
            return Set.of(include.source());
        }
        Set<String> targets = include.target()
                .map(Set::of)
                .orElseGet(() -> SearchParameters.find(include.source(), include.parameter())
                        .orElseThrow()
                        .targets());
        return targets.isEmpty()
                ? origins.types()
                : targets.stream().filter(origins.types()::contains).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the searchset.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Question question, MultiMap caller) {
        List<String> holders = holders(question);
        List<Include> own = own(question, holders);
        List<Lead> leads = Stream.concat(
                        question.request().includes().stream()
                                .filter(include ->
                                        !own.contains(include) && !led(include).isEmpty())
                                .map(include -> new Lead(include, led(include))),
                        question.added().stream())
                .toList();
        Set<Long> told = leads.stream()
                .filter(Lead::isForward)
                .map(lead -> lead.include().key())
                .collect(Collectors.toUnmodifiableSet());
        return shares(question, holders, own, told, caller).chain(shares -> {
            MergedPage page = MergedPage.of(question, shares);
            return includes.handle(question, page, leads, shares, caller)
                    .map(included -> bundle(question, page, included, ServiceCalls.token(caller)));
        });
    }

    /** The services that hold some of what is searched, in a fixed order. */
    private List<String> holders(Question question) {
        return origins.services().stream()
                .filter(service -> question.request().types().stream().anyMatch(origins.typesOf(service)::contains))
                .sorted()
                .toList();
    }

    /** The includes that the one service which is searched follows itself: of what others hold nothing goes missing. */
    private List<Include> own(Question question, List<String> holders) {
        List<Include> all = question.request().includes();
        return holders.size() > 1 || all.stream().anyMatch(Include::iterate)
                ? List.of()
                : all.stream()
                        .filter(include -> !leaves(include, holders.getFirst()))
                        .toList();
    }

    /**
     * Returns what of {@code type} matches {@code criteria}, as far as the caller may see it: one or none. Fails with {@link
     * ProblemCode#MULTIPLE_MATCHES} when there are several.
     */
    public Uni<Optional<ResourceKey>> findOne(String type, List<QueryParameter> criteria, MultiMap caller) {
        Question question = new Question(type, read.ofType(type, criteria).withCount(2), List.of(), MergedCursor.START);
        return shares(question, holders(question), List.of(), Set.of(), caller).map(shares -> {
            List<Piece> found =
                    shares.stream().flatMap(share -> share.pieces().stream()).toList();
            if (found.size() > 1) {
                throw new FhirProblem(
                        ProblemCode.MULTIPLE_MATCHES, "criteria: several resources match (expected: at most one)");
            }
            return found.stream()
                    .findFirst()
                    .map(piece ->
                            ResourceKey.of(piece.entry().type(), piece.entry().id()));
        });
    }

    private Uni<List<ServiceShare>> shares(
            Question question, List<String> holders, List<Include> own, Set<Long> told, MultiMap caller) {
        return OpenWays.of(holders.stream()
                .map(holder -> share(question, holder, own, told, caller))
                .toList());
    }

    private Uni<ServiceShare> share(
            Question question, String holder, List<Include> own, Set<Long> told, MultiMap caller) {
        SearchRequest request = question.request();
        Set<String> types = request.types().stream()
                .filter(origins.typesOf(holder)::contains)
                .collect(Collectors.toUnmodifiableSet());
        return resolve.handle(request.condition(), holder, caller)
                .map(condition -> request.of(types)
                        .withCondition(condition)
                        .withIncludes(own)
                        .from(question.cursor().of(holder)))
                .map(here -> new FederatedSearch(here, Answer.PAGE, told))
                .chain(search ->
                        calls.ask(holder, HttpMethod.POST, SEARCH, Optional.of(Buffer.buffer(search.toJson())), caller))
                .map(answer -> ServiceShare.of(holder, answer));
    }

    private Buffer bundle(Question question, MergedPage page, List<Piece> included, String token) {
        List<QueryParameter> applied = question.request().applied();
        String url = config.baseUrl() + (question.path().isEmpty() ? "" : "/" + question.path());
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", url + QueryParameter.format(applied));
        page.next().ifPresent(next -> {
            List<QueryParameter> asked = new ArrayList<>(applied);
            asked.add(new QueryParameter(SearchParser.CURSOR, next.toString()));
            links.put("next", url + pageLinks.seal(question.path(), token, asked));
        });
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("searchset", page.total(), links));
        boolean any = false;
        for (Piece piece :
                Stream.concat(page.matches().stream(), included.stream()).toList()) {
            bundle.appendString(any ? "," : BundleText.FIRST_ENTRY).appendBuffer(piece.bytes());
            any = true;
        }
        return bundle.appendString(any ? BundleText.END : "}");
    }
}
