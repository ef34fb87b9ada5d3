package org.careloop.referrals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.Topics;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/** What other services tell this one, and what it tells, over the real broker. */
final class Bus {

    static final Instant TOLD = Instant.parse("2026-03-07T20:01:00Z");

    private Bus() {}

    /** Returns an event of {@code plan}; told again it keeps its id. */
    static ResourceEvent event(CarePlan plan, long version) {
        return event(plan, version, plan.getSubject().getReference());
    }

    static ResourceEvent event(Patient patient, long version) {
        return event(patient, version, "Patient/" + patient.getIdElement().getIdPart());
    }

    static ResourceEvent event(Consent consent, long version) {
        return event(consent, version, consent.getPatient().getReference());
    }

    static void tell(Consent consent) {
        tell(event(consent, 1));
    }

    static void tell(CarePlan plan) {
        tell(event(plan, 1));
    }

    static void tell(Patient patient) {
        tell(event(patient, 1));
    }

    /** Tells of {@code patient} and waits until the service has taken it: topics have no order among each other. */
    static void tellFirst(Patient patient) {
        RecordMetadata told = tell(event(patient, 1));
        TopicPartition partition = new TopicPartition(told.topic(), told.partition());
        try (Admin admin = Admin.create(connection())) {
            Scene.soon().until(() -> {
                OffsetAndMetadata taken = admin.listConsumerGroupOffsets("referrals")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(partition);
                return taken != null && taken.offset() > told.offset();
            });
        }
    }

    static RecordMetadata tell(ResourceEvent event) {
        String service = Set.of("Patient", "Consent").contains(event.resource().type()) ? "patients" : "care-plans";
        String topic = Topics.of(service, event.resource().type());
        create(topic);
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, event.key(), event.payload());
        CloudEventHeaders.write(event, service)
                .forEach((name, value) -> message.headers().add(name, value));
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(connection(), new StringSerializer(), new ByteArraySerializer())) {
            return producer.send(message).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns all that this service told of one resource so far, oldest first. */
    static List<ResourceEvent> told(String type, String id) {
        String topic = Topics.of("referrals", type);
        List<ResourceEvent> events = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(connection(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> events.add(read(message)));
            }
        }
        return events.stream()
                .filter(event -> event.resource().equals(ResourceKey.of(type, id)))
                .toList();
    }

    private static ResourceEvent event(Resource resource, long version, String key) {
        return new ResourceEvent(
                UUID.randomUUID(),
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart()),
                version == 1 ? Change.CREATED : Change.UPDATED,
                version,
                TOLD,
                key,
                Optional.empty(),
                Optional.empty(),
                FhirJson.write(resource));
    }

    private static ResourceEvent read(ConsumerRecord<String, byte[]> message) {
        return CloudEventHeaders.read(
                name -> Optional.ofNullable(message.headers().lastHeader(name)).map(Header::value),
                message.key(),
                message.value());
    }

    private static void create(String topic) {
        try (Admin admin = Admin.create(connection())) {
            if (!admin.listTopics().names().get().contains(topic)) {
                admin.createTopics(Set.of(new NewTopic(topic, 6, (short) 1)))
                        .all()
                        .get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> connection() {
        return new HashMap<>(Map.of("bootstrap.servers", RealParts.bootstrapServers()));
    }
}
