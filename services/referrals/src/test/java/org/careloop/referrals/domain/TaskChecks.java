package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Task;

/** Runs the guards of a Task and asserts what they say. */
final class TaskChecks {

    private TaskChecks() {}

    static FhirProblem refused(Task previous, Task next, Actor actor) {
        return refused(Optional.of(previous), next, actor);
    }

    static FhirProblem refused(Optional<Task> previous, Task next, Actor actor) {
        FhirProblem problem = catchThrowableOfType(FhirProblem.class, () -> TaskLifecycle.check(previous, next, actor));
        assertThat(problem).as("refused").isNotNull();
        return problem;
    }

    static void assertPasses(Task previous, Task next, Actor actor) {
        assertThatCode(() -> TaskLifecycle.check(Optional.of(previous), next, actor))
                .doesNotThrowAnyException();
    }

    static void assertIssue(FhirProblem problem, String expression, String text) {
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues()).containsExactly(new FhirProblem.Issue(Optional.of(expression), text));
    }
}
