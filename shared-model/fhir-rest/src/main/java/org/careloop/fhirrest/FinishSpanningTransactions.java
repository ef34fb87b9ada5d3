package org.careloop.fhirrest;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.SpanningTransactions;
import org.careloop.fhirstore.SpanningTransactions.InDoubt;

/**
 * Ends the parts of spanning transactions that were left prepared, because the gateway or a service was killed: asks the
 * service that decides, and does as it says. Until then the part holds its locks and keeps its events back.
 */
@Singleton
public class FinishSpanningTransactions {

    private static final long PATIENCE_MILLIS = 5_000;

    private final FederationConfig config;
    private final EventFlowConfig events;
    private final SpanningTransactions transactions;
    private final OwnToken token;
    private final HttpClient client;
    private final LeaderLoop loop;

    FinishSpanningTransactions(
            FederationConfig config,
            EventFlowConfig events,
            SpanningTransactions transactions,
            OwnToken token,
            Vertx vertx,
            DataSource database) {
        this.config = config;
        this.events = events;
        this.transactions = transactions;
        this.token = token;
        this.client = vertx.createHttpClient();
        this.loop = new LeaderLoop(
                "spanning-transactions",
                database,
                config.recoveryInterval(),
                config.recoveryInterval(),
                connection -> this::round);
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        loop.stop();
    }

    private boolean round(Connection lock) throws Exception {
        try {
            List<InDoubt> left =
                    VertxContextSupport.subscribeAndAwait(() -> transactions.inDoubt(config.recoveryAge()));
            for (InDoubt part : left) {
                VertxContextSupport.subscribeAndAwait(() -> finish(part));
            }
            return false;
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private Uni<Void> finish(InDoubt part) {
        return isCommitted(part)
                .chain(committed -> committed ? transactions.commit(part.id()) : transactions.rollback(part.id()));
    }

    private Uni<Boolean> isCommitted(InDoubt part) {
        if (part.decider().equals(events.service())) {
            return transactions.isCommitted(part.id());
        }
        URI decider = config.services().get(part.decider());
        return token.bearer()
                .chain(bearer -> Uni.createFrom()
                        .completionStage(() -> client.request(new RequestOptions()
                                        .setMethod(HttpMethod.GET)
                                        .setAbsoluteURI(decider + "/federation/transactions/" + part.id() + "/outcome")
                                        .setTimeout(PATIENCE_MILLIS)
                                        .putHeader("Authorization", "Bearer " + bearer))
                                .compose(request -> request.send())
                                .compose(response -> response.body().map(body -> {
                                    if (response.statusCode() != 200) {
                                        token.renew();
                                        throw new FhirProblem(
                                                ProblemCode.UNAVAILABLE,
                                                part.decider() + ": tells no outcome now (expected: retry)");
                                    }
                                    return body.toString().equals("commit");
                                }))
                                .toCompletionStage()));
    }
}
