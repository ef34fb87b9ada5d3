package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.careloop.careplans.CarePlansConfig;
import org.careloop.careplans.store.Practices;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;

/**
 * Sends what waited until the directory told where general practitioners work: each patient in a unit of its own, so that one
 * practitioner of thousands holds up nobody, and a restart goes on where it was. What fails is tried again, ever more rarely.
 */
@Singleton
public class SendWaiting implements LeaderLoop.Owner {

    private static final int MOST = 100;
    private static final int MOST_DOUBLED = 10;
    private static final String NEXT =
            "select patient_id, attempts from notice_due where due <= now() order by due, patient_id limit ?";

    private final Duration interval;
    private final ResourceStore store;
    private final Practices practices;
    private final SendNotices sendNotices;
    private final Clock clock;
    private final LeaderLoop loop;

    SendWaiting(
            CarePlansConfig config,
            DataSource database,
            ResourceStore store,
            Practices practices,
            SendNotices sendNotices,
            Clock clock) {
        this.interval = config.noticeInterval();
        this.store = store;
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
        Map<String, Integer> due = next(connection);
        for (Map.Entry<String, Integer> one : due.entrySet()) {
            LeaderLoop.await(() -> handle(one.getKey(), one.getValue()));
        }
        return due.size() == MOST;
    }

    private Uni<Void> handle(String patient, int failures) {
        return store.inUnit(unit -> unit.serialize("CarePlan", "patient=" + patient)
                        .chain(() -> practices.looked(patient, unit))
                        .chain(() -> sendNotices.handle(patient, unit)))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.notSent(patient, failures + 1, Causes.nameOf(failure));
                    Duration pause = interval.multipliedBy(1L << Math.min(failures + 1, MOST_DOUBLED));
                    return store.inUnit(
                            unit -> practices.lookLater(patient, clock.instant().plus(pause), unit));
                });
    }

    private static Map<String, Integer> next(Connection connection) throws SQLException {
        Map<String, Integer> due = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, MOST);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                due.put(rows.getString(1), rows.getInt(2));
            }
        }
        return due;
    }
}
