package org.careloop.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.careloop.parts.JavaCommand;
import org.careloop.parts.Lifetime;
import org.careloop.parts.Program;
import org.careloop.parts.RunningProgram;
import org.careloop.parts.StopSignal;

/** One of Careloop's own services: a Quarkus application in a small JVM. */
record ServiceComponent(Service service, Layout layout, Ports portNumbers, Secrets secrets) implements Component {

    @Override
    public String name() {
        return service.id();
    }

    @Override
    public List<Integer> ports() {
        int http = portNumbers.of(service);
        int management = portNumbers.management(service);
        return service == Service.TRANSITIONS
                ? List.of(http, management, portNumbers.mllp())
                : List.of(http, management);
    }

    @Override
    public Set<String> needs() {
        // Not Keycloak: the services fetch its keys when the first token comes, and it takes longest to start.
        return service.database().isPresent() ? Set.of(PostgresComponent.NAME, KafkaComponent.NAME) : Set.of();
    }

    @Override
    public String marker() {
        return layout.serviceJar(service.id()).toString();
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    public Path log() {
        return layout.log(service.id());
    }

    @Override
    public void requireBuilt() {
        if (!Files.exists(layout.serviceJar(service.id()))) {
            throw new Refusal(service.id() + " is not built: " + layout.serviceJar(service.id())
                    + " is missing (build it with: mvn -DskipTests package)");
        }
    }

    @Override
    public boolean isOutdated(ProcessHandle process) {
        return Freshness.isNewer(layout.serviceJar(service.id()), process);
    }

    @Override
    public Launched launch() {
        Program program = new Program(
                service.id(),
                new JavaCommand("-jar", layout.serviceJar(service.id()).toString())
                        .options("-Xms64m", "-XX:NewSize=32m", "-Xmx384m")
                        // Below the first size, each step of growth costs a collection of the whole heap at the start.
                        .options("-XX:MetaspaceSize=128m", "-XX:MaxMetaspaceSize=192m", "-XX:MaxDirectMemorySize=64m")
                        .arguments(),
                new ServiceEnvironment(portNumbers, secrets).of(service),
                layout.root(),
                log(),
                StopSignal.TERM);
        RunningProgram running = RunningProgram.start(program, Lifetime.DETACHED);
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return running.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                running.awaitReady(limit, ServiceComponent.this::isWell);
            }
        };
    }

    @Override
    public boolean isWell() {
        return Http.answersOk("http://127.0.0.1:" + portNumbers.management(service) + "/q/health/ready");
    }
}
