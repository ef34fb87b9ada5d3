package org.careloop.parts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a command gets a session of its own: away from the terminal's Ctrl-C, and a process group to signal. */
final class OwnSession {

    private OwnSession() {}

    /**
     * Returns what to put before a command; it replaces itself by the command, so that the process id is the
     * command's.
     */
    static List<String> prefix() {
        return executable("setsid")
                .map(List::of)
                // macOS has no setsid program, but it has Perl.
                .or(() -> executable("perl")
                        .map(perl -> List.of(perl, "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die $!;", "--")))
                .orElseThrow(() -> new PartFailure("neither setsid (package util-linux) nor perl is on the PATH"));
    }

    static Optional<String> executable(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/bin:/bin:/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
