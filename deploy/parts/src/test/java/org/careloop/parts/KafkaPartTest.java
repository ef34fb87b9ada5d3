package org.careloop.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaPartTest {

    private static final Path FOLDER = Path.of("target", "parts", "kafka");

    @BeforeEach
    void startEmpty() throws IOException {
        FileTree.delete(FOLDER);
    }

    @Test
    void servesRecordsThatWereSentBeforeItsRestart() throws Exception {
        // Given
        try (KafkaPart before = KafkaPart.start(FOLDER, 0)) {
            createTopic(before);
            send(before, "p1", "kept");
        }
        // When
        try (KafkaPart after = KafkaPart.start(FOLDER, 0)) {
            // Then
            assertThat(receive(after)).containsExactly("p1=kept");
        }
    }

    private static void createTopic(KafkaPart kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("notes", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).containsExactly("notes");
        }
    }

    private static void send(KafkaPart kafka, String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("notes", key, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> receive(KafkaPart kafka) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "group.id", "reader", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("notes"));
            List<String> received = List.of();
            for (int polls = 0; polls < 20 && received.isEmpty(); polls++) {
                received = java.util.stream.StreamSupport.stream(
                                consumer.poll(Duration.ofSeconds(1)).spliterator(), false)
                        .map(KafkaPartTest::text)
                        .toList();
            }
            return received;
        }
    }

    private static String text(ConsumerRecord<String, String> each) {
        return each.key() + "=" + each.value();
    }
}
