package org.careloop.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A process whose parent never asks how it ended, as in a container whose first process is no init. */
record Unreaped(Process parent, ProcessHandle child) implements AutoCloseable {

    /**
     * Starts one under the account that PostgreSQL runs under; of others' processes PostgreSQL knows that they are not
     * it.
     */
    static Unreaped start() throws IOException {
        List<String> command = new ArrayList<>(PostgresUser.current().prefix());
        command.addAll(List.of("sh", "-c", "sleep 300 & echo $!; exec sleep 300"));
        Process parent = new ProcessBuilder(command).start();
        long pid = Long.parseLong(parent.inputReader().readLine());
        return new Unreaped(parent, ProcessHandle.of(pid).orElseThrow());
    }

    @Override
    public void close() {
        child.destroyForcibly();
        parent.destroyForcibly();
    }
}
