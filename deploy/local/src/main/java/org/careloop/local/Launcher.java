package org.careloop.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.careloop.local.registration.Registrar;
import org.careloop.local.story.DischargeStory;
import org.careloop.local.story.Stay;
import org.careloop.local.story.StoryFailure;
import org.careloop.local.story.StoryPlatform;
import org.careloop.parts.FileTree;
import org.careloop.parts.KeycloakPart;
import org.careloop.parts.PartFailure;
import org.careloop.parts.PostgresPart;
import org.careloop.parts.ProjectRoot;

/**
 * The commands behind {@code ./care}. Exit codes: 0 done, 1 not done (the reason is on standard error), 2 wrong usage.
 */
public final class Launcher {

    private static final String USAGE = """
            usage: care COMMAND
              up [NAME...]          start what is not running (all, or these and what they need), wait until ready
              demo                  up, then play the discharge story and say where to look next
              test [MAVEN ARGS...]  build and run all tests
              down                  stop everything
              status                what runs, how it is, how much memory it takes; exit code 1 unless all is up
              logs NAME [-f]        the log of one part or service; -f goes on
              token NAME            one access token of a client or user
              audit verify          walk the audit chains of all services; exit code 1 unless all are whole
              register KIND ...     a client and Organization for a new hospital, ehr or agency
              reset                 stop everything and delete all data
            """;

    private static final String SUPERVISOR = "supervisor";

    private final Layout layout;
    private final Ports ports;
    private final Secrets secrets;
    private final Platform platform;

    private Launcher(Layout layout, Ports ports) {
        this.layout = layout;
        this.ports = ports;
        this.secrets = new Secrets(System.getenv());
        this.platform = Platform.of(layout, ports, secrets);
    }

    /** Runs the command that {@code arguments} name. */
    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments)));
    }

    private static int run(List<String> arguments) {
        try {
            Ports ports = new Ports(offset(System.getenv().getOrDefault("CARELOOP_PORT_OFFSET", "0")));
            return new Launcher(Layout.of(ProjectRoot.find(), System.getenv()), ports).dispatch(arguments);
        } catch (Refusal | PartFailure | StoryFailure e) {
            System.err.println("care: " + e.getMessage());
            return 1;
        }
    }

    private int dispatch(List<String> arguments) {
        String command = arguments.isEmpty() ? "" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        return switch (command) {
            case "up" -> up(rest);
            case "demo" -> demo();
            case "down" -> down();
            case "status" -> new Status(platform, System.out).print() ? 0 : 1;
            case "logs" -> rest.isEmpty() ? usage() : logs(rest);
            case "token" -> rest.size() == 1 ? token(rest.getFirst()) : usage();
            case "audit" -> rest.equals(List.of("verify")) ? verifyAudit() : usage();
            case "register" -> register(rest);
            case "reset" -> reset();
            case "prepare" -> prepare();
            default -> usage();
        };
    }

    private int up(List<String> names) {
        Progress progress = Progress.on(System.out);
        List<Component> wanted = platform.named(names);
        alone(() -> new Up(platform, Preflight.STANDARD, progress).start(wanted));
        progress.say("ready");
        if (names.isEmpty()) {
            System.out.printf(
                    "%nFHIR      %s/fhir%nOpenAPI   %s/q/openapi%nKeycloak  %s%n",
                    ports.url(Service.GATEWAY), ports.url(Service.GATEWAY), ports.realmUrl());
        }
        return 0;
    }

    private int demo() {
        up(List.of());
        StoryPlatform story = new StoryPlatform(
                ports.url(Service.GATEWAY),
                ports.mllp(),
                name -> new Tokens(layout, ports.realmUrl(), secrets).of(name));
        DischargeStory.Ending ending = new DischargeStory(story, Stay.endingAt(Instant.now()), System.out).play();
        System.out.printf("""

                The story held. Look next:
                  TOKEN=$(./care token riverside-ehr)
                  curl -s -H "Authorization: Bearer $TOKEN" %1$s/fhir/%2$s
                  curl -s -H "Authorization: Bearer $TOKEN" %1$s/fhir/%3$s
                  curl -s -H "Authorization: Bearer $TOKEN" %1$s/fhir/%4$s/_history
                  %1$s/q/swagger-ui   ./care status   ./care logs transitions   ./care down
                """, ports.url(Service.GATEWAY), ending.plan(), ending.episode(), ending.task());
        return 0;
    }

    private int down() {
        alone(() -> new Down(platform, Progress.on(System.out)).stop());
        return 0;
    }

    private int reset() {
        alone(() -> {
            Progress progress = Progress.on(System.out);
            new Down(platform, progress).stop();
            PostgresPart.wipe(layout.data().resolve(PostgresComponent.NAME));
            try {
                FileTree.delete(layout.data());
                FileTree.delete(layout.logs());
            } catch (IOException e) {
                throw new Refusal("the data in " + layout.data() + " cannot be deleted", e);
            }
            progress.say("all data is deleted");
        });
        return 0;
    }

    private int logs(List<String> arguments) {
        Path log = platform.named(arguments.getFirst()).log();
        List<String> tail = arguments.contains("-f")
                ? List.of("tail", "-n", "200", "-f", log.toString())
                : List.of("tail", "-n", "200", log.toString());
        try {
            return new ProcessBuilder(tail).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new Refusal("the log cannot be shown", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private int token(String name) {
        System.out.println(new Tokens(layout, ports.realmUrl(), secrets).of(name));
        return 0;
    }

    private int verifyAudit() {
        String token = new Tokens(layout, ports.realmUrl(), secrets).of(SUPERVISOR);
        return new VerifyAudit(ports.url(Service.GATEWAY), token, System.out).run() ? 0 : 1;
    }

    /** Here, or at the platform that the environment names; a token is asked for only when the words make sense. */
    private int register(List<String> words) {
        Registrar.check(words);
        String realm = environment("CARELOOP_OIDC_URL", ports.realmUrl());
        String fhir = environment("CARELOOP_FHIR_BASE_URL", ports.url(Service.GATEWAY) + "/fhir");
        String token = new Tokens(layout, realm, secrets).of("careloop-registrar");
        new Registrar(realm, fhir, token, System.out).register(words);
        return 0;
    }

    private static String environment(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    /** What a build does so that the first start is as quick as the next. */
    private static int prepare() {
        KeycloakPart.prepare();
        return 0;
    }

    private static int usage() {
        System.err.print(USAGE);
        return 2;
    }

    /** Two launchers that start or stop at the same time would not see each other's processes. */
    private void alone(Runnable work) {
        layout.create();
        Path file = layout.run().resolve("lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new Refusal("another care is starting or stopping the platform; wait for it to end");
            }
            work.run();
        } catch (IOException e) {
            throw new Refusal(file + " cannot be used", e);
        }
    }

    private static int offset(String value) {
        if (!value.matches("\\d{1,5}")) {
            throw new Refusal("CARELOOP_PORT_OFFSET is not a number (expected: 0 to 40000)");
        }
        return Integer.parseInt(value);
    }
}
