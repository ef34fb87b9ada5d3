package org.careloop.parts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A Kafka 4.2 on 127.0.0.1: one node that is broker and controller. It creates no topic by itself; who needs one
 * creates it. The controller listens on the port after the broker's.
 */
public final class KafkaPart extends Part {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Map<String, ?> client;

    private KafkaPart(RunningProgram program, int port, Map<String, ?> client) {
        super(program, port);
        this.client = Map.copyOf(client);
    }

    private static final int ATTEMPTS = 3;

    /**
     * Starts Kafka for as long as this JVM lives and waits until it serves clients.
     *
     * @param folder keeps its data and log; the data of an earlier run there is used on
     * @param port where to listen, the next one being taken as well; 0 takes two free ones
     * @throws PartFailure when it does not start within 60 seconds
     */
    public static KafkaPart start(Path folder, int port) {
        for (int attempt = 1; port == 0 && attempt < ATTEMPTS; attempt++) {
            try {
                return ready(launch(folder, port, Lifetime.WITH_PARENT), START_LIMIT);
            } catch (PartFailure portsWereTakenMeanwhile) {
                // Free ports stay free only until somebody else takes them; the last attempt tells what else it is.
            }
        }
        return ready(launch(folder, port, Lifetime.WITH_PARENT), START_LIMIT);
    }

    /**
     * Starts Kafka like {@link #start}, on free ports and with settings of the broker besides ours or in place of them.
     *
     * @param settings returns them for the port that was chosen; the controller has the next one
     * @param client what a client must be told besides the address to be let in
     */
    public static KafkaPart start(Path folder, IntFunction<Map<String, String>> settings, Map<String, ?> client) {
        return ready(launch(folder, 0, Lifetime.WITH_PARENT, settings, client), START_LIMIT);
    }

    /** Starts Kafka like {@link #start}, but does not wait for it. */
    public static KafkaPart launch(Path folder, int port, Lifetime lifetime) {
        return launch(folder, port, lifetime, chosen -> Map.of(), Map.of());
    }

    private static KafkaPart launch(
            Path folder, int port, Lifetime lifetime, IntFunction<Map<String, String>> own, Map<String, ?> client) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            int chosen = FreePorts.pair(port);
            Path logging = absolute.resolve("log4j2.properties");
            try (InputStream template = KafkaPart.class.getResourceAsStream("kafka-log4j2.properties")) {
                Files.copy(template, logging, StandardCopyOption.REPLACE_EXISTING);
            }
            Path settings = absolute.resolve("server.properties");
            Files.writeString(settings, KafkaSettings.of(chosen, absolute.resolve("data"), own.apply(chosen)));
            Path log = absolute.resolve("kafka.log");
            KafkaSettings.formatIfNew(absolute, settings, log);
            Program program = new Program(
                    "Kafka",
                    new JavaCommand("kafka.Kafka")
                            .options("-Xms64m", "-Xmx320m", "-XX:MaxMetaspaceSize=128m")
                            .options("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                            .options("-Dlog4j2.configurationFile=" + logging)
                            .classPath(Unpacked.kafka() + "/*")
                            .arguments(settings.toString()),
                    Map.of(),
                    absolute,
                    log,
                    StopSignal.TERM);
            return new KafkaPart(RunningProgram.start(program, lifetime), chosen, client);
        } catch (IOException e) {
            throw new PartFailure("Kafka cannot be prepared in " + absolute, e);
        }
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void awaitReady(Duration limit) {
        program().awaitReady(limit, () -> isServing(bootstrapServers(), client));
    }

    /** Whether the broker at {@code bootstrapServers} answers a client within three seconds. */
    public static boolean isServing(String bootstrapServers) {
        return isServing(bootstrapServers, Map.of());
    }

    private static boolean isServing(String bootstrapServers, Map<String, ?> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
        if (!TcpPort.isOpen(bootstrapServers)) {
            return false;
        }
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception _) {
            return false;
        }
    }
}
