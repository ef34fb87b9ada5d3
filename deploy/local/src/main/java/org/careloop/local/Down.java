package org.careloop.local;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.parts.ProcessStop;

/** Stops what is running, services before the parts that they need; in good order first, by force after 30 seconds. */
record Down(Platform platform, Progress progress) {

    private static final Duration GRACE = Duration.ofSeconds(30);

    void stop() {
        Set<String> needed = platform.components().stream()
                .flatMap(each -> each.needs().stream())
                .collect(Collectors.toSet());
        stopAll(platform.components().stream()
                .filter(each -> !needed.contains(each.name()))
                .toList());
        stopAll(platform.components().stream()
                .filter(each -> needed.contains(each.name()))
                .toList());
    }

    private void stopAll(List<Component> components) {
        List<Thread> threads = components.stream()
                .map(each -> Thread.ofPlatform().start(() -> stop(each)))
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Refusal("interrupted while stopping", e);
            }
        }
    }

    private void stop(Component component) {
        Running running = platform.running(component);
        running.process().ifPresent(process -> {
            ProcessStop.stop(process, component.stopSignal(), GRACE);
            progress.say("%-12s stopped, pid %d".formatted(component.name(), process.pid()));
        });
        running.forget();
    }
}
