package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ProblemCode;

/**
 * What several services, or several ways to ask, tell a caller: where nothing is open to them, that adds nothing, unless nothing
 * is open anywhere.
 */
final class OpenWays {

    private OpenWays() {}

    /** An answer, or that nothing is open. */
    private record Told<T>(Optional<T> answer, Optional<ServiceCalls.Refused> refusal) {

        static <T> Told<T> of(T answer) {
            return new Told<>(Optional.of(answer), Optional.empty());
        }

        static <T> Told<T> refused(Throwable refusal) {
            return new Told<>(Optional.empty(), Optional.of((ServiceCalls.Refused) refusal));
        }
    }

    /** Returns what those of {@code asked} tell that are open; fails as the first when none is. */
    static <T> Uni<List<T>> of(List<Uni<T>> asked) {
        return ResolveAcross.inParallel(
                        asked,
                        each -> each.map(Told::of)
                                .onFailure(OpenWays::isNothingOpen)
                                .recoverWithItem(Told::refused))
                .map(OpenWays::answers);
    }

    private static <T> List<T> answers(List<Told<T>> told) {
        if (!told.isEmpty() && told.stream().noneMatch(each -> each.answer().isPresent())) {
            throw told.getFirst().refusal().orElseThrow();
        }
        return told.stream().flatMap(each -> each.answer().stream()).toList();
    }

    static boolean isNothingOpen(Throwable failure) {
        return failure instanceof ServiceCalls.Refused refused
                && refused.answer().status() == ProblemCode.FORBIDDEN.status();
    }
}
