package org.careloop.gateway.app;

import static org.careloop.gateway.GatewayLog.LOG;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.calleraccess.RefusalReport;
import org.careloop.calleraccess.RefusalReport.Origin;
import org.careloop.calleraccess.RefusalReport.Refusal;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * Hands what the gateway refuses by itself to the audit trail of a service before the refusal leaves. Those that come while
 * one report is under way go with the next one; of those that are alike, such as of a flood, one with their number.
 */
@Singleton
public class Refusals {

    private static final Set<Integer> FLOODS =
            Set.of(ProblemCode.UNAUTHENTICATED.status(), ProblemCode.RATE_LIMITED.status());
    private static final String REPORT = "/federation/refusals";

    private final Origins origins;
    private final ServiceCalls calls;
    private final RefusalReport report;
    private Map<Refusal, Waiting> gathering = new LinkedHashMap<>();
    private boolean underway;

    Refusals(Origins origins, ServiceCalls calls, RefusalReport report) {
        this.origins = origins;
        this.calls = calls;
        this.report = report;
    }

    /** Those who wait for one row, each where it goes on. */
    private record Waiting(Refusal first, List<Optional<Context>> contexts, List<CompletableFuture<Boolean>> turns) {

        static Waiting on(Refusal first) {
            return new Waiting(first, new ArrayList<>(), new ArrayList<>());
        }

        CompletableFuture<Boolean> add() {
            CompletableFuture<Boolean> turn = new CompletableFuture<>();
            contexts.add(Optional.ofNullable(Vertx.currentContext()));
            turns.add(turn);
            return turn;
        }

        void end(boolean kept) {
            for (int i = 0; i < turns.size(); i++) {
                CompletableFuture<Boolean> turn = turns.get(i);
                contexts.get(i)
                        .ifPresentOrElse(
                                loop -> loop.runOnContext(ignored -> turn.complete(kept)), () -> turn.complete(kept));
            }
        }
    }

    /**
     * Completes when {@code refusal} is in the trail of a service; fails with {@link ProblemCode#UNAVAILABLE} when none takes
     * it, and then the client must not be told more than that.
     */
    public Uni<Void> tell(Refusal refusal) {
        return Uni.createFrom()
                .completionStage(() -> enter(refusal))
                .invoke(kept -> {
                    if (!kept) {
                        throw new FhirProblem(
                                ProblemCode.UNAVAILABLE, "audit trail: cannot be reached now (expected: retry)");
                    }
                })
                .replaceWithVoid();
    }

    private CompletableFuture<Boolean> enter(Refusal refusal) {
        CompletableFuture<Boolean> turn;
        synchronized (this) {
            turn = gathering
                    .computeIfAbsent(kind(refusal), alike -> Waiting.on(refusal))
                    .add();
        }
        sendNext();
        return turn;
    }

    private void sendNext() {
        Map<Refusal, Waiting> next;
        synchronized (this) {
            if (underway || gathering.isEmpty()) {
                return;
            }
            underway = true;
            next = gathering;
            gathering = new LinkedHashMap<>();
        }
        byte[] body = report.write(next.values().stream()
                .map(waiting -> counted(waiting.first(), waiting.turns().size()))
                .toList());
        send(body, origins.services().stream().sorted().toList()).subscribe().with(kept -> {
            next.values().forEach(waiting -> waiting.end(kept));
            synchronized (this) {
                underway = false;
            }
            sendNext();
        });
    }

    /** What a flood repeats differs in its names alone. */
    private static Refusal kind(Refusal refusal) {
        return FLOODS.contains(refusal.status())
                ? new Refusal(
                        refusal.method(),
                        "",
                        refusal.status(),
                        refusal.problem(),
                        1,
                        new Origin(refusal.origin().address(), null, null),
                        refusal.claims())
                : refusal;
    }

    private static Refusal counted(Refusal one, int times) {
        return new Refusal(one.method(), one.path(), one.status(), one.problem(), times, one.origin(), one.claims());
    }

    /** Any service has a trail; when one is away, the next is asked. */
    private Uni<Boolean> send(byte[] body, List<String> services) {
        if (services.isEmpty()) {
            LOG.refusalsNotKept();
            return Uni.createFrom().item(false);
        }
        MultiMap signed = MultiMap.caseInsensitiveMultiMap().set(PlatformSignature.HEADER, report.sign(body));
        return calls.ask(services.getFirst(), HttpMethod.POST, REPORT, Optional.of(Buffer.buffer(body)), signed)
                .replaceWith(true)
                .onFailure()
                .recoverWithUni(() -> send(body, services.subList(1, services.size())));
    }
}
