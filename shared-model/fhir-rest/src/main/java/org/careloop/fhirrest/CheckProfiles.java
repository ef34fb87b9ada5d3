package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirvalidation.ProfileValidation;
import org.careloop.platformhttp.HereAgain;
import org.hl7.fhir.r4.model.Resource;

/**
 * Checks what a caller sends against the installed profiles that it claims. Before the unit of work, so that no transaction
 * is open while the validator works, except for patches, whose result is not known before; what this platform writes itself
 * is not checked again.
 */
@Singleton
public class CheckProfiles {

    private final ProfileValidation validation;

    CheckProfiles(ProfileValidation validation) {
        this.validation = validation;
    }

    /**
     * Fails with {@link ProblemCode#INVALID_RESOURCE} and every error of {@code resources}, by their FHIRPaths. Goes on where
     * it was called: a session of the database lives on one event loop.
     */
    Uni<Void> handle(Map<String, Resource> resources) {
        if (resources.values().stream().noneMatch(validation::isDemanded)) {
            return Uni.createFrom().voidItem();
        }
        return validation.checkWrites(resources).emitOn(HereAgain.now());
    }

    /** As {@link #handle(Map)}, of one resource. */
    Uni<Void> handle(Resource resource) {
        return handle(Map.of(resource.fhirType(), resource));
    }
}
