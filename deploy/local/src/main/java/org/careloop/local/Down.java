package org.careloop.local;

import java.time.Duration;
import java.util.List;
import org.careloop.parts.ProcessStop;

/** Stops what is running, services before the parts; in good order first, by force after 30 seconds. */
record Down(Platform platform, Progress progress) {

    private static final Duration GRACE = Duration.ofSeconds(30);

    void stop() {
        stopAll(platform.components().stream().filter(each -> !each.isPart()).toList());
        stopAll(platform.components().stream().filter(Component::isPart).toList());
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
