package org.careloop.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.Topics;
import org.careloop.fhirmodel.ResourceKey;

/** Tells and hears events on the broker of {@link RealParts}, as another service does. */
public final class Events {

    private static final int PARTITIONS = 6;

    private Events() {}

    /** An event of now, by a resource of {@code type} with the given body. */
    public static ResourceEvent event(ResourceKey resource, Change change, long version, String key, String body) {
        return new ResourceEvent(
                UUID.randomUUID(),
                resource,
                change,
                version,
                Instant.now(),
                key,
                Optional.empty(),
                Optional.empty(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** Tells {@code event} on the topic of {@code service}; returns when the broker has it. */
    public static void tell(String service, ResourceEvent event) {
        String topic = Topics.of(service, event.resource().type());
        send(topic, event.key(), CloudEventHeaders.write(event, service), event.payload());
    }

    /** As {@link #tell(String, ResourceEvent)}, of many resources of one type, in this order. */
    public static void tell(String service, String type, List<ResourceEvent> events) {
        String topic = Topics.of(service, type);
        send(
                topic,
                events.stream()
                        .map(event ->
                                message(topic, event.key(), CloudEventHeaders.write(event, service), event.payload()))
                        .toList());
    }

    /** Sends any message; returns when the broker has it. */
    public static void send(String topic, String key, Map<String, byte[]> headers, byte[] payload) {
        send(topic, List.of(message(topic, key, headers, payload)));
    }

    private static ProducerRecord<String, byte[]> message(
            String topic, String key, Map<String, byte[]> headers, byte[] payload) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, key, payload);
        headers.forEach(message.headers()::add);
        return message;
    }

    private static void send(String topic, List<ProducerRecord<String, byte[]>> messages) {
        createTopic(topic);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(connection(), new StringSerializer(), new ByteArraySerializer())) {
            for (Future<RecordMetadata> sent :
                    messages.stream().map(producer::send).toList()) {
                sent.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not take the message", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns everything that {@code topic} holds now, in the order of each partition. */
    public static List<ConsumerRecord<String, byte[]>> all(String topic) {
        List<ConsumerRecord<String, byte[]>> messages = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(connection(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(messages::add);
            }
        }
        return messages;
    }

    /** Returns what {@code topic} holds of the keys {@code key}. */
    public static List<ConsumerRecord<String, byte[]>> of(String topic, String key) {
        return all(topic).stream().filter(message -> key.equals(message.key())).toList();
    }

    /** Returns the last header called {@code name} as text; fails when there is none. */
    public static String header(ConsumerRecord<String, byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        if (header == null) {
            throw new AssertionError("no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void createTopic(String topic) {
        try (Admin admin = Admin.create(connection())) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("the topic cannot be made", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> connection() {
        return Map.of("bootstrap.servers", RealParts.bootstrapServers());
    }
}
