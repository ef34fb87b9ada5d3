package org.careloop.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.careloop.parts.KafkaPart;
import org.careloop.parts.Lifetime;
import org.careloop.parts.StopSignal;

/** The broker. */
record KafkaComponent(Layout layout, Ports portNumbers) implements Component {

    static final String NAME = "kafka";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(portNumbers.kafka(), portNumbers.kafkaController());
    }

    @Override
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public boolean isPart() {
        return true;
    }

    @Override
    public String marker() {
        return folder().resolve("server.properties").toString();
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    public Path log() {
        return folder().resolve("kafka.log");
    }

    @Override
    public void requireBuilt() {
        // Its absence is told by the part itself, which knows what it needs.
    }

    @Override
    public Launched launch() {
        KafkaPart part = KafkaPart.launch(folder(), portNumbers.kafka(), Lifetime.DETACHED);
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return part.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                part.awaitReady(limit);
            }
        };
    }

    @Override
    public boolean isWell() {
        return KafkaPart.isServing("127.0.0.1:" + portNumbers.kafka());
    }

    private Path folder() {
        return layout.data().resolve(NAME);
    }
}
