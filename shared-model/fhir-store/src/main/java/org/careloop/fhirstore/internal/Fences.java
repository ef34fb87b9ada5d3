package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * Keeps reads from seeing half of a transaction that spans services: a part of it may be committed elsewhere while the part
 * here is still prepared. A read that meets such a part waits until it has ended; that takes milliseconds.
 */
final class Fences {

    private static final String FENCED = "CL001";
    private static final Duration PAUSE = Duration.ofMillis(3);
    private static final int MOST_PAUSES = 1500;

    private Fences() {}

    /**
     * Returns the predicate that fails while a fence stands for one of {@code types}. The function that tells which ones is
     * called only while there is any: its call took longer than the rest of a read by id. Nothing is compared before: with
     * parameters in it, the kept plan of a read looked dearer to PostgreSQL than a new one for each call, which cost several
     * times what the read did.
     */
    static String predicate(SqlParameters parameters, Collection<String> types, UUID @Nullable [] among) {
        String read = parameters.add(types.toArray(String[]::new));
        String named = parameters.addNullable(among) + "::uuid[]";
        return "(not exists (select from spanning_fence) or not_fenced(" + read + ", " + named + "))";
    }

    /**
     * Runs {@code read} with no fences named, and where it meets some, again until these have fallen: a fence that is set
     * later belongs to a transaction that was committed nowhere when the read began. Fails with {@link
     * ProblemCode#UNAVAILABLE} after some seconds.
     */
    static <T> Uni<T> waiting(Function<UUID @Nullable [], Uni<T>> read) {
        return attempt(read, null, 0);
    }

    private static <T> Uni<T> attempt(Function<UUID @Nullable [], Uni<T>> read, UUID @Nullable [] among, int pauses) {
        return read.apply(among).onFailure().recoverWithUni(failure -> {
            Optional<UUID[]> standing = standing(failure);
            if (standing.isEmpty()) {
                return Uni.createFrom().failure(failure);
            }
            if (pauses >= MOST_PAUSES) {
                return Uni.createFrom()
                        .failure(new FhirProblem(
                                ProblemCode.UNAVAILABLE,
                                "a transaction that spans services is being completed (expected: retry)"));
            }
            return pause().chain(() -> attempt(read, standing.get(), pauses + 1));
        });
    }

    private static Optional<UUID[]> standing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException e && FENCED.equals(e.getSqlState())) {
                return Optional.of(Arrays.stream(e.getDetail().split(","))
                        .map(UUID::fromString)
                        .toArray(UUID[]::new));
            }
        }
        return Optional.empty();
    }

    private static Uni<Void> pause() {
        return Uni.createFrom()
                .emitter(emitter ->
                        Vertx.currentContext().owner().setTimer(PAUSE.toMillis(), fired -> emitter.complete(null)));
    }
}
