package org.careloop.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.careloop.parts.Part;
import org.careloop.parts.StopSignal;

/** A component that is not ours: it needs no other, and has a folder of its own for its data and log. */
interface PartComponent extends Component {

    Layout layout();

    /** Starts the part, detached from this JVM. */
    Part launchPart();

    /** Does what services expect of a part that serves, beyond its serving. */
    default void prepare() {
        // Most serve as they are.
    }

    default Path folder() {
        return layout().data().resolve(name());
    }

    @Override
    default Set<String> needs() {
        return Set.of();
    }

    @Override
    default boolean isPart() {
        return true;
    }

    @Override
    default StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    default Path log() {
        return folder().resolve(name() + ".log");
    }

    @Override
    default void requireBuilt() {
        // Its absence is told by the part itself, which knows what it needs.
    }

    @Override
    default Launched launch() {
        Part part = launchPart();
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return part.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                part.awaitReady(limit);
                prepare();
            }
        };
    }
}
