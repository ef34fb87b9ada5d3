package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/operationoutcome.html">FHIR R4 OperationOutcome</a> */
class OutcomesTest {

    @Test
    void tellsCodeNumberElementAndText() {
        // Given
        FhirProblem problem = new FhirProblem(ProblemCode.INVALID_RESOURCE, "Task.status", "Task.status: missing");
        // When
        String json = new String(Outcomes.json(problem), StandardCharsets.UTF_8);
        // Then
        assertThat(json)
                .isEqualTo(
                        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"invariant\","
                                + "\"details\":{\"coding\":[{\"system\":\"https://careloop.org/fhir/CodeSystem/problem\","
                                + "\"code\":\"1005\"}]},\"diagnostics\":\"Task.status: missing\","
                                + "\"expression\":[\"Task.status\"]}]}");
    }

    @Test
    void tellsSeveralIssuesInTheirOrder() {
        // Given
        FhirProblem problem = new FhirProblem(
                ProblemCode.INVALID_RESOURCE,
                List.of(
                        new FhirProblem.Issue(Optional.of("Task.status"), "first"),
                        new FhirProblem.Issue(Optional.empty(), "second")));
        // When
        var outcome = Outcomes.of(problem);
        // Then
        assertThat(outcome.getIssue())
                .extracting("diagnostics")
                .map(Object::toString)
                .containsExactly("first", "second");
        assertThat(outcome.getIssue().get(1).hasExpression()).isFalse();
    }
}
