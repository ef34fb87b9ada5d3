package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The unpacked Keycloak with our extension, built ("augmented") once for both and our build options, with an empty database
 * for each new installation to copy: some 40 seconds of processor time, which the first start would otherwise pay.
 */
final class KeycloakDistribution {

    /** A change here makes the next start build again. */
    private static final List<String> BUILD_OPTIONS = List.of(
            "--db=dev-file",
            "--health-enabled=true",
            // One port instead of two: the management interface would take 9000.
            "--http-management-health-enabled=false",
            "--features-disabled=ciba,device-flow,kerberos,impersonation,par,web-authn,passkeys,"
                    + "organization,workflows,identity-brokering-api,twitter-broker");

    private static final List<String> OPENED = Stream.of("util", "util.concurrent", "security", "lang")
            .map(name -> "--add-opens=java.base/java." + name + "=ALL-UNNAMED")
            .toList();

    private KeycloakDistribution() {}

    /** Returns the folder of the distribution, built. */
    static Path provide() {
        Path folder = Unpacked.keycloak();
        Path stamp = folder.resolve("careloop-build.options");
        Unpacked.exclusively(folder.resolve("careloop-build.lock"), () -> {
            String wanted = String.join("\n", BUILD_OPTIONS) + "\n" + Sha256.of(extension());
            if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
                Files.deleteIfExists(stamp);
                Files.copy(
                        extension(),
                        folder.resolve("providers").resolve(extension().getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
                build(folder);
                KeycloakTemplate.create(folder);
                Files.writeString(stamp, wanted);
            }
        });
        return folder;
    }

    /** Built by the module {@code deploy/keycloak}; the same content gives the same bytes. */
    private static Path extension() {
        Path jar = ProjectRoot.find().resolve("deploy/keycloak/target/careloop-keycloak.jar");
        if (!Files.exists(jar)) {
            throw new PartFailure(
                    jar + " is missing (expected: put there by the build, mvn process-classes -pl deploy/keycloak)");
        }
        return jar;
    }

    /** Gives {@code home} the look of an installation that shares all but its data with {@code distribution}. */
    static void linkInto(Path distribution, Path home) throws IOException {
        Files.createDirectories(home);
        for (String name : List.of("bin", "conf", "lib", "providers", "themes", "version.txt")) {
            Path link = home.resolve(name);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, distribution.resolve(name));
        }
    }

    /** The command that {@code bin/kc.sh} runs, without the shell between us and the JVM that we have to stop. */
    static List<String> command(Path home, List<String> options, List<String> arguments) {
        List<String> all = new ArrayList<>(options);
        all.addAll(OPENED);
        all.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000"));
        return new JavaCommand("io.quarkus.bootstrap.runner.QuarkusEntryPoint")
                .options(all.toArray(String[]::new))
                .classPath(home.resolve("lib/quarkus-run.jar").toString())
                .arguments(arguments.toArray(String[]::new));
    }

    private static void build(Path folder) throws IOException {
        Path log = folder.resolve("careloop-build.log");
        List<String> arguments = new ArrayList<>(List.of("build"));
        arguments.addAll(BUILD_OPTIONS);
        Process build = new ProcessBuilder(command(folder, List.of("-Xmx512m"), arguments))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (build.waitFor() != 0) {
                throw new PartFailure("Keycloak cannot be built; the end of " + log + ":\n" + LogTail.of(log));
            }
        } catch (InterruptedException e) {
            build.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new PartFailure("interrupted while building Keycloak", e);
        }
    }
}
