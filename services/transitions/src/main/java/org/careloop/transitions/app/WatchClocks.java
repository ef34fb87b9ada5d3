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

    /** All that are overdue, some at a time; one that fails is tried again in the next round. */
    private boolean round(Connection connection) throws Exception {
        List<String> overdue;
        String last = "";
        do {
            String after = last;
            overdue = LeaderLoop.await(
                    () -> store.inUnit(unit -> transitions.overdue(clock.instant(), after, MOST, unit)));
            overdue.forEach(this::reckon);
            last = overdue.isEmpty() ? last : overdue.getLast();
        } while (overdue.size() == MOST);
        return false;
    }

    private void reckon(String episode) {
        try {
            LeaderLoop.await(() -> store.inUnit(unit -> reckonMilestones.handle(episode, unit)));
        } catch (Exception e) {
            LOG.clocksFailed(episode, Causes.nameOf(e));
        }
    }
}
