package org.careloop.local;

import java.io.File;
import java.nio.file.Path;

/** Whether a process still runs what lies on the disk. */
final class Freshness {

    private Freshness() {}

    /** Whether {@code file} was written after {@code process} was started. */
    static boolean isNewer(Path file, ProcessHandle process) {
        File onDisk = file.toFile();
        return process.info()
                .startInstant()
                .map(start -> onDisk.lastModified() > start.toEpochMilli())
                .orElse(false);
    }
}
