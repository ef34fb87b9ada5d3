package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.fhirstore.ResourceStore;

/**
 * Indexes what was stored before a combined index was configured. Until that is done, searches do without the index; after
 * that this class has nothing to do.
 */
@Singleton
public class FillCombinedIndexes {

    private static final int BATCH = 200;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final String NEXT =
            "select rid, changed, combined, body from resource where type = ? and not deleted and rid > ? order by rid"
                    + " limit " + BATCH + " for update";
    private static final String KEEP = """
            with r as (update resource set combined = ? where rid = ? returning rid, changed)
            insert into combined_index (h, changed, rid) select k, r.changed, r.rid from r, unnest(?::bigint[]) k""";

    private final EventFlowConfig config;
    private final ResourceStore store;
    private final LeaderLoop loop;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread watch = Thread.ofVirtual().name("combined-index-watch").unstarted(this::watch);

    FillCombinedIndexes(EventFlowConfig config, ResourceStore store, DataSource database) {
        this.config = config;
        this.store = store;
        this.loop = new LeaderLoop("combined-indexes", database, PAUSE, config.retryDelay(), connection -> this::round);
    }

    void start(@Observes StartupEvent event) {
        if (!store.combinedIndexes().isEmpty()) {
            loop.start();
            watch.start();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        loop.stop();
    }

    /** Another instance may be the one that fills. */
    private void watch() {
        try {
            boolean filled = false;
            while (!filled && !stopping.await(config.retryDelay().toMillis(), TimeUnit.MILLISECONDS)) {
                filled = isFilled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFilled() {
        try {
            return VertxContextSupport.subscribeAndAwait(store::areCombinedIndexesFilled);
        } catch (Throwable e) {
            LOG.interrupted("combined-index-watch", e.getClass().getSimpleName());
            return false;
        }
    }

    private boolean round(Connection connection) throws SQLException {
        for (CombinedIndex index : store.combinedIndexes()) {
            if (!isFilled(connection, index)) {
                fill(connection, index);
            }
        }
        return false;
    }

    private static boolean isFilled(Connection connection, CombinedIndex index) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select 1 from combined_index_filled where pair = ?")) {
            statement.setString(1, index.toString());
            return statement.executeQuery().next();
        }
    }

    private void fill(Connection connection, CombinedIndex index) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long last = 0;
            do {
                last = batch(connection, index.type(), last);
                connection.commit();
            } while (last > 0);
            try (PreparedStatement statement =
                    connection.prepareStatement("insert into combined_index_filled (pair) values (?)")) {
                statement.setString(1, index.toString());
                statement.executeUpdate();
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Returns the last row that it saw, 0 when there was none. */
    private long batch(Connection connection, String type, long after) throws SQLException {
        long last = 0;
        try (PreparedStatement next = connection.prepareStatement(NEXT);
                PreparedStatement keep = connection.prepareStatement(KEEP)) {
            next.setString(1, type);
            next.setLong(2, after);
            ResultSet rows = next.executeQuery();
            while (rows.next()) {
                last = rows.getLong("rid");
                Set<Long> all = IndexEntries.of(FhirJson.parse(rows.getBytes("body")), store.combinedIndexes())
                        .combined();
                Set<Long> added = new HashSet<>(all);
                if (rows.getArray("combined") != null) {
                    added.removeAll(List.of((Long[]) rows.getArray("combined").getArray()));
                }
                keep.setArray(1, connection.createArrayOf("bigint", all.toArray()));
                keep.setLong(2, last);
                keep.setArray(3, connection.createArrayOf("bigint", added.toArray()));
                keep.addBatch();
            }
            keep.executeBatch();
        }
        return last;
    }
}
