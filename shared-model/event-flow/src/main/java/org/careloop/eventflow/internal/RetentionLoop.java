package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.RetentionRule;

/**
 * Removes what was kept long enough, a batch of each kind at a time and each batch in a transaction of its own, so that
 * nobody waits for it.
 */
@Singleton
public class RetentionLoop implements LeaderLoop.Owner {

    private final EventFlowConfig.Retention config;
    private final List<RetentionRule> rules;
    private final Clock clock;
    private final LeaderLoop loop;

    RetentionLoop(EventFlowConfig config, DataSource database, @All List<RetentionRule> rules, Clock clock) {
        this.config = config.retention();
        this.rules = rules;
        this.clock = clock;
        this.loop = new LeaderLoop(
                "retention", database, this.config.interval(), this.config.interval(), connection -> new Removing());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Removing implements LeaderLoop.Work {

        private final Map<String, Integer> removed = new HashMap<>();

        @Override
        public boolean round(Connection connection) throws SQLException {
            boolean more = false;
            for (RetentionRule rule : rules) {
                int batch = remove(connection, rule, clock.instant().minus(rule.kept()));
                int total = removed.merge(rule.rows(), batch, Integer::sum);
                if (batch == config.batchSize()) {
                    more = true;
                } else if (total > 0) {
                    LOG.removed(total, rule.rows());
                    removed.remove(rule.rows());
                }
            }
            return more;
        }
    }

    private int remove(Connection connection, RetentionRule rule, Instant before) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rule.removal())) {
            statement.setObject(1, before.atOffset(ZoneOffset.UTC));
            statement.setInt(2, config.batchSize());
            return statement.executeUpdate();
        }
    }
}
