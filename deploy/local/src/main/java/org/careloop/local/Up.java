package org.careloop.local;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.careloop.parts.ProcessStop;

/**
 * Starts what is not running: at the same time what does not need each other. If one does not come up, or the person
 * presses Ctrl-C, what this start has started is stopped again; what ran before is left alone, unless it runs an older
 * build.
 */
record Up(Platform platform, Preflight preflight, Progress progress) {

    private static final Duration READY_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final long REMIND_EVERY_SECONDS = 10;

    void start(List<Component> wanted) {
        platform.layout().create();
        wanted.forEach(this::stopIfOutdated);
        Set<String> running = wanted.stream()
                .filter(each -> platform.running(each).process().isPresent())
                .map(Component::name)
                .collect(Collectors.toSet());
        List<Component> toStart =
                wanted.stream().filter(each -> !running.contains(each.name())).toList();
        if (!running.isEmpty()) {
            progress.say("running already: "
                    + String.join(", ", running.stream().sorted().toList()));
        }
        preflight.check(platform.layout(), toStart);
        Started started = new Started();
        Thread onInterrupt = new Thread(started::interrupt, "take-back");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            startAll(toStart, started);
        } catch (RuntimeException e) {
            started.takeBack();
            if (started.isInterrupted()) {
                throw new Refusal("interrupted; what was started is stopped again");
            }
            throw e;
        } finally {
            disarm(onInterrupt);
        }
    }

    private void stopIfOutdated(Component component) {
        platform.running(component).process().filter(component::isOutdated).ifPresent(process -> {
            progress.say(component.name() + " runs an older build: starting it anew");
            ProcessStop.stop(process, component.stopSignal(), STOP_LIMIT);
        });
    }

    private void startAll(List<Component> toStart, Started started) {
        Map<String, CompletableFuture<Void>> ready = new ConcurrentHashMap<>();
        Set<String> open = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Component component : inOrderOfNeed(toStart)) {
                open.add(component.name());
                CompletableFuture<?>[] needed = component.needs().stream()
                        .map(need -> ready.getOrDefault(need, CompletableFuture.completedFuture(null)))
                        .toArray(CompletableFuture<?>[]::new);
                ready.put(
                        component.name(),
                        CompletableFuture.allOf(needed)
                                .thenRunAsync(() -> startOne(component, started), threads)
                                .thenRun(() -> open.remove(component.name())));
            }
            try {
                await(ready, open);
            } catch (RuntimeException e) {
                // Closing the executor waits for its threads; what they wait for must end first.
                progress.say("stopping what was started");
                threads.shutdownNow();
                started.takeBack();
                throw e;
            }
        }
    }

    private void startOne(Component component, Started started) {
        Component.Launched launched = started.launch(platform.running(component), component::launch);
        launched.awaitReady(READY_LIMIT);
        progress.say("%-12s ready, port %d, pid %d"
                .formatted(
                        component.name(),
                        component.ports().getFirst(),
                        launched.process().pid()));
    }

    private void await(Map<String, CompletableFuture<Void>> ready, Set<String> open) {
        CompletableFuture<Void> all = CompletableFuture.allOf(ready.values().toArray(CompletableFuture<?>[]::new));
        CompletableFuture<Void> failure = new CompletableFuture<>();
        ready.values()
                .forEach(each -> each.exceptionally(problem -> {
                    failure.completeExceptionally(problem);
                    return null;
                }));
        CompletableFuture<Object> end = CompletableFuture.anyOf(all, failure);
        while (!end.isDone()) {
            try {
                end.get(REMIND_EVERY_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                progress.say("waiting for "
                        + String.join(", ", open.stream().sorted().toList()));
            } catch (ExecutionException _) {
                break;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Refusal("interrupted", e);
            }
        }
        throwIfFailed(end);
    }

    private static void throwIfFailed(CompletableFuture<Object> end) {
        try {
            end.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Those without needs first; no chain of needs is longer than one here. */
    private static List<Component> inOrderOfNeed(List<Component> components) {
        return components.stream()
                .sorted(Comparator.comparingInt(each -> each.needs().size()))
                .toList();
    }

    private static void disarm(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is going down: the hook does the rest.
        }
    }
}
