package org.careloop.eventflow.internal;

import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.DeadLetters.DeadLetter;
import org.careloop.eventflow.EventFlowConfig;

/** Reads the dead-letter topic of this service from the last replay on, up to its end at the time of the call. */
@Singleton
public class DeadLetterQueue {

    /** A message of the dead-letter topic. */
    public final class Letter {
        private final ConsumerRecord<String, byte[]> message;

        private Letter(ConsumerRecord<String, byte[]> message) {
            this.message = message;
        }

        /** What an operator may see. */
        public DeadLetter summary() {
            return new DeadLetter(
                    header(CloudEventHeaders.ID),
                    header(CloudEventHeaders.SUBJECT),
                    header(DeadLetterWriter.TOPIC),
                    header(DeadLetterWriter.REASON));
        }

        /** Lets the event take effect, or writes it to the end of the dead letters with its new reason. */
        public boolean replay() {
            try {
                VertxContextSupport.subscribeAndAwait(() -> dispatcher.dispatch(List.of(
                        new EventDispatcher.Told(header(DeadLetterWriter.TOPIC), EventConsumer.event(message)))));
                return true;
            } catch (Throwable failure) {
                rewrite(failure);
                return false;
            }
        }

        private void rewrite(Throwable failure) {
            try {
                writer.write(message, Causes.nameOf(failure));
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted, the letter stays where it was", e);
            }
        }

        private String header(String name) {
            Header header = message.headers().lastHeader(name);
            return header == null ? "unreadable" : new String(header.value(), StandardCharsets.UTF_8);
        }
    }

    private final EventFlowConfig config;
    private final KafkaClients kafka;
    private final EventDispatcher dispatcher;
    private final DeadLetterWriter writer;

    DeadLetterQueue(EventFlowConfig config, KafkaClients kafka, EventDispatcher dispatcher, DeadLetterWriter writer) {
        this.config = config;
        this.kafka = kafka;
        this.dispatcher = dispatcher;
        this.writer = writer;
    }

    /** Gives each waiting letter to {@code reader}; with {@code advance} it does not wait any more afterwards. */
    public void read(Duration patience, boolean advance, Consumer<Letter> reader) {
        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(config.service() + "-dead-letter-replay")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topics.deadLetters(config.service()), patience).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions), patience);
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata from = committed.get(partition);
                consumer.assign(List.of(partition));
                consumer.seek(partition, from == null ? 0 : from.offset());
                while (consumer.position(partition) < ends.get(partition)) {
                    for (ConsumerRecord<String, byte[]> message : consumer.poll(patience)) {
                        if (message.offset() < ends.get(partition)) {
                            reader.accept(new Letter(message));
                            if (advance) {
                                consumer.commitSync(
                                        Map.of(partition, new OffsetAndMetadata(message.offset() + 1)), patience);
                            }
                        }
                    }
                }
            }
        }
    }
}
