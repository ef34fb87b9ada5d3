package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;
import static org.careloop.eventflow.internal.ReindexPass.await;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirstore.FhirStoreConfig;
import org.careloop.fhirstore.Reindexing;

/**
 * Brings the index of stored resources up to date, in the background: first what is indexed in an older format, then what was
 * stored before a combined index was configured. Searches do without a combined index until it is complete, but they may miss
 * what is indexed in an older format: {@link IndexWatch} tells how much that is.
 */
@Singleton
public class ReindexLoop implements LeaderLoop.Owner {

    private static final long TOLD_EACH = 10_000;
    private static final int ALIVE_SECONDS = 5;

    private final FhirStoreConfig.Reindexing config;
    private final Reindexing reindexing;
    private final LeaderLoop loop;

    ReindexLoop(EventFlowConfig events, FhirStoreConfig store, Reindexing reindexing, DataSource database) {
        this.config = store.reindexing();
        this.reindexing = reindexing;
        this.loop = new LeaderLoop(
                "reindexing", database, config.interval(), events.retryDelay(), connection -> new Renewing());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Renewing implements LeaderLoop.Work {

        /** Those that are left and stay so; told once. */
        private final Set<Long> unreadable = new HashSet<>();

        private Optional<ReindexPass> pass = Optional.empty();
        private Optional<CombinedIndex> filling = Optional.empty();

        @Override
        public boolean round(Connection connection) throws SQLException, InterruptedException {
            // The work is done on others; without this one another instance leads.
            if (!connection.isValid(ALIVE_SECONDS)) {
                throw new SQLException("connection lost");
            }
            pass = pass.or(this::next);
            if (pass.isEmpty()) {
                return false;
            }
            step(pass.get());
            if (pass.get().isOver()) {
                filling.ifPresent(index -> await(reindexing.keepFilled(index)));
                LOG.reindexed(pass.get().done(), what());
                pass = Optional.empty();
            }
            Thread.sleep(config.pause());
            return true;
        }

        private Optional<ReindexPass> next() {
            if (isAnyOutdated()) {
                LOG.outdated(await(reindexing.left()));
                filling = Optional.empty();
                return Optional.of(new ReindexPass(reindexing, reindexing::outdated, config.batchSize()));
            }
            filling = await(reindexing.unfilled()).stream().findFirst();
            return filling.map(index -> new ReindexPass(
                    reindexing, (after, most) -> reindexing.ofType(index.type(), after, most), config.batchSize()));
        }

        private boolean isAnyOutdated() {
            return !unreadable.containsAll(await(reindexing.outdated(0, unreadable.size() + 1)));
        }

        private void step(ReindexPass walk) {
            long before = walk.done();
            List<Reindexing.Unreadable> faults = walk.step();
            faults.stream()
                    .filter(fault -> unreadable.add(fault.row()))
                    .forEach(fault -> LOG.notIndexed(fault.key(), fault.cause()));
            if (walk.done() / TOLD_EACH > before / TOLD_EACH) {
                LOG.reindexing(walk.done(), what());
            }
        }

        private String what() {
            return filling.map(CombinedIndex::toString).orElse("older format");
        }
    }
}
