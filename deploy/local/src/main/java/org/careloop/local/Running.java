package org.careloop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.careloop.parts.Liveness;

/**
 * The process of a component, remembered in a file that outlives this JVM. The system may give the number to another
 * process later, so that a remembered process counts only while its command line is the component's.
 */
record Running(Path folder, Component component) {

    Optional<ProcessHandle> process() {
        try {
            String pid = Files.exists(file()) ? Files.readString(file()).strip() : "";
            return pid.matches("\\d{1,18}")
                    ? ProcessHandle.of(Long.parseLong(pid)).filter(this::isTheComponent)
                    : Optional.empty();
        } catch (IOException e) {
            throw new Refusal(file() + " cannot be read", e);
        }
    }

    void remember(ProcessHandle process) {
        try {
            Path unfinished = folder.resolve(component.name() + ".pid.new");
            Files.writeString(unfinished, process.pid() + "\n");
            Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Refusal(file() + " cannot be written", e);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new Refusal(file() + " cannot be deleted", e);
        }
    }

    private boolean isTheComponent(ProcessHandle process) {
        return Liveness.isRunning(process)
                && process.info().commandLine().orElse("").contains(component.marker());
    }

    private Path file() {
        return folder.resolve(component.name() + ".pid");
    }
}
