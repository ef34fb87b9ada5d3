package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.MoveReferences;
import org.careloop.fhirstore.MoveReferences.Moved;
import org.careloop.fhirstore.MoveReferences.Noted;
import org.careloop.fhirstore.ReferenceWork;
import org.careloop.fhirstore.ReferenceWork.Replaced;
import org.careloop.fhirstore.ReferenceWork.Row;

/**
 * Lets what refers to patients follow when one is replaced by another, and come back when the two are told apart. Whatever it does is
 * kept with each change, so another instance goes on at any place.
 */
@Singleton
public class MoveReferencesLoop implements LeaderLoop.Owner {

    private static final int ALIVE_SECONDS = 5;
    private static final int BATCH = 100;
    /** So many rows are looked through by one statement. */
    private static final long SLICE = 5_000;
    /** What could not be moved is tried again after so long. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final ReferenceWork work;
    private final MoveReferences references;
    private final LeaderLoop loop;

    MoveReferencesLoop(EventFlowConfig config, ReferenceWork work, MoveReferences references, DataSource database) {
        this.work = work;
        this.references = references;
        this.loop = new LeaderLoop(
                "moving references", database, config.pollInterval(), config.retryDelay(), connection -> new Moving());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    /** A walk over all rows for some patients. */
    private static final class Walk {

        private final List<Replaced> patients;
        private final long last;
        private long after;
        private boolean failed;

        Walk(List<Replaced> patients, long last) {
            this.patients = patients;
            this.last = last;
        }
    }

    private final class Moving implements LeaderLoop.Work {

        /** What could not be moved, and when it is tried again. */
        private final Map<String, Instant> again = new HashMap<>();

        private Optional<Walk> walk = Optional.empty();
        private Instant noWalkBefore = Instant.MIN;
        private int failed;

        /** Between two slices of a walk, which may take long, what else is to be moved is moved. */
        @Override
        public boolean round(Connection connection) throws Exception {
            // The work is done on others; without this one another instance leads.
            if (!connection.isValid(ALIVE_SECONDS)) {
                throw new SQLException("connection lost");
            }
            failed = 0;
            boolean more = noted();
            List<Replaced> unswept = LeaderLoop.await(work::unswept);
            for (Replaced each : unswept) {
                if (walk.isEmpty() || !walk.get().patients.contains(each)) {
                    follow(each);
                }
            }
            boolean good = failed == 0;
            List<Replaced> quiet = unswept.stream()
                    .filter(each -> each.quiet() && each.former().isEmpty())
                    .toList();
            if (walk.isEmpty() && !quiet.isEmpty() && Instant.now().isAfter(noWalkBefore)) {
                walk = Optional.of(new Walk(quiet, LeaderLoop.await(work::lastRow)));
            }
            if (walk.isPresent()) {
                step(walk.get());
            }
            return walk.isPresent() || good && more;
        }

        private boolean noted() throws Exception {
            List<Noted> noted = LeaderLoop.await(() -> work.noted(BATCH));
            for (Noted each : noted) {
                attempt(each.key().map(ResourceKey::reference).orElse("-"), () -> references.move(each));
            }
            return !noted.isEmpty();
        }

        /** What was moved goes back before what refers to the patient goes on: it may have been replaced by another meanwhile. */
        private void follow(Replaced replaced) throws Exception {
            if (replaced.former().isEmpty()) {
                referring(replaced.patient());
                return;
            }
            int before = failed;
            for (String former : replaced.former()) {
                back(replaced.patient(), former);
            }
            if (replaced.quiet() && failed == before) {
                LeaderLoop.await(() -> work.returned(replaced));
            }
        }

        private void referring(String patient) throws Exception {
            long after = 0;
            List<Row> rows;
            do {
                long behind = after;
                rows = LeaderLoop.await(() -> work.referring(patient, behind, BATCH));
                move(rows);
                after = rows.isEmpty() ? after : rows.getLast().number();
            } while (rows.size() == BATCH);
        }

        private void back(String patient, String former) throws Exception {
            long after = 0;
            List<Moved> moved;
            do {
                long behind = after;
                moved = LeaderLoop.await(() -> work.moved(patient, behind, BATCH));
                for (Moved each : moved) {
                    attempt(each.key().reference(), () -> references.back(patient, former, each));
                    after = each.seq();
                }
            } while (moved.size() == BATCH);
        }

        /** The last look, by one walk for all patients: every transaction has ended that may not have known of them. */
        private void step(Walk going) throws Exception {
            int before = failed;
            List<String> patients =
                    going.patients.stream().map(Replaced::patient).toList();
            long from = going.after;
            move(LeaderLoop.await(() -> work.mentioning(patients, from, from + SLICE)));
            going.after += SLICE;
            going.failed |= failed > before;
            if (going.after < going.last) {
                return;
            }
            walk = Optional.empty();
            if (going.failed) {
                noWalkBefore = Instant.now().plus(AGAIN);
                return;
            }
            for (Replaced each : going.patients) {
                LeaderLoop.await(() -> work.swept(each));
            }
            LOG.followed(going.patients.size());
        }

        private void move(List<Row> rows) {
            rows.forEach(row -> attempt(row.key().reference(), () -> references.move(row.noted())));
        }

        /** What cannot be moved keeps nothing else waiting. */
        private void attempt(String key, Supplier<Uni<Void>> step) {
            if (Instant.now().isBefore(again.getOrDefault(key, Instant.MIN))) {
                failed++;
                return;
            }
            try {
                LeaderLoop.await(step);
                again.remove(key);
            } catch (Exception e) {
                failed++;
                again.put(key, Instant.now().plus(AGAIN));
                LOG.notMoved(key, Causes.nameOf(e));
            }
        }
    }
}
