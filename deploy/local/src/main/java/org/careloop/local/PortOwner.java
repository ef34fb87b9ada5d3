package org.careloop.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who listens on a port, as far as this user may know. */
final class PortOwner {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortOwner() {}

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    /** Returns {@code pid 12 (/usr/bin/thing --arg)}, or {@code another process} where the system does not tell. */
    static String of(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            addListeners(PROC.resolve(table), port, sockets);
        }
        return ProcessHandle.allProcesses()
                .filter(process -> holdsAnyOf(sockets, process))
                .findFirst()
                .map(PortOwner::describe)
                .orElse("another process");
    }

    private static void addListeners(Path table, int port, Set<String> sockets) {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.strip().split("\\s+");
                boolean listens = fields.length > INODE
                        && fields[STATE].equals(LISTENING)
                        && fields[LOCAL_ADDRESS].endsWith(ending);
                if (listens) {
                    sockets.add("socket:[" + fields[INODE] + "]");
                }
            }
        } catch (IOException _) {
            // Not Linux: the port is named all the same, its owner is not.
        }
    }

    private static boolean holdsAnyOf(Set<String> sockets, ProcessHandle process) {
        if (sockets.isEmpty()) {
            return false;
        }
        Path descriptors = PROC.resolve(process.pid() + "/fd");
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (sockets.contains(target(link))) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static String describe(ProcessHandle process) {
        String command = process.info().commandLine().orElse("");
        String shown = command.length() > 80 ? command.substring(0, 80) + " ..." : command;
        return "pid " + process.pid() + (shown.isEmpty() ? "" : " (" + shown + ")");
    }
}
