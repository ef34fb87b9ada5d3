package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.FhirStoreConfig;
import org.careloop.fhirstore.OutboxListener;

/**
 * Hands each committed event to the broker at least once, oldest first for each key; consumers drop repeats by event id.
 *
 * <p>One instance relays for a database at a time: it holds a session lock of PostgreSQL, which ends with its connection,
 * so also with a kill. A row is read only when every transaction that could still commit an earlier one has ended (its
 * {@code xid} is below the snapshot's {@code xmin}), because a sequence alone would step over a slow transaction's rows. A
 * row is forgotten after the broker acknowledged it. A thread of its own, because the loop waits.
 */
@ApplicationScoped
public class OutboxRelay implements OutboxListener {

    private static final long LOCK = 0x4341_5245_4C4F_4F50L;

    private static final String NEXT =
            """
            select o.seq, o.event_id, o.type, o.id, o.version, o.change, o.key, o.trace, o.occurred,
              coalesce(r.body, h.body) as body
            from outbox o
            left join resource r on r.type = o.type and r.id = o.id and r.version = o.version
            left join resource_history h on h.type = o.type and h.id = o.id and h.version = o.version
            where o.xid < pg_snapshot_xmin(pg_current_snapshot())
            order by o.seq limit ?""";

    private final EventFlowConfig config;
    private final FhirStoreConfig store;
    private final DataSource database;
    private final KafkaClients kafka;
    private final Semaphore hint = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::run);
    private volatile boolean stopped;

    OutboxRelay(EventFlowConfig config, FhirStoreConfig store, DataSource database, KafkaClients kafka) {
        this.config = config;
        this.store = store;
        this.database = database;
        this.kafka = kafka;
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        hint.release();
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    @Override
    public void outboxFilled() {
        if (hint.availablePermits() == 0) {
            hint.release();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                relayWhileLeader();
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | ExecutionException | RuntimeException e) {
                if (!stopped) {
                    LOG.relayInterrupted(config.service(), Causes.nameOf(e));
                }
            }
            pause(config.retryDelay().toMillis());
        }
    }

    private void relayWhileLeader() throws SQLException, InterruptedException, ExecutionException {
        try (Connection connection = database.getConnection()) {
            if (!lead(connection)) {
                return;
            }
            kafka.createTopics(Stream.concat(
                            store.types().stream().map(type -> Topics.of(config.service(), type)),
                            Stream.of(Topics.deadLetters(config.service())))
                    .toList());
            LOG.relaying(config.service());
            try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
                while (!stopped) {
                    if (relay(connection, producer) < config.batchSize()) {
                        pause(config.pollInterval().toMillis());
                    }
                }
            } finally {
                unlock(connection);
            }
        }
    }

    /** Sends one batch and forgets it; returns how many events it had. */
    private int relay(Connection connection, KafkaProducer<String, byte[]> producer)
            throws SQLException, InterruptedException, ExecutionException {
        List<Long> sent = new ArrayList<>();
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, config.batchSize());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                sent.add(rows.getLong("seq"));
                acknowledgements.add(producer.send(toRecord(event(rows))));
            }
        }
        if (sent.isEmpty()) {
            return 0;
        }
        producer.flush();
        for (Future<RecordMetadata> acknowledgement : acknowledgements) {
            acknowledgement.get();
        }
        try (PreparedStatement statement = connection.prepareStatement("delete from outbox where seq = any(?)")) {
            Array sequence = connection.createArrayOf("bigint", sent.toArray());
            statement.setArray(1, sequence);
            statement.executeUpdate();
        }
        return sent.size();
    }

    private static ResourceEvent event(ResultSet row) throws SQLException {
        return new ResourceEvent(
                row.getObject("event_id", UUID.class),
                ResourceKey.of(row.getString("type"), row.getString("id")),
                Change.of(row.getString("change")),
                row.getLong("version"),
                row.getTimestamp("occurred").toInstant(),
                row.getString("key"),
                Optional.ofNullable(row.getString("trace")),
                row.getBytes("body"));
    }

    private ProducerRecord<String, byte[]> toRecord(ResourceEvent event) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                Topics.of(config.service(), event.resource().type()), event.key(), event.payload());
        CloudEventHeaders.write(event, config.service()).forEach(message.headers()::add);
        return message;
    }

    private static boolean lead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void unlock(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock(" + LOCK + ")");
        } catch (SQLException e) {
            // The connection is gone, and the lock with it.
        }
    }

    private void pause(long millis) {
        try {
            if (hint.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                hint.drainPermits();
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }
}
