package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.referrals.ReferralsConfig;

/**
 * Recalls referrals that their agencies have not answered in time. The times are rows, so a restart loses none; one instance
 * works at a time, and the row goes with the recall, so none is recalled twice.
 */
@Singleton
public class WatchOffers {

    private static final String SILENT =
            "select task from choice_list where answer_by <= ? order by answer_by, task limit 100";

    private final Clock clock;
    private final RecallReferral recallReferral;
    private final LeaderLoop loop;

    WatchOffers(ReferralsConfig config, DataSource database, Clock clock, RecallReferral recallReferral) {
        this.clock = clock;
        this.recallReferral = recallReferral;
        this.loop = new LeaderLoop(
                "silent-agencies",
                database,
                config.recallInterval(),
                config.recallInterval(),
                connection -> this::round);
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        loop.stop();
    }

    /** Looks now, without the pause. Returns at once. */
    public void hint() {
        loop.hint();
    }

    /** One that fails is tried again later, so that it keeps no other waiting. */
    private boolean round(Connection connection) throws Exception {
        List<String> silent = silent(connection);
        for (String task : silent) {
            await(() -> recallReferral.handle(task).onFailure().recoverWithUni(failure -> {
                LOG.recallFailed(task, Causes.nameOf(failure));
                return recallReferral.postpone(task);
            }));
        }
        return !silent.isEmpty();
    }

    private static void await(Supplier<Uni<Void>> work) throws Exception {
        try {
            VertxContextSupport.subscribeAndAwait(work);
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> silent(Connection connection) throws SQLException {
        List<String> tasks = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SILENT)) {
            statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tasks.add(rows.getString(1));
                }
            }
        }
        return tasks;
    }
}
