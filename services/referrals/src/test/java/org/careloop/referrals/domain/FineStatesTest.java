package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every step of BSeR's state table, and no other, by whom it is and with which status. */
class FineStatesTest {

    private static final String BSER = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";
    private static final FineStates STATES = FineStates.shipped();
    private static final List<String> CODES =
            List.of("2.0", "3.0", "4.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2", "6.0", "7.0");

    /**
     * Numbers of BSeR's table: from, to, statuses of SDOHCC. What stands without a code before is told by the status alone; 5.1.3
     * to 5.1.1 is an appointment made again (11, 18, 21, 26).
     */
    private static final List<String> TARGETS_STEPS = List.of(
            "none 2.0 draft,requested",
            // 02, 03, and 05, 10, 17, 25, 33 as cancelled
            "none,2.0 3.0 accepted",
            "none,2.0,3.0,5.1.1,5.1.2,5.1.4 4.0 rejected,cancelled",
            // 06, 11, 18, 21, 26
            "none,3.0,5.1.1,5.1.2,5.1.3,5.1.4 5.1.1 in-progress",
            // 12, 13, 19, 27
            "none,5.1.1 5.1.2 in-progress",
            "none,5.1.1,5.1.2,5.1.4 5.1.3 in-progress",
            // 08, 15, 29
            "none,3.0,5.1.1,5.1.4 5.1.4 in-progress",
            // 09, 16, 24, 30
            "none,3.0,5.1.1,5.1.4,5.2 7.0 completed",
            // 23
            "5.2 6.0 cancelled");

    /** 01; 04, 07, 14, 20, 22, 28, 34. */
    private static final List<String> REQUESTERS_STEPS = List.of(
            "none 2.0 draft,requested",
            "none,2.0,3.0,5.1.1,5.1.2,5.1.3,5.1.4 5.2 requested,accepted,in-progress,on-hold");

    @ParameterizedTest
    @EnumSource(Actor.class)
    void takesTheStepsOfTheTableAndNoOther(Actor actor) {
        // Given
        Set<String> expected = new TreeSet<>();
        if (Actor.TARGETS.contains(actor) || actor == Actor.CLAIMER) {
            TARGETS_STEPS.forEach(row -> expected.addAll(steps(row)));
        }
        if (Actor.REQUESTERS.contains(actor)) {
            REQUESTERS_STEPS.forEach(row -> expected.addAll(steps(row)));
        }
        // When
        Set<String> allowed = new TreeSet<>();
        for (String from : Stream.concat(Stream.of("none"), CODES.stream()).toList()) {
            for (String to : CODES) {
                for (TaskStatus status : TaskStatus.values()) {
                    if (status != TaskStatus.NULL && !from.equals(to) && passes(from, to, status, actor)) {
                        allowed.add(from + " " + to + " " + status.toCode());
                    }
                }
            }
        }
        // Then
        assertThat(allowed).isEqualTo(expected);
    }

    @Test
    void sayingItAgainIsNoStepWhateverTheStatus() {
        for (TaskStatus status : TaskStatus.values()) {
            if (status != TaskStatus.NULL) {
                assertThat(passes("5.1.1", "5.1.1", status, Actor.OTHER)).isTrue();
            }
        }
    }

    @Test
    void otherCodesAndNoneAreTheParties() {
        assertThatCode(() -> STATES.check(
                        Optional.of(Tasks.referral(TaskStatus.ACCEPTED)),
                        Tasks.referral(TaskStatus.ACCEPTED)
                                .setBusinessStatus(new CodeableConcept(new Coding("urn:ours", "9.9", null))),
                        Actor.TARGET))
                .doesNotThrowAnyException();
        assertThat(passes("5.1.1", "none", TaskStatus.INPROGRESS, Actor.TARGET)).isTrue();
    }

    @Test
    void saysWhatWouldBeAllowed() {
        assertThatThrownBy(() -> STATES.check(
                        Optional.of(task("5.1.1", TaskStatus.INPROGRESS)),
                        task("5.5", TaskStatus.INPROGRESS),
                        Actor.TARGET))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining(
                        "Task.businessStatus: no such state (expected: one of 5.1.1, 5.1.2, 5.1.3, 5.1.4)");
        assertThatThrownBy(() -> STATES.check(
                        Optional.of(task("5.1.1", TaskStatus.INPROGRESS)),
                        task("7.0", TaskStatus.INPROGRESS),
                        Actor.TARGET))
                .hasMessageContaining("7.0 on in-progress (expected: status completed)");
        assertThatThrownBy(() -> STATES.check(
                        Optional.of(task("6.0", TaskStatus.CANCELLED)),
                        task("7.0", TaskStatus.CANCELLED),
                        Actor.TARGET))
                .hasMessageContaining("7.0 after 6.0 (expected: no change)");
    }

    private static List<String> steps(String row) {
        String[] columns = row.split(" ");
        return Stream.of(columns[0].split(","))
                .filter(from -> !from.equals(columns[1]))
                .flatMap(from -> Stream.of(columns[2].split(",")).map(status -> from + " " + columns[1] + " " + status))
                .toList();
    }

    private static boolean passes(String from, String to, TaskStatus status, Actor actor) {
        try {
            STATES.check(Optional.of(task(from, status)), task(to, status), actor);
            return true;
        } catch (FhirProblem e) {
            return false;
        }
    }

    private static Task task(String code, TaskStatus status) {
        Task task = Tasks.referral(status);
        return code.equals("none") ? task : task.setBusinessStatus(new CodeableConcept(new Coding(BSER, code, null)));
    }
}
