package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Resource;

/**
 * Documents of transitions are made, replaced and withdrawn by the platform alone: they say what was sent, and care-plans sends whatever
 * carries their identifier.
 */
abstract class GuardDocument implements WriteRule {

    private final String type;

    GuardDocument(String type) {
        this.type = type;
    }

    @Override
    public String type() {
        return type;
    }

    /** Of an update the version before must be seen; what is new is judged by itself. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        return write.interaction() == Interaction.CREATE && !isOurs(write.next())
                ? Optional.of(write.next())
                : Optional.empty();
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        boolean concerns = isOurs(write.next())
                || write.previous().filter(GuardDocument::isOurs).isPresent();
        if (concerns && !write.caller().isPlatform()) {
            String path = type + ".identifier";
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    path,
                    path + ": of a document of the platform, which it alone writes (expected: another)");
        }
        return Uni.createFrom().item(write.next());
    }

    /** Tells whether {@code resource} says that it is a document of a transition. */
    static boolean isOurs(Resource resource) {
        return switch (resource) {
            case Bundle bundle ->
                SharedTerms.TRANSITION_DOCUMENT_SYSTEM.equals(
                        bundle.getIdentifier().getSystem());
            case Composition composition ->
                SharedTerms.TRANSITION_DOCUMENT_SYSTEM.equals(
                        composition.getIdentifier().getSystem());
            default -> false;
        };
    }

    /** For the documents themselves. */
    @Singleton
    static class OfBundles extends GuardDocument {

        OfBundles() {
            super("Bundle");
        }
    }

    /** For what is kept of them besides, and told to others. */
    @Singleton
    static class OfCompositions extends GuardDocument {

        OfCompositions() {
            super("Composition");
        }
    }
}
