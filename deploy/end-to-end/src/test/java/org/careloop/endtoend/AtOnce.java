package org.careloop.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several who begin at the same moment. */
final class AtOnce {

    private AtOnce() {}

    /** Returns what they return, in their order; fails when one of them does. */
    static <T> List<T> all(List<Callable<T>> voices) throws Exception {
        CyclicBarrier start = new CyclicBarrier(voices.size());
        List<Future<T>> answers = new ArrayList<>();
        List<T> said = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(voices.size())) {
            for (Callable<T> voice : voices) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return voice.call();
                }));
            }
            for (Future<T> answer : answers) {
                said.add(answer.get());
            }
        }
        return said;
    }
}
