package org.careloop.transitions.app;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.transitions.TransitionsConfig;

/**
 * Lets accepted messages take effect: those of one patient in the order of their arrival, those of several at the same
 * time. One instance works at a time. A message stays accepted until its effect is committed, so a kill loses none.
 */
@Singleton
public class ProcessMessages implements LeaderLoop.Owner {

    private static final String NEXT = """
            select m.id from hl7_message m
            where m.status = 'ACCEPTED' and (m.next_attempt is null or m.next_attempt <= now())
              and not exists (select 1 from hl7_message e
                where e.status = 'ACCEPTED' and e.patient_key in (m.patient_key, m.other_key) and e.id < m.id)
              and not exists (select 1 from hl7_message e
                where e.status = 'ACCEPTED' and e.other_key in (m.patient_key, m.other_key, -1) and e.id < m.id)
              and (m.other_key is distinct from -1 or not exists (select 1 from hl7_message e
                where e.status = 'ACCEPTED' and e.id < m.id))
            order by m.id limit ?""";

    /** For each of those that take effect at once: none waits long for the slowest, and few rounds ask what is next. */
    private static final int ROUND = 8;

    private final TransitionsConfig config;
    private final ProcessMessage processMessage;
    private final LeaderLoop loop;

    ProcessMessages(TransitionsConfig config, DataSource database, ProcessMessage processMessage) {
        this.config = config;
        this.processMessage = processMessage;
        this.loop = new LeaderLoop(
                "hl7-intake", database, config.pollInterval(), config.retryDelay(), connection -> new Processing());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Processing implements LeaderLoop.Work {

        private final ExecutorService threads = Executors.newFixedThreadPool(
                config.parallel(), Thread.ofVirtual().factory());

        @Override
        public boolean round(Connection connection) throws Exception {
            List<Callable<Void>> effects = new ArrayList<>();
            for (long id : next(connection)) {
                effects.add(() -> effect(id));
            }
            for (Future<Void> done : threads.invokeAll(effects)) {
                done.get();
            }
            return !effects.isEmpty();
        }

        @Override
        public void close() {
            threads.close();
        }
    }

    private Void effect(long id) throws Exception {
        LeaderLoop.await(() -> processMessage.handle(id));
        return null;
    }

    private List<Long> next(Connection connection) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, config.parallel() * ROUND);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }
}
