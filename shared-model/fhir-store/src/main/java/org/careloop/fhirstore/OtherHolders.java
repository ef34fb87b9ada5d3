package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;

/** What the other services of the platform hold. */
public interface OtherHolders {

    /**
     * Returns those of {@code keys}, of types that are not held here, that no service has, or shows to {@code caller}. Fails with
     * {@link ProblemCode#UNAVAILABLE} when a service that may have one cannot be asked.
     */
    Uni<Set<ResourceKey>> missing(Set<ResourceKey> keys, Caller caller);

    /**
     * Returns the resources in the compartment of {@code patient} (its id) of {@code types}, by the services that hold them, as {@link
     * ResourceStore#openers} tells them. Fails as {@link #missing} does.
     */
    Uni<List<String>> openers(String patient, Map<String, Set<String>> types);
}
