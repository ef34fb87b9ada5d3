package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.careloop.audittrail.AuditedRequest;

/** What is left for the end of a unit, see {@link UnitOfWork#last}. */
final class LastSteps {

    private final NavigableMap<String, Supplier<Uni<Void>>> steps = new TreeMap<>();

    void add(String key, Supplier<Uni<Void>> step) {
        steps.put(key, inTheNameOfTheCurrentRequest(step));
    }

    /** Returns what forgets all that is added from now on. */
    Runnable remembered() {
        Map<String, Supplier<Uni<Void>>> before = Map.copyOf(steps);
        return () -> {
            steps.clear();
            steps.putAll(before);
        };
    }

    /** Runs what was added, also by what it runs; what was run is forgotten. */
    Uni<Void> run() {
        Map.Entry<String, Supplier<Uni<Void>>> next = steps.pollFirstEntry();
        return next == null
                ? Uni.createFrom().voidItem()
                : next.getValue().get().chain(this::run);
    }

    /** Its audit rows and its trace are those of the request. */
    private static Supplier<Uni<Void>> inTheNameOfTheCurrentRequest(Supplier<Uni<Void>> step) {
        Optional<AuditedRequest> audited = AuditedRequest.current();
        Optional<String> trace = RequestTrace.current();
        return () -> {
            audited.ifPresent(AuditedRequest::resume);
            RequestTrace.clear();
            trace.ifPresent(RequestTrace::set);
            return step.get();
        };
    }
}
