package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;

/**
 * Looks for Tasks with a clock whose alarm has come. The alarms are in the Tasks, so a restart loses none; one instance works at a
 * time, and the alarm goes with what is done for it, so nothing is done twice.
 */
@Singleton
public class WatchClocks implements LeaderLoop.Owner {

    private static final int MOST = 100;
    private static final Duration LATER = Duration.ofMinutes(15);

    private final ResourceStore store;
    private final Clock clock;
    private final FollowClocks followClocks;
    private final LeaderLoop loop;

    WatchClocks(
            ReferralsConfig config, DataSource database, ResourceStore store, Clock clock, FollowClocks followClocks) {
        this.store = store;
        this.clock = clock;
        this.followClocks = followClocks;
        this.loop = new LeaderLoop(
                "task-clocks", database, config.clockInterval(), config.clockInterval(), connection -> new Watching());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Watching implements LeaderLoop.Work {

        /** Those for which it failed, until when they keep no other waiting. */
        private final Map<ResourceKey, Instant> failed = new HashMap<>();

        @Override
        public boolean round(Connection connection) throws Exception {
            Instant now = clock.instant();
            failed.values().removeIf(until -> !until.isAfter(now));
            List<ResourceKey> due = due(now, MOST + failed.size()).stream()
                    .filter(key -> !failed.containsKey(key))
                    .toList();
            for (ResourceKey task : due) {
                LeaderLoop.await(() -> followClocks.handle(task).onFailure().recoverWithItem(failure -> {
                    LOG.clockFailed(task.id().value(), Causes.nameOf(failure));
                    failed.put(task, now.plus(LATER));
                    return null;
                }));
            }
            return !due.isEmpty();
        }
    }

    private List<ResourceKey> due(Instant now, int most) throws Exception {
        SearchRequest search = store.parser()
                .parse(
                        "Task",
                        List.of(
                                new QueryParameter("alarm", "le" + now),
                                new QueryParameter("_sort", "alarm"),
                                new QueryParameter("_count", Integer.toString(most))));
        return LeaderLoop.await(() -> store.search(search, type -> Condition.EVERYTHING)).matches().stream()
                .map(StoredResource::key)
                .toList();
    }
}
