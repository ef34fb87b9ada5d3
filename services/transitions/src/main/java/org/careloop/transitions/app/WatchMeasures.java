package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.YearMonth;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.MeasurePeriod;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.careloop.transitions.store.Transitions;

/**
 * Makes the reports of each month that is over, and makes them anew while evidence may come; one instance at a time. A report that fails
 * keeps no other waiting.
 */
@Singleton
public class WatchMeasures implements LeaderLoop.Owner {

    /** A report that was not made while the service was down is made afterwards. */
    private static final int MONTHS = 13;

    private final TransitionsConfig config;
    private final ResourceStore store;
    private final Transitions transitions;
    private final TransitionMeasures measures;
    private final ReportMonth reportMonth;
    private final Clock clock;
    private final LeaderLoop loop;

    WatchMeasures(
            TransitionsConfig config,
            DataSource database,
            ResourceStore store,
            Transitions transitions,
            TransitionMeasures measures,
            ReportMonth reportMonth,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.transitions = transitions;
        this.measures = measures;
        this.reportMonth = reportMonth;
        this.clock = clock;
        this.loop = new LeaderLoop(
                "transition-measures",
                database,
                config.measuresInterval(),
                config.measuresInterval(),
                connection -> this::round);
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private boolean round(Connection connection) throws Exception {
        YearMonth now = YearMonth.now(clock.withZone(config.timeZone()));
        for (int ago = 1; ago <= MONTHS; ago++) {
            YearMonth month = now.minusMonths(ago);
            for (String organization : LeaderLoop.await(
                    () -> store.inUnit(unit -> transitions.organizations(MeasurePeriod.of(month), unit)))) {
                measures.definitions().forEach(definition -> report(definition, month, organization));
            }
        }
        return false;
    }

    private void report(Definition definition, YearMonth month, String organization) {
        try {
            LeaderLoop.await(() -> reportMonth.handle(definition, month, organization));
        } catch (Exception e) {
            LOG.reportFailed(definition.id(), month.toString(), organization, Causes.nameOf(e));
        }
    }
}
