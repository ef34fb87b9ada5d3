package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.store.Transitions;

/** Shows that a milestone was missed when its time is over; one instance at a time. A transition that fails keeps no other waiting. */
@Singleton
public class WatchClocks implements LeaderLoop.Owner {

    private static final int MOST = 200;

    private final ResourceStore store;
    private final Transitions transitions;
    private final ReckonMilestones reckonMilestones;
    private final Clock clock;
    private final LeaderLoop loop;

    WatchClocks(
            TransitionsConfig config,
            DataSource database,
            ResourceStore store,
            Transitions transitions,
            ReckonMilestones reckonMilestones,
            Clock clock) {
        this.store = store;
        this.transitions = transitions;
        this.reckonMilestones = reckonMilestones;
        this.clock = clock;
        this.loop = new LeaderLoop(
                "transition-clocks",
                database,
                config.clocksInterval(),
                config.clocksInterval(),
                connection -> this::round);
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    /** More waits when all that was looked for was found, and all of it went well. */
    private boolean round(Connection connection) throws Exception {
        List<String> overdue =
                LeaderLoop.await(() -> store.inUnit(unit -> transitions.overdue(clock.instant(), MOST, unit)));
        boolean well = true;
        for (String episode : overdue) {
            well &= reckon(episode);
        }
        return well && overdue.size() == MOST;
    }

    private boolean reckon(String episode) {
        try {
            LeaderLoop.await(() -> store.inUnit(unit -> reckonMilestones.handle(episode, unit)));
            return true;
        } catch (Exception e) {
            LOG.clocksFailed(episode, Causes.nameOf(e));
            return false;
        }
    }
}
