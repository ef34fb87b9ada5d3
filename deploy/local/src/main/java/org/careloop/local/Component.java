package org.careloop.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.careloop.parts.StopSignal;

/** One process of the platform that the launcher starts, watches and stops. */
interface Component {

    /** What people call it: {@code care-plans}. */
    String name();

    /** The ports that it takes; the first is the one to show. */
    List<Integer> ports();

    /** The components that must be ready before this one starts. */
    Set<String> needs();

    /** Whether services work with it: it is stopped after them. */
    default boolean isPart() {
        return false;
    }

    /** A text that the command line of its process has and no other process's. */
    String marker();

    StopSignal stopSignal();

    Path log();

    /** Refuses when what it is made of is missing. */
    void requireBuilt();

    /** Whether what it is made of has changed since {@code process} was started. */
    default boolean isOutdated(ProcessHandle process) {
        return false;
    }

    /** Starts it, detached from this JVM. */
    Launched launch();

    /** Whether it does its job right now. */
    boolean isWell();

    /** A component on its way up. */
    interface Launched {

        ProcessHandle process();

        void awaitReady(Duration limit);
    }
}
