package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;

/** Work that goes on to its end, whatever becomes of who asked for it. */
final class Unbroken {

    private Unbroken() {}

    /** Returns what {@code work} gives; who cancels it does not get that, but {@code work} does not learn of it. */
    static <T> Uni<T> of(Uni<T> work) {
        return Uni.createFrom().emitter(emitter -> work.subscribe().with(emitter::complete, emitter::fail));
    }
}
