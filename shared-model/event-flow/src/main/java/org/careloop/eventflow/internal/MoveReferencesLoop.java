package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.MoveReferences;
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

        Walk(List<Replaced> patients, long last) {
            this.patients = patients;
            this.last = last;
        }
    }

    private final class Moving implements LeaderLoop.Work {

        private Optional<Walk> walk = Optional.empty();

        /** Between two slices of a walk, which may take long, what else is to be moved is moved. */
        @Override
        public boolean round(Connection connection) throws Exception {
            // The work is done on others; without this one another instance leads.
            if (!connection.isValid(ALIVE_SECONDS)) {
                throw new SQLException("connection lost");
            }
            boolean more = noted();
            List<Replaced> unswept = LeaderLoop.await(work::unswept);
            for (Replaced each : unswept) {
                if (walk.isEmpty() || !walk.get().patients.contains(each)) {
                    follow(each);
                }
            }
            List<Replaced> quiet = unswept.stream()
                    .filter(each -> each.quiet() && each.former().isEmpty())
                    .toList();
            if (walk.isEmpty() && !quiet.isEmpty()) {
                walk = Optional.of(new Walk(quiet, LeaderLoop.await(work::lastRow)));
            }
            if (walk.isPresent()) {
                step(walk.get());
            }
            return walk.isPresent() || more;
        }

        private boolean noted() throws Exception {
            List<Noted> noted = LeaderLoop.await(() -> work.noted(BATCH));
            for (Noted each : noted) {
                attempt(each);
            }
            return !noted.isEmpty();
        }

        /** What was moved before goes to who stands for the patient now, and what refers to the patient does. */
        private void follow(Replaced replaced) throws Exception {
            String patient = replaced.patient();
            if (!replaced.former().isEmpty()) {
                moveAll(after -> work.moved(replaced, after, BATCH));
            }
            if (replaced.survivor().isPresent()) {
                moveAll(after -> work.referring(patient, after, BATCH));
            }
            if (replaced.quiet() && !replaced.former().isEmpty()) {
                LeaderLoop.await(() -> work.returned(replaced));
            }
        }

        private void moveAll(LongFunction<Uni<List<Row>>> pages) throws Exception {
            long after = 0;
            List<Row> rows;
            do {
                long behind = after;
                rows = LeaderLoop.await(() -> pages.apply(behind));
                move(rows);
                after = rows.isEmpty() ? after : rows.getLast().number();
            } while (rows.size() == BATCH);
        }

        /** The last look, by one walk for all patients: every transaction has ended that may not have known of them. */
        private void step(Walk going) throws Exception {
            List<String> patients =
                    going.patients.stream().map(Replaced::patient).toList();
            long from = going.after;
            move(LeaderLoop.await(() -> work.mentioning(patients, from, from + SLICE)));
            going.after += SLICE;
            if (going.after < going.last) {
                return;
            }
            walk = Optional.empty();
            for (Replaced each : going.patients) {
                LeaderLoop.await(() -> work.swept(each));
            }
            LOG.followed(going.patients.size());
        }

        private void move(List<Row> rows) throws Exception {
            for (Row row : rows) {
                attempt(row.noted());
            }
        }

        /** What cannot be moved is noted, to be tried again later, and keeps nothing else waiting: no patient, and no walk. */
        private void attempt(Noted noted) throws Exception {
            try {
                LeaderLoop.await(() -> references.move(noted));
            } catch (Exception e) {
                ResourceKey key = noted.key().orElseThrow(() -> e);
                LeaderLoop.await(() -> work.later(key));
                LOG.notMoved(key.reference(), Causes.nameOf(e));
            }
        }
    }
}
