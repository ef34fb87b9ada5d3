package org.careloop.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.parts.JavaCommand;
import org.careloop.parts.Lifetime;
import org.careloop.parts.Program;
import org.careloop.parts.RunningProgram;
import org.careloop.parts.StopSignal;

/** A small real process in place of a service: the JDK's own file server on {@code folder}. */
record WebComponent(String name, int port, Set<String> needs, Path folder, String path) implements Component {

    static WebComponent named(String name, Path folder, String... needs) {
        return new WebComponent(name, freePort(), Set.of(needs), folder, "/");
    }

    /** One that answers, but never as it should. */
    WebComponent neverWell() {
        return new WebComponent(name, port, needs, folder, "/missing");
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    @Override
    public String marker() {
        return "-p " + port + " ";
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    public Path log() {
        return folder.resolve(name + ".log");
    }

    @Override
    public void requireBuilt() {
        // The JDK holds it.
    }

    @Override
    public boolean isOutdated(ProcessHandle process) {
        return Freshness.isNewer(folder.resolve(name + ".build"), process);
    }

    @Override
    public Launched launch() {
        List<String> command = new JavaCommand("-m", "jdk.httpserver")
                .options("-Xmx32m")
                .arguments("-p", Integer.toString(port), "-b", "127.0.0.1", "-d", folder.toString());
        Program program = new Program(name, command, Map.of(), folder, log(), StopSignal.TERM);
        RunningProgram running = RunningProgram.start(program, Lifetime.DETACHED);
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return running.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                running.awaitReady(limit, WebComponent.this::isWell);
            }
        };
    }

    @Override
    public boolean isWell() {
        return Http.answersOk("http://127.0.0.1:" + port + path);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
