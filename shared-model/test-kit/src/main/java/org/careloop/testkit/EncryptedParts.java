package org.careloop.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.careloop.parts.FileTree;
import org.careloop.parts.KafkaPart;
import org.careloop.parts.PostgresPart;
import org.careloop.parts.ProjectRoot;
import org.yaml.snakeyaml.Yaml;

/**
 * PostgreSQL, Kafka and a realm that take encrypted connections alone, set up by the files that set them up in containers:
 * {@code docker-compose.yml} and what it mounts. For the service in profile {@code tls} whose database {@link RealParts#DATABASE}
 * names.
 */
public final class EncryptedParts implements QuarkusTestResourceLifecycleManager {

    /** Argument that names the service as in the compose file. */
    public static final String SERVICE = "service";

    private static final String PASSWORD = "test-only";
    private static final Path IMAGES = ProjectRoot.find().resolve("deploy/images");

    private String service = "";
    private String database = "";

    @Override
    public void init(Map<String, String> arguments) {
        service = arguments.get(SERVICE);
        database = arguments.get(RealParts.DATABASE);
    }

    @Override
    public Map<String, String> start() {
        Started.POSTGRES.createDatabase(database, database, PASSWORD);
        Map<String, String> settings = new HashMap<>();
        settings.put("careloop.tls.folder", certificates().of(service).toString());
        settings.put("careloop.database.host", "localhost");
        settings.put("careloop.database.port", Integer.toString(Started.POSTGRES.port()));
        settings.put("careloop.database.password", PASSWORD);
        settings.put("kafka.bootstrap.servers", bootstrapServers());
        settings.put("careloop.oidc.url", TestRealm.encrypted(certificates().shownBy("keycloak")));
        settings.put("quarkus.http.test-ssl-port", "0");
        for (String other : List.of("patients", "care-plans", "referrals", "transitions")) {
            settings.put("careloop.federation.services." + other, "https://localhost:9");
        }
        return settings;
    }

    @Override
    public void stop() {
        // The parts end with the JVM.
    }

    /** Those of all parts. */
    public static Certificates certificates() {
        return Started.CERTIFICATES;
    }

    /** Where the broker is. */
    public static String bootstrapServers() {
        return Started.KAFKA.bootstrapServers();
    }

    /** What the broker lets services do, in the words of {@code deploy/images/kafka/acls}. */
    static List<AclBinding> accessControl() {
        try (Stream<String> lines = Files.lines(IMAGES.resolve("kafka/acls"))) {
            return lines.filter(line -> !line.startsWith("#"))
                    .flatMap(line -> bindings(line.split("\\s+")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<AclBinding> bindings(String[] words) {
        ResourcePattern on = new ResourcePattern(
                ResourceType.fromString(words[1]), words[3], PatternType.valueOf(words[2].toUpperCase(Locale.ROOT)));
        return Arrays.stream(words[4].split(","))
                .map(operation -> operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_"))
                .map(operation -> new AclBinding(
                        on,
                        new AccessControlEntry(
                                "User:" + words[0], "*", AclOperation.fromString(operation), AclPermissionType.ALLOW)));
    }

    private static final class Started {

        private static final Path FOLDER =
                emptied(Path.of("target", "encrypted-parts").toAbsolutePath());
        private static final Certificates CERTIFICATES = Certificates.madeIn(FOLDER.resolve("tls"));
        private static final PostgresPart POSTGRES = PostgresPart.startEncrypted(
                FOLDER.resolve("postgres"), CERTIFICATES.of("postgres"), IMAGES.resolve("pg_hba.conf"));
        private static final KafkaPart KAFKA = kafka();

        private static Path emptied(Path folder) {
            try {
                FileTree.delete(folder);
                return Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static KafkaPart kafka() {
            Map<String, String> administrator = CERTIFICATES.kafka("kafka-admin");
            KafkaPart kafka = KafkaPart.start(FOLDER.resolve("kafka"), Started::brokerSettings, administrator);
            Map<String, Object> client = new HashMap<>(administrator);
            client.put("bootstrap.servers", kafka.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                admin.createAcls(accessControl()).all().get();
                return kafka;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("the access control list is not taken", e);
            }
        }

        /** As the image makes them of its environment; only places are this machine's. */
        private static Map<String, String> brokerSettings(int port) {
            return environment("kafka").entrySet().stream()
                    .filter(variable -> variable.getKey().startsWith("KAFKA_"))
                    .filter(variable -> !variable.getKey().equals("KAFKA_LOG_DIRS"))
                    .collect(Collectors.toMap(
                            variable -> variable.getKey()
                                    .substring("KAFKA_".length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '.'),
                            variable -> variable.getValue()
                                    .replace("$$", "$")
                                    .replace(
                                            "/run/tls", CERTIFICATES.of("kafka").toString())
                                    .replace("kafka:909", ":909")
                                    .replace(":9092", "127.0.0.1:" + port)
                                    .replace(":9093", "127.0.0.1:" + (port + 1))));
        }

        private static Map<String, String> environment(String service) {
            try {
                Map<String, Map<String, Map<String, Map<String, Object>>>> compose =
                        new Yaml().load(Files.readString(ProjectRoot.find().resolve("docker-compose.yml")));
                return compose.get("services").get(service).get("environment").entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
