package org.careloop.local;

import java.util.List;
import org.careloop.parts.KafkaPart;
import org.careloop.parts.Lifetime;
import org.careloop.parts.Part;

/** The broker. */
record KafkaComponent(Layout layout, Ports portNumbers) implements PartComponent {

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
    public String marker() {
        return folder().resolve("server.properties").toString();
    }

    @Override
    public Part launchPart() {
        return KafkaPart.launch(folder(), portNumbers.kafka(), Lifetime.DETACHED);
    }

    @Override
    public boolean isWell() {
        return KafkaPart.isServing("127.0.0.1:" + portNumbers.kafka());
    }
}
