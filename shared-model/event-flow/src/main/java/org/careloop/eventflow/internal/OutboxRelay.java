package org.careloop.eventflow.internal;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.OutboxListener;

/**
 * Hands each committed event to the broker at least once, oldest first for each key; consumers drop repeats by event id.
 *
 * <p>A row is read only when every transaction that could still commit an earlier one has ended (its {@code xid} is below
 * the snapshot's {@code xmin}), because a sequence alone would step over a slow transaction's rows. A row is forgotten
 * after the broker acknowledged it.
 */
@Singleton
public class OutboxRelay implements OutboxListener, LeaderLoop.Owner {

    /** With the size of a batch in the text: as a parameter it would be planned anew for each round. */
    private static final String NEXT = """
            select o.seq, o.event_id, o.type, o.id, o.version, o.change, o.key, o.trace, o.occurred,
              r.author, case when r.version = o.version then r.body else h.body end as body
            from outbox o
            left join resource r on r.type = o.type and r.id = o.id
            left join resource_history h on h.type = o.type and h.id = o.id and h.version = o.version
            where o.xid < pg_snapshot_xmin(pg_current_snapshot())
            order by o.seq limit %d""";

    private final EventFlowConfig config;
    private final OwnTopics topics;
    private final KafkaClients kafka;
    private final LeaderLoop loop;

    OutboxRelay(EventFlowConfig config, DataSource database, OwnTopics topics, KafkaClients kafka) {
        this.config = config;
        this.topics = topics;
        this.kafka = kafka;
        this.loop = new LeaderLoop(
                "outbox-relay", database, config.pollInterval(), config.retryDelay(), connection -> new Relaying());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    /** Tells whether this instance relays, or would if no other did. */
    boolean isAlive() {
        return loop.isAlive();
    }

    @Override
    public void outboxFilled() {
        loop.hint();
    }

    private final class Relaying implements LeaderLoop.Work {

        private final KafkaProducer<String, byte[]> producer;
        private final Spacing spacing = new Spacing(config.spacing());
        private final String next = NEXT.formatted(config.batchSize());

        Relaying() throws InterruptedException {
            topics.prepare();
            producer = kafka.producer();
        }

        @Override
        public boolean round(Connection connection) throws SQLException, InterruptedException, ExecutionException {
            spacing.await();
            List<Long> sent = new ArrayList<>();
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(next)) {
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    sent.add(rows.getLong("seq"));
                    acknowledgements.add(producer.send(message(event(rows))));
                }
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get();
            }
            forget(connection, sent);
            return sent.size() == config.batchSize();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    private static void forget(Connection connection, List<Long> sent) throws SQLException {
        if (!sent.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement("delete from outbox where seq = any(?)")) {
                statement.setArray(1, connection.createArrayOf("bigint", sent.toArray()));
                statement.executeUpdate();
            }
        }
    }

    private static ResourceEvent event(ResultSet row) throws SQLException {
        return new ResourceEvent(
                row.getObject("event_id", UUID.class),
                ResourceKey.of(row.getString("type"), row.getString("id")),
                Change.of(row.getString("change")),
                row.getLong("version"),
                row.getTimestamp("occurred").toInstant(),
                row.getString("key"),
                Optional.ofNullable(row.getString("author")),
                Optional.ofNullable(row.getString("trace")),
                row.getBytes("body"));
    }

    private ProducerRecord<String, byte[]> message(ResourceEvent event) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                Topics.of(config.service(), event.resource().type()), event.key(), event.payload());
        CloudEventHeaders.write(event, config.service()).forEach(message.headers()::add);
        return message;
    }
}
