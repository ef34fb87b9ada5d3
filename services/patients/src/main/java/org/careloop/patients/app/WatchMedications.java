package org.careloop.patients.app;

import static org.careloop.patients.PatientsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.store.PatientsToCompare;
import org.careloop.patients.store.PatientsToCompare.Waiting;

/** Compares the medicines of the patients who take a Medication that has changed, one at a time, however many they are. */
@Singleton
public class WatchMedications implements LeaderLoop.Owner {

    private final ResourceStore store;
    private final PatientsToCompare waiting;
    private final ReconcileStay reconcileStay;
    private final Clock clock;
    private final LeaderLoop loop;

    WatchMedications(
            PatientsConfig config,
            DataSource database,
            ResourceStore store,
            PatientsToCompare waiting,
            ReconcileStay reconcileStay,
            Clock clock) {
        this.store = store;
        this.waiting = waiting;
        this.reconcileStay = reconcileStay;
        this.clock = clock;
        this.loop = new LeaderLoop(
                "medications-compared",
                database,
                config.reconcileInterval(),
                config.reconcileInterval(),
                connection -> new Watching());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Watching implements LeaderLoop.Work {

        @Override
        public boolean round(Connection connection) throws Exception {
            Optional<Waiting> next = LeaderLoop.await(() -> store.inUnit(unit -> waiting.next(clock.instant(), unit)));
            if (next.isPresent()) {
                compare(next.get());
            }
            return next.isPresent();
        }

        private void compare(Waiting next) throws Exception {
            try {
                LeaderLoop.await(() -> store.inUnit(
                        unit -> reconcileStay.ofPatient(next.patient(), unit).chain(() -> waiting.done(next, unit))));
            } catch (Exception e) {
                // One that fails keeps none of the others waiting.
                LOG.notComparedAgain(next.patient(), Causes.nameOf(e));
                LeaderLoop.await(() -> store.inUnit(unit -> waiting.later(next.patient(), clock.instant(), unit)));
            }
        }
    }
}
