package org.careloop.parts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a JVM of the same JDK as this one, set up to be small. */
public final class JavaCommand {

    private final List<String> command = new ArrayList<>();
    private final List<String> main;

    /** A JVM that runs {@code main}: the name of a class, or {@code -jar} and a file. */
    public JavaCommand(String... main) {
        this.main = List.of(main);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xss512k",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8"));
    }

    /** Adds options of the JVM. */
    public JavaCommand options(String... options) {
        command.addAll(List.of(options));
        return this;
    }

    /** Sets the class path. */
    public JavaCommand classPath(String path) {
        return options("-cp", path);
    }

    /** Ends the command with the arguments of the program. */
    public List<String> arguments(String... arguments) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(main);
        whole.addAll(List.of(arguments));
        return whole;
    }
}
