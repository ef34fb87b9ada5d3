package org.careloop.careplans.domain;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Resource;

/** What plans, goals and teams have in common in what they refuse. */
final class PlanRules {

    private PlanRules() {}

    /** Fails with RULE_VIOLATED and {@code element: wrong (expected: expected)}. */
    static void require(boolean holds, String element, String wrong, String expected) {
        if (!holds) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED, element, element + ": " + wrong + " (expected: " + expected + ")");
        }
    }

    /** Fails with INVALID_RESOURCE. */
    static void requirePresent(String element, boolean isPresent) {
        if (!isPresent) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, element, element + ": missing (expected: a status)");
        }
    }

    /**
     * A change that leaves the status: by those who keep the plan; after the end only by the platform, with late
     * news.
     */
    static void requireMayEdit(String type, PlanActor actor, boolean hasEnded) {
        require(PlanActor.KEEPERS.contains(actor), type, "changed by another than its author", "no change");
        require(!hasEnded || actor == PlanActor.PLATFORM, type, "changed after its end", "no change");
    }

    static void requireUnchanged(List<String> elements, Resource previous, Resource next) {
        for (String element : elements) {
            require(
                    Base.compareDeep(valuesOf(element, previous), valuesOf(element, next), true),
                    next.fhirType() + "." + element,
                    "changed",
                    "as it was when it was made");
        }
    }

    /** An empty value, which HAPI makes when it is asked for one, is none. */
    private static List<Base> valuesOf(String element, Resource resource) {
        return resource.getNamedProperty(element).getValues().stream()
                .filter(value -> value != null && !value.isEmpty())
                .toList();
    }
}
