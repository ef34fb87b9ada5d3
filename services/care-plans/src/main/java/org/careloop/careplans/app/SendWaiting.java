package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.careplans.CarePlansConfig;
import org.careloop.careplans.store.DueNotices;
import org.careloop.careplans.store.DueNotices.Look;
import org.careloop.careplans.store.Practices;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;

/**
 * Sends what waited until the directory told where general practitioners work, or until it was sure whose a stay is: each patient in a
 * unit of its own, so that one practitioner of thousands holds up nobody, and a restart goes on where it was. What fails is tried
 * again, ever more rarely.
 */
@Singleton
public class SendWaiting implements LeaderLoop.Owner {

    private static final int MOST = 100;
    private static final int MOST_DOUBLED = 10;

    private final Duration interval;
    private final ResourceStore store;
    private final DueNotices dueNotices;
    private final Practices practices;
    private final SendNotices sendNotices;
    private final Clock clock;
    private final LeaderLoop loop;

    SendWaiting(
            CarePlansConfig config,
            DataSource database,
            ResourceStore store,
            DueNotices dueNotices,
            Practices practices,
            SendNotices sendNotices,
            Clock clock) {
        this.interval = config.noticeInterval();
        this.store = store;
        this.dueNotices = dueNotices;
        this.practices = practices;
        this.sendNotices = sendNotices;
        this.clock = clock;
        this.loop = new LeaderLoop("notices", database, interval, interval, connection -> this::round);
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private boolean round(Connection connection) throws Exception {
        List<Look> due = dueNotices.next(connection, MOST);
        for (Look one : due) {
            LeaderLoop.await(() -> handle(one));
        }
        return due.size() == MOST;
    }

    private Uni<Void> handle(Look look) {
        return store.inUnit(unit -> PatientStays.alone(look.patientId(), unit)
                        .chain(() -> practices.holdThoseOf(look.patientId(), unit))
                        .chain(() -> sendNotices.look(look.patientId(), unit))
                        .chain(again -> dueNotices.looked(look, again, unit)))
                .onFailure()
                .recoverWithUni(failure -> {
                    int failures = look.failures() + 1;
                    LOG.notSent(look.patientId(), failures, Causes.nameOf(failure));
                    Duration pause = interval.multipliedBy(1L << Math.min(failures, MOST_DOUBLED));
                    return store.inUnit(
                            unit -> dueNotices.failed(look, clock.instant().plus(pause), unit));
                });
    }
}
