package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.EventFlowConfig;

/** Keeps what could not be taken, whole and with its reason, before its offset is committed. */
@Singleton
public class DeadLetterWriter {

    static final String REASON = "careloop_reason";
    static final String TOPIC = "careloop_topic";
    static final String PARTITION = "careloop_partition";
    static final String OFFSET = "careloop_offset";

    private final EventFlowConfig config;
    private final KafkaClients kafka;

    DeadLetterWriter(EventFlowConfig config, KafkaClients kafka) {
        this.config = config;
        this.kafka = kafka;
    }

    /** Returns when the broker has it; fails with {@link KafkaException}, and then the event is tried again. */
    void write(ConsumerRecord<String, byte[]> message, String reason) throws InterruptedException {
        ProducerRecord<String, byte[]> letter =
                new ProducerRecord<>(Topics.deadLetters(config.service()), message.key(), message.value());
        message.headers().forEach(letter.headers()::add);
        letter.headers().remove(REASON);
        add(letter, REASON, reason);
        // A letter that failed again still tells where its event came from, or a later replay would find no handler.
        if (message.headers().lastHeader(TOPIC) == null) {
            add(letter, TOPIC, message.topic());
            add(letter, PARTITION, Integer.toString(message.partition()));
            add(letter, OFFSET, Long.toString(message.offset()));
        }
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(letter).get();
        } catch (ExecutionException e) {
            throw new KafkaException("dead letter cannot be written", e.getCause());
        }
        LOG.deadLetter(message.topic(), message.partition(), message.offset(), reason);
    }

    private static void add(ProducerRecord<String, byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
