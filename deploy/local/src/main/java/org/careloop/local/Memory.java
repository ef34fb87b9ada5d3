package org.careloop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Resident memory of a process and its descendants. */
final class Memory {

    private Memory() {}

    /**
     * Returns KiB. A family of processes shares pages (PostgreSQL its buffers), which are counted once where the system
     * tells them apart (Linux's proportional set size); a single process counts in full.
     */
    static OptionalLong kibibytes(ProcessHandle process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        if (descendants.isEmpty()) {
            return field(process, "status", "VmRSS:");
        }
        return Stream.concat(Stream.of(process), descendants.stream())
                .map(each -> field(each, "smaps_rollup", "Pss:"))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .reduce(Long::sum);
    }

    private static OptionalLong field(ProcessHandle process, String file, String name) {
        Path path = Path.of("/proc", Long.toString(process.pid()), file);
        if (!Files.exists(path)) {
            return ps(process);
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /** For systems without {@code /proc}. */
    private static OptionalLong ps(ProcessHandle process) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
            return ps.inputReader()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }
}
