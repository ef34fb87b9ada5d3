package org.careloop.fhirmodel;

import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;

/** Writes problems as FHIR OperationOutcomes. */
public final class Outcomes {

    /** The code system of {@link ProblemCode#number()}. */
    public static final String PROBLEM_SYSTEM = "https://careloop.org/fhir/CodeSystem/problem";

    private Outcomes() {}

    /** Returns the outcome that tells {@code problem}, one issue each. */
    public static OperationOutcome of(FhirProblem problem) {
        OperationOutcome outcome = new OperationOutcome();
        for (FhirProblem.Issue issue : problem.issues()) {
            OperationOutcomeIssueComponent component = outcome.addIssue()
                    .setSeverity(IssueSeverity.ERROR)
                    .setCode(problem.code().issueType())
                    .setDiagnostics(issue.diagnostics());
            component
                    .getDetails()
                    .addCoding()
                    .setSystem(PROBLEM_SYSTEM)
                    .setCode(Integer.toString(problem.code().number()));
            issue.expression().ifPresent(component::addExpression);
        }
        return outcome;
    }

    /** Returns {@link #of} as JSON bytes. */
    public static byte[] json(FhirProblem problem) {
        return FhirJson.write(of(problem));
    }
}
