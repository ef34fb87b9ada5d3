package org.careloop.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.careloop.parts.KafkaPart;
import org.careloop.parts.PostgresPart;

/**
 * A PostgreSQL and a Kafka broker on free ports, shared by all tests of one application, with the database of the service under test.
 * Tokens are those of {@link Tokens}.
 */
public final class RealParts implements QuarkusTestResourceLifecycleManager {

    /** Argument that names the service's database, as in {@code careloop.database.name}. */
    public static final String DATABASE = "database";

    private static final String PASSWORD = "test-only";
    private static final String APPLICATIONS = "careloop.test.applications";

    private String database = "";

    @Override
    public void init(Map<String, String> arguments) {
        database = arguments.get(DATABASE);
    }

    @Override
    public Map<String, String> start() {
        PostgresPart postgres = Started.POSTGRES;
        postgres.createDatabase(database, database, PASSWORD);
        Map<String, String> settings = new HashMap<>();
        settings.put("careloop.database.host", "localhost");
        settings.put("careloop.database.port", Integer.toString(postgres.port()));
        settings.put("careloop.database.password", PASSWORD);
        settings.put("kafka.bootstrap.servers", Started.KAFKA.bootstrapServers());
        settings.putAll(TokenTrust.settings());
        return settings;
    }

    @Override
    public void stop() {
        // The parts end with the JVM.
    }

    /** The broker of this JVM's tests, for tests that tell or hear events themselves. */
    public static String bootstrapServers() {
        return Started.KAFKA.bootstrapServers();
    }

    private static final class Started {
        private static final Path FOLDER = folder();
        private static final PostgresPart POSTGRES = PostgresPart.start(FOLDER.resolve("postgres"), 0);
        private static final KafkaPart KAFKA = KafkaPart.start(FOLDER.resolve("kafka"), 0);

        /** An application with settings of its own is loaded anew, with parts of its own beside the first ones. */
        private static Path folder() {
            int number = Integer.getInteger(APPLICATIONS, 0) + 1;
            System.setProperty(APPLICATIONS, Integer.toString(number));
            return Path.of("target", number == 1 ? "parts" : "parts-" + number).toAbsolutePath();
        }
    }
}
