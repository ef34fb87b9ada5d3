package org.careloop.fhirvalidation;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirvalidation.internal.Definitions;
import org.careloop.fhirvalidation.internal.Walk;
import org.hl7.fhir.r4.model.Resource;

/**
 * Checks a resource against the base definitions of FHIR R4: cardinality, types, required bindings, reference targets,
 * formats, narrative and the invariants that are cheap. Costs microseconds, so every write runs it; profiles are a matter of
 * {@link ProfileValidation}.
 */
public final class StructureRules {

    private StructureRules() {}

    /**
     * Returns what {@code resource} and those that it contains refer to. Fails with {@link ProblemCode#INVALID_RESOURCE} and
     * names every fault; no text repeats a value.
     */
    public static List<LiteralReference> check(Resource resource) {
        Walk walk = new Walk(Definitions.r4(), resource.fhirType());
        List<FhirProblem.Issue> faults = walk.faults(resource);
        if (!faults.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, faults);
        }
        return walk.references();
    }

    /** Returns what {@code resource} and those that it contains refer to; the paths start with {@code path}. */
    public static List<LiteralReference> references(Resource resource, String path) {
        Walk walk = new Walk(Definitions.r4(), path);
        walk.faults(resource);
        return walk.references();
    }

    /** Returns every fault of {@code resource}; the expressions start with {@code path}, the FHIRPath of the resource. */
    public static List<FhirProblem.Issue> faults(Resource resource, String path) {
        return new Walk(Definitions.r4(), path).faults(resource);
    }

    /** Reads the definitions of {@code types}, so that no request waits for it. */
    public static void prepare(Iterable<String> types) {
        types.forEach(Definitions.r4()::type);
    }
}
