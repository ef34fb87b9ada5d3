package org.careloop.eventflow.internal;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.careloop.audittrail.AuditHead;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.EventFlowConfig;

/**
 * Tells the heads of the audit chain to the broker, where who rules the database does not reach them. The topic is compacted:
 * of each thousand links the last head is kept for good.
 */
@Singleton
public class SealHeads {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LINKS_OF_A_KEY = 1000;

    private final EventFlowConfig config;
    private final KafkaClients kafka;
    private final OwnTopics topics;

    SealHeads(EventFlowConfig config, KafkaClients kafka, OwnTopics topics) {
        this.config = config;
        this.kafka = kafka;
        this.topics = topics;
    }

    private String topic() {
        return Topics.auditSeals(config.service());
    }

    /** Makes the topic if it is missing, and returns what writes to it. */
    KafkaProducer<String, byte[]> producer() throws InterruptedException {
        topics.makeMissing(List.of(topic()));
        return kafka.producer();
    }

    /** Completes when the broker has {@code head}. */
    void tell(KafkaProducer<String, byte[]> producer, AuditHead head) throws InterruptedException, ExecutionException {
        byte[] value = (head.number() + " " + head.digest()).getBytes(StandardCharsets.US_ASCII);
        producer.send(new ProducerRecord<>(topic(), Long.toString(head.number() / LINKS_OF_A_KEY), value))
                .get();
    }

    /** Returns the digests that were told, by number of link; empty when the broker cannot be asked. */
    Optional<Map<Long, String>> told() {
        Map<Long, String> heads = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(config.service() + "-audit-verification")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic(), PATIENCE).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each, PATIENCE) < ends.get(each))) {
                consumer.poll(PATIENCE).forEach(record -> read(record, heads));
            }
            return Optional.of(heads);
        } catch (KafkaException e) {
            return Optional.empty();
        }
    }

    private static void read(ConsumerRecord<String, byte[]> record, Map<Long, String> heads) {
        String[] parts = new String(record.value(), StandardCharsets.US_ASCII).split(" ", 2);
        // The first word counts: who rewrites the chain may tell its new heads too.
        heads.putIfAbsent(Long.parseLong(parts[0]), parts[1]);
    }
}
