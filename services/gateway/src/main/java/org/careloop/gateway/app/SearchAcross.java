package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
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
 * Answers searches that one service cannot answer alone: chains, {@code _has} and includes that lead to another service, and
 * types that several services hold. What may be shown, each service decides by the caller's own token.
 */
@Singleton
public class SearchAcross {

    private static final int DEFAULT_COUNT = 50;
    private static final int LARGEST_COUNT = 500;
    private static final String SEARCH = "/federation/search";

    private final SearchParser parser = new SearchParser(DEFAULT_COUNT, LARGEST_COUNT);
    private final Origins origins;
    private final ServiceCalls calls;
    private final ResolveAcross resolve;
    private final GatewayConfig config;

    SearchAcross(Origins origins, ServiceCalls calls, ResolveAcross resolve, GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.resolve = resolve;
        this.config = config;
    }

    /** What is asked: the search, and where its page starts. */
    public record Question(SearchRequest request, MergedCursor cursor) {}

    /**
     * Returns the question when {@code type}, which some service holds, is to be searched across services; empty when its
     * owner answers alone. Fails as the owner would when the query cannot be read.
     */
    public Optional<Question> crossing(String type, List<QueryParameter> parameters) {
        Optional<String> owner = origins.ownerOf(type);
        if (owner.isPresent() && parameters.stream().noneMatch(SearchAcross::mayLead)) {
            return Optional.empty();
        }
        Optional<String> cursor = Optional.empty();
        List<QueryParameter> others = new ArrayList<>(parameters);
        if (owner.isEmpty()) {
            cursor = parameters.stream()
                    .filter(parameter -> parameter.name().equals(SearchParser.CURSOR))
                    .map(QueryParameter::value)
                    .findFirst();
            others.removeIf(parameter -> parameter.name().equals(SearchParser.CURSOR));
        }
        SearchRequest request = parser.parse(type, others);
        boolean leaves = owner.isEmpty()
                || resolve.leaves(request.condition(), owner.get())
                || request.includes().stream().anyMatch(include -> leaves(include, owner.get()));
        return leaves ? Optional.of(new Question(request, MergedCursor.parse(cursor))) : Optional.empty();
    }

    /** A quick look, so that the frequent searches are not parsed twice. */
    private static boolean mayLead(QueryParameter parameter) {
        String name = parameter.name();
        return name.indexOf('.') >= 0
                || name.startsWith("_has")
                || name.startsWith("_include")
                || name.startsWith("_revinclude");
    }

    private boolean leaves(Include include, String owner) {
        return led(include)
                .filter(origins.types()::contains)
                .anyMatch(type -> !origins.ownerOf(type).equals(Optional.of(owner)));
    }

    /** The types that {@code include} may add; a reference whose definition names no types may lead to any. */
    private Stream<String> led(Include include) {
        if (include.reverse()) {
            return Stream.of(include.source());
        }
        Set<String> targets = include.target()
                .map(Set::of)
                .orElseGet(() -> SearchParameters.find(include.source(), include.parameter())
                        .orElseThrow()
                        .targets());
        return targets.isEmpty() ? origins.types().stream() : targets.stream();
    }

    /**
     * Returns the searchset.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Question question, MultiMap caller) {
        SearchRequest request = question.request();
        List<String> holders = origins.holdersOf(request.onlyType().orElseThrow());
        return ResolveAcross.inParallel(holders, holder -> share(question, holder, caller))
                .chain(shares -> {
                    Page page = Page.merge(question, shares);
                    return include(request, page, shares, caller).map(included -> bundle(question, page, included));
                });
    }

    /**
     * Returns what of {@code type} matches {@code criteria}, as far as the caller may see it: one or none. Fails with {@link
     * ProblemCode#MULTIPLE_MATCHES} when there are several.
     */
    public Uni<Optional<ResourceKey>> findOne(String type, List<QueryParameter> criteria, MultiMap caller) {
        SearchRequest request = parser.parse(type, criteria).withCount(2);
        return ResolveAcross.inParallel(
                        origins.holdersOf(type),
                        holder -> share(new Question(request, MergedCursor.START), holder, caller))
                .map(shares -> {
                    List<Piece> found = shares.stream()
                            .flatMap(share -> share.pieces().stream())
                            .toList();
                    if (found.size() > 1) {
                        throw new FhirProblem(
                                ProblemCode.MULTIPLE_MATCHES,
                                "criteria: several resources match (expected: at most one)");
                    }
                    return found.stream()
                            .findFirst()
                            .map(piece -> ResourceKey.of(
                                    piece.entry().type(), piece.entry().id()));
                });
    }

    private Uni<ServiceShare> share(Question question, String holder, MultiMap caller) {
        SearchRequest request = question.request();
        boolean alone = origins.ownerOf(request.onlyType().orElseThrow()).isPresent();
        List<Include> own = request.includes().stream()
                .filter(include -> alone && !leaves(include, holder))
                .toList();
        Set<Long> told = request.includes().stream()
                .filter(include -> !include.reverse() && !own.contains(include))
                .map(Include::key)
                .collect(Collectors.toUnmodifiableSet());
        return resolve.handle(request.condition(), holder, caller)
                .map(condition -> {
                    SearchRequest here = request.withCondition(condition).withIncludes(own);
                    return alone
                            ? here
                            : here.inOrder(SearchRequest.Order.NEWEST_CHANGED)
                                    .from(question.cursor().of(holder));
                })
                .chain(here -> ask(holder, new FederatedSearch(here, Answer.PAGE, told), caller));
    }

    private Uni<ServiceShare> ask(String service, FederatedSearch search, MultiMap caller) {
        return calls.ask(service, HttpMethod.POST, SEARCH, Optional.of(Buffer.buffer(search.toJson())), caller)
                .map(answer -> ServiceShare.of(service, answer));
    }

    /** The matches of one page out of the shares of all holders, newest first, and what is left. */
    private record Page(List<Piece> matches, List<Piece> included, OptionalLong total, Optional<String> next) {

        static Page merge(Question question, List<ServiceShare> shares) {
            List<Piece> matches = new ArrayList<>();
            List<Piece> included = new ArrayList<>();
            shares.forEach(
                    share -> share.pieces().forEach(piece -> (piece.entry().match() ? matches : included).add(piece)));
            OptionalLong total =
                    shares.stream().allMatch(share -> share.page().total().isPresent())
                            ? OptionalLong.of(shares.stream()
                                    .mapToLong(share -> share.page().total().orElse(0))
                                    .sum())
                            : OptionalLong.empty();
            boolean more = shares.stream().anyMatch(share -> share.page().more());
            if (shares.size() == 1) {
                Optional<String> next =
                        more ? Optional.of(matches.getLast().entry().cursor().toString()) : Optional.empty();
                return new Page(matches, included, total, next);
            }
            matches.sort(Comparator.comparingLong(
                            (Piece piece) -> piece.entry().cursor().changedMicros())
                    .reversed());
            int count = question.request().count();
            List<Piece> shown = matches.subList(0, Math.min(count, matches.size()));
            MergedCursor next = question.cursor();
            for (Piece piece : shown) {
                next = next.after(piece.service(), piece.entry().cursor());
            }
            return new Page(
                    shown,
                    included,
                    total,
                    more || shown.size() < matches.size() ? Optional.of(next.toString()) : Optional.empty());
        }
    }

    private Uni<List<Piece>> include(SearchRequest request, Page page, List<ServiceShare> shares, MultiMap caller) {
        Set<Long> shown =
                page.matches().stream().map(piece -> piece.entry().key()).collect(Collectors.toSet());
        List<Uni<ServiceShare>> asked = new ArrayList<>();
        String owner = shares.size() == 1 ? shares.getFirst().service() : "";
        for (Include include : request.includes()) {
            if (shown.isEmpty() || !owner.isEmpty() && !leaves(include, owner)) {
                continue;
            }
            Condition wanted = include.reverse()
                    ? new Condition.RefersTo(include.key(), shown)
                    : new Condition.HasKey(shares.stream()
                            .flatMap(share -> share.targets(include.key()).stream())
                            .collect(Collectors.toSet()));
            if (wanted instanceof Condition.HasKey keys && keys.anyOf().isEmpty()) {
                continue;
            }
            for (String service : origins.services()) {
                Set<String> types =
                        led(include).filter(origins.typesOf(service)::contains).collect(Collectors.toSet());
                if (!types.isEmpty()) {
                    SearchRequest there = SearchRequest.all(types, wanted, config.maxIncluded());
                    asked.add(ask(service, new FederatedSearch(there, Answer.INCLUDED, Set.of()), caller));
                }
            }
        }
        return ResolveAcross.inParallel(asked, share -> share).map(found -> distinct(page, shown, found));
    }

    private List<Piece> distinct(Page page, Set<Long> shown, List<ServiceShare> found) {
        Set<Long> seen = new HashSet<>(shown);
        List<Piece> distinct = Stream.concat(
                        page.included().stream(), found.stream().flatMap(share -> share.pieces().stream()))
                .filter(piece -> seen.add(piece.entry().key()))
                .toList();
        if (distinct.size() > config.maxIncluded()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "_include, _revinclude: too many resources for one page (expected: at most " + config.maxIncluded()
                            + "; a smaller _count helps)");
        }
        return distinct;
    }

    private Buffer bundle(Question question, Page page, List<Piece> included) {
        SearchRequest request = question.request();
        String self =
                config.baseUrl() + "/" + request.onlyType().orElseThrow() + QueryParameter.format(request.applied());
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", self);
        page.next()
                .ifPresent(next -> links.put(
                        "next", self + (request.applied().isEmpty() ? "?" : "&") + SearchParser.CURSOR + "=" + next));
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
