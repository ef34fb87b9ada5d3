package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/** The settings of the one node, and its data folder's first formatting. */
final class KafkaSettings {

    private static final String TEMPLATE = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
            log.dirs=%3$s
            auto.create.topics.enable=false
            num.partitions=4
            default.replication.factor=1
            min.insync.replicas=1
            offsets.topic.num.partitions=4
            offsets.topic.replication.factor=1
            transaction.state.log.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.num.partitions=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            """;

    private KafkaSettings() {}

    /** Of what is set twice, the broker takes the last: {@code own} are in place of ours. */
    static String of(int port, Path data, Map<String, String> own) {
        return TEMPLATE.formatted(port, port + 1, data)
                + own.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** Formats the data folder that {@code settings} name unless it is formatted. */
    static void formatIfNew(Path folder, Path settings, Path log) throws IOException {
        if (Files.exists(folder.resolve("data/meta.properties"))) {
            return;
        }
        Process format = new ProcessBuilder(new JavaCommand("kafka.tools.StorageTool")
                        .options("-Xmx128m", "-XX:TieredStopAtLevel=1", "--sun-misc-unsafe-memory-access=allow")
                        .classPath(Unpacked.kafka() + "/*")
                        .arguments("format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (format.waitFor() != 0) {
                throw new PartFailure("Kafka's data cannot be formatted; the end of " + log + ":\n" + LogTail.of(log));
            }
        } catch (InterruptedException e) {
            format.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new PartFailure("interrupted while formatting Kafka's data", e);
        }
    }
}
