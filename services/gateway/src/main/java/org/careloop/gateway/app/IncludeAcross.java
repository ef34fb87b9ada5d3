package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.ServiceShare.Piece;

/**
 * Adds to a page what its matches refer to and what refers to them, step by step where an include iterates. All services
 * are asked at once in each step, and each resource is added once, so cycles end by themselves.
 */
@Singleton
public class IncludeAcross {

    private final Origins origins;
    private final ServiceCalls calls;
    private final GatewayConfig config;

    IncludeAcross(Origins origins, ServiceCalls calls, GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.config = config;
    }

    /** What was found so far, and where the next step starts: the keys that are new, and what they refer to. */
    private record Progress(List<Piece> added, Set<Long> seen, Set<Long> fresh, List<ServiceShare> told, int depth) {}

    /**
     * Returns what is added to the {@code shown} matches. Fails with {@link ProblemCode#TOO_COSTLY} when that is more, or
     * takes more steps, than configured.
     *
     * @param leads that the services have not followed themselves
     * @param shares of the services, which tell to what the matches refer
     * @param caller the headers of the client's request
     */
    Uni<List<Piece>> handle(
            Question question, MergedPage page, List<Lead> leads, List<ServiceShare> shares, MultiMap caller) {
        Set<Long> shown =
                page.matches().stream().map(piece -> piece.entry().key()).collect(Collectors.toSet());
        Progress start = new Progress(new ArrayList<>(), new HashSet<>(shown), shown, shares, 0);
        keep(start, page.included());
        return leads.isEmpty() || shown.isEmpty()
                ? Uni.createFrom().item(start.added())
                : step(question, leads, start, caller);
    }

    private Uni<List<Piece>> step(Question question, List<Lead> leads, Progress progress, MultiMap caller) {
        List<Lead> iterating = leads.stream().filter(Lead::iterates).toList();
        Set<Long> told = iterating.stream()
                .filter(Lead::isForward)
                .map(lead -> lead.include().key())
                .collect(Collectors.toUnmodifiableSet());
        List<Asked> asked = asked(leads, progress);
        return ResolveAcross.inParallel(asked, each -> ask(question, each, told, caller))
                .chain(found -> {
                    Set<Long> fresh = new HashSet<>();
                    found.forEach(share -> fresh.addAll(keep(progress, share.pieces())));
                    if (fresh.isEmpty() || iterating.isEmpty()) {
                        return Uni.createFrom().item(progress.added());
                    }
                    if (progress.depth() == config.maxIncludeDepth()) {
                        throw new FhirProblem(
                                ProblemCode.TOO_COSTLY,
                                "_include, _revinclude: iterates too deep (expected: at most "
                                        + config.maxIncludeDepth() + " steps)");
                    }
                    return step(
                            question,
                            iterating,
                            new Progress(progress.added(), progress.seen(), fresh, found, progress.depth() + 1),
                            caller);
                });
    }

    private record Asked(String service, Set<String> types, Condition wanted) {}

    /** What leads to the same types is asked for together. */
    private List<Asked> asked(List<Lead> leads, Progress progress) {
        Map<Set<String>, Set<Long>> targets = new HashMap<>();
        List<Asked> asked = new ArrayList<>();
        for (Lead lead : leads) {
            if (lead.isForward()) {
                Set<Long> keys = targets.computeIfAbsent(lead.types(), types -> new HashSet<>());
                progress.told()
                        .forEach(share ->
                                keys.addAll(share.targets(lead.include().key())));
            } else {
                of(lead.types(), new Condition.RefersTo(lead.include().key(), progress.fresh()), asked);
            }
        }
        targets.forEach((types, keys) -> {
            keys.removeAll(progress.seen());
            if (!keys.isEmpty()) {
                of(types, new Condition.HasKey(keys), asked);
            }
        });
        return asked;
    }

    private void of(Set<String> types, Condition wanted, List<Asked> asked) {
        for (String service : origins.services()) {
            Set<String> held =
                    types.stream().filter(origins.typesOf(service)::contains).collect(Collectors.toUnmodifiableSet());
            if (!held.isEmpty()) {
                asked.add(new Asked(service, held, wanted));
            }
        }
    }

    private Uni<ServiceShare> ask(Question question, Asked asked, Set<Long> told, MultiMap caller) {
        SearchRequest there = SearchRequest.all(asked.types(), asked.wanted(), config.maxIncluded())
                .withApplied(question.shape());
        FederatedSearch search = new FederatedSearch(there, FederatedSearch.Answer.INCLUDED, told);
        return calls.ask(
                        asked.service(),
                        HttpMethod.POST,
                        SearchAcross.SEARCH,
                        Optional.of(Buffer.buffer(search.toJson())),
                        caller)
                .map(answer -> ServiceShare.of(asked.service(), answer));
    }

    /** Keeps what was not there; returns the keys of that. */
    private Set<Long> keep(Progress progress, List<Piece> pieces) {
        Set<Long> fresh = new HashSet<>();
        for (Piece piece : pieces) {
            if (progress.seen().add(piece.entry().key())) {
                progress.added().add(piece);
                fresh.add(piece.entry().key());
            }
        }
        if (progress.added().size() > config.maxIncluded()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "_include, _revinclude: too many resources for one page (expected: at most " + config.maxIncluded()
                            + "; a smaller _count helps)");
        }
        return fresh;
    }
}
