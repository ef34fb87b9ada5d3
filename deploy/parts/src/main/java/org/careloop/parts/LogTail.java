package org.careloop.parts;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The last lines of a log file, for messages about what went wrong. */
public final class LogTail {

    private static final int LINES = 25;
    private static final int ERRORS = 10;
    private static final int BYTES = 32_768;

    private LogTail() {}

    /**
     * Returns the last 25 lines, and before them the last 10 that tell of an error: what a program says when it stops may stand after
     * its reason. At most 32 KiB, indented; or a remark when {@code log} cannot be read.
     */
    public static String of(Path log) {
        return of(log, 0);
    }

    /** Like {@link #of(Path)}, but nothing of what was in the file before byte {@code from}. */
    static String of(Path log, long from) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(from, file.length() - BYTES);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            int tail = Math.max(0, lines.size() - LINES);
            List<String> errors = lines.subList(0, tail).stream()
                    .filter(line -> line.contains("ERROR"))
                    .toList();
            List<String> shown = new ArrayList<>(errors.subList(Math.max(0, errors.size() - ERRORS), errors.size()));
            shown.addAll(lines.subList(tail, lines.size()));
            return String.join("\n", shown).indent(4);
        } catch (IOException e) {
            return "    (no log: " + e.getMessage() + ")";
        }
    }
}
