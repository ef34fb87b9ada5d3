package org.careloop.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunningProgramTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void showsEndOfLogOfProgramThatEndsBeforeItIsReady() {
        try (RunningProgram program = RunningProgram.start(shell("echo no such table; exit 3"), Lifetime.WITH_PARENT)) {
            assertThatThrownBy(() -> program.awaitReady(LIMIT, () -> false))
                    .isInstanceOf(PartFailure.class)
                    .hasMessageContaining("sample ended with exit code 3 before it was ready")
                    .hasMessageContaining("no such table");
        }
    }

    @Test
    void givesUpOnProgramThatDoesNotGetReady() {
        try (RunningProgram program = RunningProgram.start(shell("echo stuck; sleep 60"), Lifetime.WITH_PARENT)) {
            assertThatThrownBy(() -> program.awaitReady(Duration.ofSeconds(1), () -> false))
                    .isInstanceOf(PartFailure.class)
                    .hasMessageContaining("sample was not ready after 1 s")
                    .hasMessageContaining("stuck");
        }
    }

    @Test
    void closeEndsTheProgramAndWhatItStarted() throws Exception {
        // Given
        RunningProgram program = RunningProgram.start(shell("sleep 60 & echo $! > child; wait"), Lifetime.WITH_PARENT);
        program.awaitReady(LIMIT, () -> !read("child").isEmpty());
        ProcessHandle child = ProcessHandle.of(Long.parseLong(read("child"))).orElseThrow();
        // When
        program.close();
        // Then
        assertThat(Liveness.isRunning(program.process())).isFalse();
        assertThat(Liveness.isRunning(child)).isFalse();
    }

    @Test
    void programDoesNotOutliveTheKillOfItsParent() throws Exception {
        // Given
        Process parent = java("WITH_PARENT");
        ProcessHandle child = childOf(parent);
        // When
        parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        // Then
        assertThat(Liveness.awaitEnd(List.of(child), LIMIT)).isTrue();
    }

    @Test
    void detachedProgramGoesOnWithoutItsParent() throws Exception {
        // Given
        Process parent = java("DETACHED");
        ProcessHandle child = childOf(parent);
        // When
        parent.destroy();
        parent.waitFor(10, TimeUnit.SECONDS);
        // Then
        assertThat(Liveness.isRunning(child)).isTrue();
        ProcessStop.stop(child, StopSignal.TERM, LIMIT);
        assertThat(Liveness.isRunning(child)).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopDoesNotWaitForParentThatNeverAsksForTheExitCode() throws Exception {
        try (Unreaped unreaped = Unreaped.start()) {
            // Given
            Instant start = Instant.now();
            // When
            ProcessStop.stop(unreaped.child(), StopSignal.TERM, Duration.ofSeconds(60));
            // Then
            assertThat(Liveness.isRunning(unreaped.child())).isFalse();
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assumeThat(unreaped.child().isAlive())
                    .as("the parent left the entry, which nothing here can make it do")
                    .isTrue();
        }
    }

    private Program shell(String script) {
        return new Program(
                "sample", List.of("sh", "-c", script), Map.of(), folder, folder.resolve("log"), StopSignal.TERM);
    }

    private Process java(String lifetime) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SleeperParent.class.getName(),
                        lifetime,
                        folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static ProcessHandle childOf(Process parent) throws IOException {
        String pid = Optional.ofNullable(parent.inputReader().readLine()).orElseThrow();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }
}
