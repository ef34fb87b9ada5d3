package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
                "moving references",
                database,
                config.pollInterval(),
                config.retryDelay(),
                connection -> new Moving());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Moving implements LeaderLoop.Work {

        private int failed;
        private Instant notBefore = Instant.MIN;

        @Override
        public boolean round(Connection connection) throws Exception {
            // The work is done on others; without this one another instance leads.
            if (!connection.isValid(ALIVE_SECONDS)) {
                throw new SQLException("connection lost");
            }
            if (Instant.now().isBefore(notBefore)) {
                return false;
            }
            failed = 0;
            boolean more = noted();
            List<Replaced> unswept = LeaderLoop.await(work::unswept);
            for (Replaced each : unswept) {
                follow(each);
            }
            sweep(unswept.stream()
                    .filter(each -> each.quiet() && each.former().isEmpty())
                    .toList());
            if (failed > 0) {
                notBefore = Instant.now().plus(AGAIN);
            }
            return failed == 0 && (more || unswept.stream().anyMatch(Replaced::quiet));
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
        private void sweep(List<Replaced> quiet) throws Exception {
            if (quiet.isEmpty()) {
                return;
            }
            int before = failed;
            List<String> patients = quiet.stream().map(Replaced::patient).toList();
            long last = LeaderLoop.await(work::lastRow);
            for (long after = 0; after < last; after += SLICE) {
                long from = after;
                move(LeaderLoop.await(() -> work.mentioning(patients, from, from + SLICE)));
            }
            if (failed == before) {
                for (Replaced each : quiet) {
                    LeaderLoop.await(() -> work.swept(each));
                }
                LOG.followed(quiet.size());
            }
        }

        private void move(List<Row> rows) {
            rows.forEach(row -> attempt(row.key().reference(), () -> references.move(row.noted())));
        }

        /** What cannot be moved keeps nothing else waiting. */
        private void attempt(String key, Supplier<Uni<Void>> step) {
            try {
                LeaderLoop.await(step);
            } catch (Exception e) {
                failed++;
                LOG.notMoved(key, Causes.nameOf(e));
            }
        }
    }
}
