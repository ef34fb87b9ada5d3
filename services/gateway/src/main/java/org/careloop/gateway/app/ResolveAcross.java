package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.FederatedSearch.Answer;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.gateway.GatewayConfig;

/**
 * Turns the parts of a condition that lead to other services into keys of resources: each service answers what it holds,
 * as far as the caller may see it, and the service that is searched compares references with the keys.
 */
@Singleton
public class ResolveAcross {

    private final Origins origins;
    private final ServiceCalls calls;
    private final GatewayConfig config;

    ResolveAcross(Origins origins, ServiceCalls calls, GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.config = config;
    }

    /** Tells whether {@code condition} leads to a type that {@code service} does not hold, or not alone. */
    public boolean leaves(Condition condition, String service) {
        return switch (condition) {
            case Condition.Chain chain -> isElsewhere(chain.type(), service) || leaves(chain.target(), service);
            case Condition.ReverseChain chain -> isElsewhere(chain.type(), service) || leaves(chain.source(), service);
            case Condition.AnyOf any -> any.conditions().stream().anyMatch(each -> leaves(each, service));
            case Condition.AllOf all -> all.conditions().stream().anyMatch(each -> leaves(each, service));
            case Condition.Not not -> leaves(not.condition(), service);
            case Condition.HasToken _, Condition.RefersTo _, Condition.HasString _, Condition.HasDate _ -> false;
            case Condition.HasNumber _, Condition.HasId _, Condition.HasKey _, Condition.Changed _ -> false;
            case Condition.GrantedTo _, Condition.MadeBy _, Condition.Consented _, Condition.InPart _ -> false;
            case Condition.InCompartment _, Condition.NamedFor _, Condition.Coded _ -> false;
        };
    }

    /**
     * Returns what {@code service} can answer alone instead of {@code condition}. Fails with {@link ProblemCode#TOO_COSTLY}
     * when a step finds more than the configured number, and as a search of it does when a step leads to a type that is not open
     * to the caller; of alternatives, one that is open is enough.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Condition> handle(Condition condition, String service, MultiMap caller) {
        return switch (condition) {
            case Condition.Chain chain -> chain(chain, service, caller);
            case Condition.ReverseChain chain -> reverseChain(chain, service, caller);
            case Condition.AnyOf any ->
                OpenWays.of(any.conditions().stream()
                                .map(each -> handle(each, service, caller))
                                .toList())
                        .map(Condition.AnyOf::new);
            case Condition.AllOf all -> each(all.conditions(), service, caller).map(Condition.AllOf::new);
            case Condition.Not not -> handle(not.condition(), service, caller).map(Condition.Not::new);
            case Condition.HasToken _, Condition.RefersTo _, Condition.HasString _, Condition.HasDate _ ->
                Uni.createFrom().item(condition);
            case Condition.HasNumber _, Condition.HasId _, Condition.HasKey _, Condition.Changed _ ->
                Uni.createFrom().item(condition);
            case Condition.GrantedTo _, Condition.MadeBy _, Condition.Consented _, Condition.InPart _ ->
                Uni.createFrom().item(condition);
            case Condition.InCompartment _, Condition.NamedFor _, Condition.Coded _ ->
                Uni.createFrom().item(condition);
        };
    }

    private Uni<List<Condition>> each(List<Condition> conditions, String service, MultiMap caller) {
        return inParallel(conditions, condition -> handle(condition, service, caller));
    }

    private Uni<Condition> chain(Condition.Chain chain, String service, MultiMap caller) {
        if (!isElsewhere(chain.type(), service)) {
            return handle(chain.target(), service, caller)
                    .map(target -> new Condition.Chain(chain.parameter(), chain.type(), target));
        }
        return keys(chain.type(), chain.target(), Answer.KEYS, Set.of(), caller)
                .map(keys -> new Condition.RefersTo(chain.parameter(), keys));
    }

    private Uni<Condition> reverseChain(Condition.ReverseChain chain, String service, MultiMap caller) {
        if (!isElsewhere(chain.type(), service)) {
            return handle(chain.source(), service, caller)
                    .map(source -> new Condition.ReverseChain(chain.type(), chain.parameter(), source));
        }
        return keys(chain.type(), chain.source(), Answer.TARGETS, Set.of(chain.parameter()), caller)
                .map(Condition.HasKey::new);
    }

    private Uni<Set<Long>> keys(
            String type, Condition condition, Answer answer, Set<Long> parameters, MultiMap caller) {
        return OpenWays.of(origins.holdersOf(type).stream()
                        .map(holder -> handle(condition, holder, caller)
                                .chain(there -> calls.ask(
                                        holder,
                                        HttpMethod.POST,
                                        "/federation/search",
                                        Optional.of(Buffer.buffer(new FederatedSearch(
                                                        SearchRequest.all(Set.of(type), there, config.maxFound()),
                                                        answer,
                                                        parameters)
                                                .toJson())),
                                        caller))
                                .map(found ->
                                        ServiceShare.of(holder, found).page().keys()))
                        .toList())
                .map(this::union);
    }

    private Set<Long> union(List<Set<Long>> sets) {
        Set<Long> all = new HashSet<>();
        sets.forEach(all::addAll);
        if (all.size() > config.maxFound()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "query: a chain or _has across services finds too many (expected: at most " + config.maxFound()
                            + ")");
        }
        return all;
    }

    private boolean isElsewhere(String type, String service) {
        return !origins.holdersOf(type).equals(List.of(service));
    }

    static <T, R> Uni<List<R>> inParallel(List<T> items, Function<T, Uni<R>> work) {
        return items.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(items.stream().map(work).toList()).andFailFast();
    }
}
