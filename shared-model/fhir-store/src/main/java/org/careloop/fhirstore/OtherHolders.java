package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;

/** What the other services of the platform hold. */
public interface OtherHolders {

    /**
     * Returns those of {@code keys}, of types that are not held here, that no service has. Fails with {@link
     * ProblemCode#UNAVAILABLE} when a service that may have one cannot be asked.
     */
    Uni<Set<ResourceKey>> missing(Set<ResourceKey> keys);

    /**
     * Returns what the resources that other services hold open of {@code patient} (its id), as {@link AccessGrants#told} tells it.
     * Fails as {@link #missing} does.
     */
    Uni<List<String>> grants(String patient);
}
