package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.store.TransitionDocuments;

/**
 * Makes the documents that are wanted. One instance works at a time; what is wanted stays so until it is committed, so a kill loses
 * none. What cannot be made is tried again, ever more rarely and for ever: somebody waits for it. What is refused again and again for the
 * same reason, such as a record that is too large, waits for somebody who asks anew.
 */
@Singleton
public class MakeDocuments implements LeaderLoop.Owner {

    private static final int MOST_DOUBLED = 6;

    private static final String NEXT = """
            select encounter_id, asked from transition_document where wanted and next_attempt <= now()
            order by next_attempt limit ?""";

    private final TransitionsConfig.Document config;
    private final MakeDocument makeDocument;
    private final TransitionDocuments documents;
    private final ResourceStore store;
    private final Clock clock;
    private final LeaderLoop loop;

    MakeDocuments(
            TransitionsConfig config,
            DataSource database,
            MakeDocument makeDocument,
            TransitionDocuments documents,
            ResourceStore store,
            Clock clock) {
        this.config = config.document();
        this.makeDocument = makeDocument;
        this.documents = documents;
        this.store = store;
        this.clock = clock;
        this.loop = new LeaderLoop(
                "transition-documents",
                database,
                this.config.interval(),
                this.config.retryDelay(),
                connection -> new Making());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Making implements LeaderLoop.Work {

        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        @Override
        public boolean round(Connection connection) throws Exception {
            List<Callable<Void>> wanted = new ArrayList<>();
            for (Wanted each : next(connection)) {
                wanted.add(() -> make(each));
            }
            for (Future<Void> done : threads.invokeAll(wanted)) {
                done.get();
            }
            return !wanted.isEmpty();
        }

        @Override
        public void close() {
            threads.close();
        }
    }

    private record Wanted(String encounter, int asked) {}

    private Void make(Wanted wanted) throws Exception {
        String encounter = wanted.encounter();
        LeaderLoop.await(() -> {
            AuditedRequest.begin(Optional.of("document-" + encounter)).onBehalfOf("Encounter/" + encounter);
            return makeDocument
                    .handle(encounter)
                    .chain(made -> made.isPresent()
                            ? Uni.createFrom().<Void>nullItem()
                            : store.inUnit(unit -> documents.unwanted(encounter, wanted.asked(), unit)))
                    .onFailure()
                    .recoverWithUni(failure -> waits(wanted, failure));
        });
        return null;
    }

    private Uni<Void> waits(Wanted wanted, Throwable failure) {
        String encounter = wanted.encounter();
        if (Causes.passes(failure)) {
            LOG.documentWaits(encounter, Causes.nameOf(failure));
        } else {
            LOG.documentFailed(encounter, Causes.nameOf(failure));
        }
        return store.inUnit(unit -> documents
                .read(encounter, unit)
                .chain(state -> isRefused(failure) && state.attempts() >= MOST_DOUBLED
                        ? documents
                                .unwanted(encounter, wanted.asked(), unit)
                                .invoke(() -> LOG.documentGivenUp(encounter, state.attempts() + 1))
                        : documents.waits(encounter, clock.instant().plus(pause(state.attempts())), unit)));
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code() == ProblemCode.RULE_VIOLATED;
    }

    private Duration pause(int attempts) {
        return config.retryDelay().multipliedBy(1L << Math.min(attempts, MOST_DOUBLED));
    }

    private List<Wanted> next(Connection connection) throws SQLException {
        List<Wanted> wanted = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, config.parallel());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                wanted.add(new Wanted(rows.getString(1), rows.getInt(2)));
            }
        }
        return wanted;
    }
}
