package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** In containers a service may read what the list of the broker says: that is what it follows, and nothing else. */
class BrokerAccessIT {

    private static final List<String> SERVICES = List.of("patients", "care-plans", "referrals", "transitions");

    private final WholePlatform platform = WholePlatform.shared();

    @Test
    void theListOfTheBrokerIsWhatServicesFollow() throws Exception {
        assertThat(allowed()).isEqualTo(followed());
    }

    /** Topics of others; its own are one line. */
    private Map<String, Set<String>> followed() throws Exception {
        Map<String, Set<String>> followed = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            for (String service : SERVICES) {
                followed.put(
                        service,
                        admin
                                .listConsumerGroupOffsets(service)
                                .partitionsToOffsetAndMetadata()
                                .get(20, TimeUnit.SECONDS)
                                .keySet()
                                .stream()
                                .map(partition -> partition.topic())
                                .collect(Collectors.toCollection(TreeSet::new)));
                admin.describeConsumerGroups(List.of(service))
                        .describedGroups()
                        .get(service)
                        .get(20, TimeUnit.SECONDS)
                        .members()
                        .forEach(member -> member.assignment()
                                .topicPartitions()
                                .forEach(partition -> followed.get(service).add(partition.topic())));
                followed.get(service).removeIf(topic -> topic.startsWith(service + "."));
            }
        }
        return followed;
    }

    private static Map<String, Set<String>> allowed() throws IOException {
        Path list = Path.of(System.getProperty("careloop.root"), "deploy/images/kafka/acls");
        try (Stream<String> lines = Files.lines(list)) {
            return lines.map(line -> line.split("\\s+"))
                    .filter(words -> words[2].equals("literal"))
                    .collect(Collectors.groupingBy(
                            words -> words[0],
                            TreeMap::new,
                            Collectors.mapping(words -> words[3], Collectors.toCollection(TreeSet::new))));
        }
    }
}
