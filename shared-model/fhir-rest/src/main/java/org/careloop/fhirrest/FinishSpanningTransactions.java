package org.careloop.fhirrest;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.SpanningTransactions;
import org.careloop.fhirstore.SpanningTransactions.InDoubt;

/**
 * Ends the parts of spanning transactions that were left prepared, because the gateway or a service was killed: asks the
 * service that decides, and does as it says. Until then the part holds its locks and keeps its events back.
 */
@Singleton
public class FinishSpanningTransactions implements LeaderLoop.Owner {

    private final FederationConfig config;
    private final EventFlowConfig events;
    private final SpanningTransactions transactions;
    private final OtherServices others;
    private final LeaderLoop loop;

    FinishSpanningTransactions(
            FederationConfig config,
            EventFlowConfig events,
            SpanningTransactions transactions,
            OtherServices others,
            DataSource database) {
        this.config = config;
        this.events = events;
        this.transactions = transactions;
        this.others = others;
        this.loop = new LeaderLoop(
                "spanning-transactions",
                database,
                config.recoveryInterval(),
                config.recoveryInterval(),
                connection -> this::round);
    }

    @Override
    public LeaderLoop loop() {
        return loop;
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
        return others.get(part.decider(), "/federation/transactions/" + part.id() + "/outcome")
                .map(outcome -> outcome.toString().equals("commit"));
    }
}
