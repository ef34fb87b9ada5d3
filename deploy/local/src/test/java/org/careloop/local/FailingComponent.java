package org.careloop.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.careloop.parts.PartFailure;
import org.careloop.parts.StopSignal;

/** One that cannot be started once what it needs is ready. */
record FailingComponent(String name, Set<String> needs, Path log) implements Component {

    @Override
    public List<Integer> ports() {
        return List.of();
    }

    @Override
    public String marker() {
        return name;
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    public void requireBuilt() {
        // It is its start that fails.
    }

    @Override
    public Launched launch() {
        throw new PartFailure(name + " is broken");
    }

    @Override
    public boolean isWell() {
        return false;
    }
}
