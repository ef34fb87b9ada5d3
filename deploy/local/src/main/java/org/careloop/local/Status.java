package org.careloop.local;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table that {@code care status} prints. */
record Status(Platform platform, PrintStream out) {

    private static final String ROW = "%-12s %6s %8s  %-8s %10s %8s%n";

    /** Prints the table and returns whether all is up and well. */
    boolean print() {
        out.printf(ROW, "part", "port", "pid", "health", "up", "MiB");
        List<Line> lines =
                platform.components().parallelStream().map(this::line).toList();
        lines.forEach(line -> line.print(out));
        long total = lines.stream().mapToLong(Line::kibibytes).sum();
        out.printf(ROW, "total", "", "", "", "", total >> 10);
        return lines.stream().allMatch(line -> line.health().equals("up"));
    }

    private Line line(Component component) {
        Optional<ProcessHandle> process = platform.running(component).process();
        String health = process.isEmpty() ? "down" : component.isWell() ? "up" : "not well";
        return new Line(component, process, health);
    }

    /** One component. */
    private record Line(Component component, Optional<ProcessHandle> process, String health) {

        long kibibytes() {
            return process.map(each -> Memory.kibibytes(each).orElse(0)).orElse(0L);
        }

        void print(PrintStream out) {
            String pid = process.map(each -> Long.toString(each.pid())).orElse("-");
            String memory = process.isEmpty() ? "-" : Long.toString(kibibytes() >> 10);
            out.printf(ROW, component.name(), component.ports().getFirst(), pid, health, uptime(), memory);
        }

        private String uptime() {
            return process.flatMap(each -> each.info().startInstant())
                    .map(start -> Duration.between(start, Instant.now()))
                    .map(up -> "%d:%02d:%02d".formatted(up.toHours(), up.toMinutesPart(), up.toSecondsPart()))
                    .orElse("-");
        }
    }
}
