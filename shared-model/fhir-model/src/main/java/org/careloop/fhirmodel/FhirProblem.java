package org.careloop.fhirmodel;

import java.util.List;
import java.util.Optional;

/**
 * The one exception for what a caller is told: a code and one or more issues.
 *
 * <p>Texts have the form {@code element: what was wrong (expected: what)} and never hold a value of a person's data.
 */
public final class FhirProblem extends RuntimeException {

    /** One thing that is wrong: where (a FHIRPath expression, if known) and what was expected. */
    public record Issue(Optional<String> expression, String diagnostics) {}

    private final ProblemCode code;
    private final transient List<Issue> issues;

    public FhirProblem(ProblemCode code, String diagnostics) {
        this(code, List.of(new Issue(Optional.empty(), diagnostics)));
    }

    /** A problem of one element; {@code expression} is the FHIRPath from the resource type on. */
    public FhirProblem(ProblemCode code, String expression, String diagnostics) {
        this(code, List.of(new Issue(Optional.of(expression), diagnostics)));
    }

    /** Several problems of one request, reported together; {@code issues} is not empty. */
    public FhirProblem(ProblemCode code, List<Issue> issues) {
        super(code + ": " + issues.getFirst().diagnostics(), null, false, true);
        this.code = code;
        this.issues = List.copyOf(issues);
    }

    /** What kind of problem this is. */
    public ProblemCode code() {
        return code;
    }

    /** What is wrong, at least one. */
    public List<Issue> issues() {
        return issues;
    }
}
