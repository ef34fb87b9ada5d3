package org.careloop.patients.app;

import static org.careloop.patients.PatientsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.store.PatientsToCompare;

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
            AtomicReference<Optional<String>> patient = new AtomicReference<>(Optional.empty());
            try {
                LeaderLoop.await(() -> store.inUnit(unit -> waiting.next(clock.instant(), unit)
                        .invoke(patient::set)
                        .chain(next -> next.map(each -> compare(each, unit))
                                .orElseGet(() -> Uni.createFrom().voidItem()))));
            } catch (Exception e) {
                // One that fails keeps none of the others waiting.
                String failed = patient.get().orElseThrow(() -> e);
                LOG.notComparedAgain(failed, Causes.nameOf(e));
                LeaderLoop.await(() -> store.inUnit(unit -> waiting.later(failed, clock.instant(), unit)));
            }
            return patient.get().isPresent();
        }

        private Uni<Void> compare(String patient, UnitOfWork unit) {
            return reconcileStay.ofPatient(patient, unit).chain(() -> waiting.done(patient, unit));
        }
    }
}
