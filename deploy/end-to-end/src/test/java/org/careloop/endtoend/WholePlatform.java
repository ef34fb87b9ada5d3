package org.careloop.endtoend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.local.story.StoryPlatform;

/** The packaged platform, started by its own launcher on free ports and with data of its own. */
final class WholePlatform {

    private static final int GATEWAY = 8080;
    private static final int PATIENTS = 8081;
    private static final int MLLP = 2575;
    private static final int KEYCLOAK = 8180;
    private static final int KAFKA = 19_092;
    private static final int LOG_DEPTH = 6;

    /**
     * Where Linux begins to number outgoing connections. A service that was killed would not get its port back from
     * there: while it is away, the next connection of anybody, of those that seek it too, may take it.
     */
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int[] SERVICES = {GATEWAY, PATIENTS, 8082, 8083, 8084};
    private static final int[] MANAGEMENT = {8980, 8981, 8982, 8983, 8984};
    private static final int[] PARTS = {KEYCLOAK, MLLP, 15_432, KAFKA, 19_093};
    private static final int[] PORTS =
            Stream.of(SERVICES, MANAGEMENT, PARTS).flatMapToInt(IntStream::of).toArray();

    /** Tokens live five minutes, a test less than four. */
    private static final Duration TOKEN_KEPT = Duration.ofMinutes(1);

    private final Path root = Path.of(System.getProperty("careloop.root"));
    private final Path state = Path.of("target", "platform").toAbsolutePath();
    private final int offset = freeOffset();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    private record Token(String text, Instant since) {}

    private WholePlatform() {}

    /** The one platform of all tests: started with empty data when it is first asked for, ended with the JVM. */
    static WholePlatform shared() {
        return Shared.PLATFORM;
    }

    private static final class Shared {

        private static final WholePlatform PLATFORM = start();

        private static WholePlatform start() {
            WholePlatform platform = new WholePlatform();
            platform.run("reset");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> platform.run("down")));
            platform.up();
            platform.registerHospital();
            return platform;
        }
    }

    /** The organisation of the tests' EHR, which their resources refer to. */
    private void registerHospital() {
        ObjectNode hospital = JsonNodeFactory.instance
                .objectNode()
                .put("resourceType", "Organization")
                .put("id", "riverside-clinic")
                .put("name", "Riverside Clinic");
        StoryPlatform.Answer answer = asUsersSeeIt().put("riverside-ehr", hospital, Optional.empty());
        if (answer.status() >= 300) {
            throw new IllegalStateException("hospital not registered: " + answer.text());
        }
    }

    /** Starts what does not run. */
    void up() {
        run("up");
    }

    /** Ends a service or part at once, as {@code kill -9} does; it gets no chance to finish anything. */
    void kill(String name) {
        try {
            long pid = Long.parseLong(Files.readString(state.resolve("run").resolve(name + ".pid"))
                    .strip());
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
        } catch (IOException e) {
            throw new IllegalStateException(name + " has no pid file", e);
        }
    }

    /** The platform as its users see it. */
    StoryPlatform asUsersSeeIt() {
        return new StoryPlatform("http://localhost:" + (GATEWAY + offset), MLLP + offset, this::token, Told::request);
    }

    /** The FHIR base as {@code who} sees it, for requests that no tool of a user would send. */
    RawHttp raw(String who) {
        return new RawHttp(fhirBase(), Optional.of(token(who)));
    }

    /** The FHIR base as somebody without a token sees it. */
    RawHttp anonymous() {
        return new RawHttp(fhirBase(), Optional.empty());
    }

    /** The FHIR base with a token that the platform's own tools did not get. */
    RawHttp bearing(String token) {
        return new RawHttp(fhirBase(), Optional.of(token));
    }

    /** The port on which hospitals send. */
    int mllpPort() {
        return MLLP + offset;
    }

    /** The realm's address, as in tokens. */
    String realm() {
        return "http://localhost:" + (KEYCLOAK + offset) + "/realms/careloop";
    }

    /** The broker. */
    String bootstrapServers() {
        return "127.0.0.1:" + (KAFKA + offset);
    }

    /** The FHIR base, without a slash at its end. */
    String fhir() {
        return "http://localhost:" + (GATEWAY + offset) + "/fhir";
    }

    /** Runs the launcher and returns what it prints. */
    String care(String command, List<String> arguments) {
        return run(Stream.concat(Stream.of(command), arguments.stream()).toArray(String[]::new));
    }

    /** A token of {@code who} that is good for minutes to come; a new one takes a process of its own. */
    private String token(String who) {
        return tokens.compute(
                        who,
                        (name, known) -> known != null
                                        && known.since().isAfter(Instant.now().minus(TOKEN_KEPT))
                                ? known
                                : newToken(name))
                .text();
    }

    private Token newToken(String who) {
        String text = run("token", who).strip();
        Told.secret(text);
        return new Token(text, Instant.now());
    }

    private String fhirBase() {
        return fhir() + "/";
    }

    /** Where the gateway listens, and a service behind it, for requests that no HTTP client would send. */
    List<Integer> openPorts() {
        return List.of(GATEWAY + offset, PATIENTS + offset);
    }

    /** What the launcher says of the audit chains; fails when one is broken. */
    String auditVerified() {
        return run("audit", "verify");
    }

    /** What each service and part logged so far, by the name of its file; not what Kafka and PostgreSQL store. */
    Map<String, String> logs() {
        try (Stream<Path> files =
                Files.find(state, LOG_DEPTH, (file, kind) -> kind.isRegularFile() && isLog(state.relativize(file)))) {
            return files.collect(Collectors.toMap(
                    file -> state.relativize(file).toString(), WholePlatform::text, String::concat, TreeMap::new));
        } catch (IOException e) {
            throw new IllegalStateException("logs cannot be found", e);
        }
    }

    /** Logs are of services, and of parts beside their data. */
    private static boolean isLog(Path file) {
        return file.toString().contains(".log") && !file.startsWith(Path.of("data", "kafka", "data"));
    }

    /** The administrator's password of PostgreSQL, which was made for this run. */
    String databasePassword() {
        return text(state.resolve("data/postgres/superuser.password")).strip();
    }

    /** What tells how services and Keycloak are, and needs no token, by its address. */
    Map<String, RawHttp.Answer> probes() {
        Map<String, RawHttp.Answer> answers = new TreeMap<>();
        for (int port : MANAGEMENT) {
            for (String path :
                    List.of("q/health", "q/health/live", "q/health/ready", "q/health/started", "q/metrics")) {
                String base = "http://localhost:" + (port + offset) + "/";
                answers.put(port + "/" + path, new RawHttp(base, Optional.empty()).get(path));
            }
        }
        for (String path : List.of("health", "health/ready", "metrics", "realms/careloop")) {
            String base = "http://localhost:" + (KEYCLOAK + offset) + "/";
            answers.put("keycloak/" + path, new RawHttp(base, Optional.empty()).get(path));
        }
        return answers;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-jar",
                root.resolve("deploy/local/target/local.jar").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CARELOOP_ROOT", root.toString());
        builder.environment().put("CARELOOP_STATE", state.toString());
        builder.environment().put("CARELOOP_PORT_OFFSET", Integer.toString(offset));
        // The tests end before the second compiler would pay.
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("care " + String.join(" ", arguments) + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException("the launcher cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static int freeOffset() {
        return IntStream.range(0, 100)
                .map(attempt -> ThreadLocalRandom.current().nextInt(1_000, FIRST_EPHEMERAL - KAFKA - 1))
                .filter(candidate -> IntStream.of(PORTS).allMatch(port -> isFree(port + candidate)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
