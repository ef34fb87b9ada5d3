package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.internal.ResourceWrites;
import org.hl7.fhir.r4.model.Resource;

/**
 * How the next version differs from the current one.
 *
 * @param same whether it says the same
 * @param previous the current one; only for who looks at it: rules, and who judges references
 */
record Replacement(boolean same, Optional<Resource> previous) {

    /**
     * Fails as {@link StoredResource#requireCurrent} does.
     *
     * @param guarded whether anybody looks at the current version
     */
    static Uni<Replacement> of(StoredResource current, Resource next, Optional<ETag> ifMatch, boolean guarded) {
        return HeavyWork.run(current.body().length(), () -> {
            current.requireCurrent(ifMatch);
            return guarded ? guarded(current, next) : unguarded(current, next);
        });
    }

    private static Replacement unguarded(StoredResource current, Resource next) {
        return new Replacement(!current.deleted() && ResourceWrites.same(current, next), Optional.empty());
    }

    private static Replacement guarded(StoredResource current, Resource next) {
        Resource previous = FhirJson.parse(current.body().getBytes());
        return new Replacement(
                !current.deleted() && ResourceWrites.same(current, previous, next), Optional.of(previous));
    }
}
