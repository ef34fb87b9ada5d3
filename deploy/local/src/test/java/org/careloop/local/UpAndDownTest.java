package org.careloop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.careloop.parts.Liveness;
import org.careloop.parts.PartFailure;
import org.careloop.parts.ProcessStop;
import org.careloop.parts.StopSignal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpAndDownTest {

    private static final Preflight NO_DEMANDS = new Preflight(25, 0);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private WebComponent store;
    private WebComponent front;
    private Platform platform;

    @BeforeEach
    void describePlatform() {
        store = WebComponent.named("store", folder);
        front = WebComponent.named("front", folder, "store");
        platform = new Platform(new Layout(folder), List.of(front, store));
    }

    @AfterEach
    void stopAll() {
        down();
    }

    @Test
    void startsWhatIsNeededFirstAndSaysSo() {
        up(NO_DEMANDS);

        assertThat(printed()).containsSubsequence("store        ready, port " + store.port(), "front        ready");
        assertThat(store.isWell()).isTrue();
        assertThat(front.isWell()).isTrue();
    }

    @Test
    void secondUpStartsOnlyWhatIsNotRunning() {
        // Given
        up(NO_DEMANDS);
        long storeBefore = pid(store);
        long frontBefore = pid(front);
        kill(front);
        // When
        up(NO_DEMANDS);
        // Then
        assertThat(pid(store)).isEqualTo(storeBefore);
        assertThat(pid(front)).isNotEqualTo(frontBefore);
        assertThat(printed()).contains("running already: store\n");
    }

    @Test
    void secondUpReplacesWhatRunsAnOlderBuild() throws IOException {
        // Given
        up(NO_DEMANDS);
        long storeBefore = pid(store);
        long frontBefore = pid(front);
        Files.writeString(folder.resolve("front.build"), "new");
        // When
        up(NO_DEMANDS);
        // Then
        assertThat(pid(store)).isEqualTo(storeBefore);
        assertThat(pid(front)).isNotEqualTo(frontBefore);
        assertThat(printed()).contains("front runs an older build: starting it anew");
    }

    @Test
    void downStopsEverythingAndForgetsIt() throws IOException {
        // Given
        up(NO_DEMANDS);
        ProcessHandle process = platform.running(store).process().orElseThrow();
        // When
        down();
        // Then
        assertThat(Liveness.isRunning(process)).isFalse();
        assertThat(platform.running(front).process()).isEmpty();
        assertThat(Files.list(folder.resolve(".careloop/run"))).isEmpty();
    }

    @Test
    void refusesPortThatIsTakenAndNamesWhoTookIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(front.port())) {
            assertThatThrownBy(() -> up(NO_DEMANDS))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("port %d for front is taken by pid %d", taken.getLocalPort(), ownPid());
            assertThat(platform.running(store).process()).isEmpty();
        }
    }

    @Test
    void refusesOldJdkAndFullDiskAtOnce() {
        assertThatThrownBy(() -> up(new Preflight(99, Long.MAX_VALUE)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("(expected: 99 or newer)")
                .hasMessageContaining("MiB are free at " + folder.resolve(".careloop"));
    }

    @Test
    void stopsWhatItStartedWhenOneDoesNotComeUp() throws IOException {
        // Given
        Component broken = new FailingComponent("broken", Set.of("store"), folder.resolve("broken.log"));
        platform = new Platform(new Layout(folder), List.of(store, broken));
        // When
        assertThatThrownBy(() -> up(NO_DEMANDS))
                // Then
                .isInstanceOf(PartFailure.class)
                .hasMessageContaining("broken is broken");
        assertThat(store.isWell()).isFalse();
        assertThat(Files.list(folder.resolve(".careloop/run"))).isEmpty();
    }

    @Test
    void doesNotTakeAnotherProcessOfTheSameNumberForTheComponent() throws IOException {
        // Given
        platform.layout().create();
        Files.writeString(folder.resolve(".careloop/run/store.pid"), Long.toString(ownPid()));
        // When
        Optional<ProcessHandle> found = platform.running(store).process();
        down();
        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void interruptStopsWhatWasStarted() throws Exception {
        // Given
        Process launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessUp.class.getName(),
                        folder.toString(),
                        Integer.toString(store.port()),
                        Integer.toString(front.port()))
                .redirectErrorStream(true)
                .start();
        assertThat(launcher.inputReader().readLine()).contains("store        ready");
        ProcessHandle process = platform.running(store).process().orElseThrow();
        // When
        launcher.destroy();
        assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // Then
        assertThat(Liveness.isRunning(process)).isFalse();
        assertThat(front.isWell()).isFalse();
        assertThat(Files.list(folder.resolve(".careloop/run"))).isEmpty();
    }

    @Test
    void statusShowsHealthAndMemoryOfEachAndTheTotal() {
        // Given
        up(NO_DEMANDS);
        kill(front);
        // When
        boolean isAllWell = new Status(platform, stream()).print();
        // Then
        assertThat(isAllWell).isFalse();
        assertThat(printed())
                .containsPattern("store +%d +%d +up +0:00:\\d\\d +[1-9]\\d*".formatted(store.port(), pid(store)))
                .containsPattern("front +%d +- +down +- +-".formatted(front.port()))
                .containsPattern("total +[1-9]\\d*");
    }

    private void up(Preflight preflight) {
        new Up(platform, preflight, Progress.on(stream())).start(platform.components());
    }

    private void down() {
        new Down(platform, Progress.on(stream())).stop();
    }

    private PrintStream stream() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private long pid(Component component) {
        return platform.running(component).process().orElseThrow().pid();
    }

    private void kill(Component component) {
        ProcessHandle process = platform.running(component).process().orElseThrow();
        process.destroyForcibly();
        ProcessStop.stop(process, StopSignal.TERM, Duration.ofSeconds(10));
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }
}
