package org.careloop.parts;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to run.
 *
 * @param name what people call it, for messages
 * @param command the executable and its arguments
 * @param environment added to the environment of this JVM
 * @param directory where it runs; must exist
 * @param log where its output is appended to
 * @param stopSignal what asks it to end
 */
public record Program(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path log,
        StopSignal stopSignal) {

    /** Keeps copies, so that a program does not change after it was described. */
    public Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
