package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.careloop.careplans.domain.PlanScenes.LIBRARY;
import static org.careloop.careplans.domain.PlanScenes.NOW;
import static org.careloop.careplans.domain.PlanScenes.activity;
import static org.careloop.careplans.domain.PlanScenes.apply;
import static org.careloop.careplans.domain.PlanScenes.followed;
import static org.careloop.careplans.domain.PlanScenes.goal;
import static org.careloop.careplans.domain.PlanScenes.ids;
import static org.careloop.careplans.domain.PlanScenes.json;
import static org.careloop.careplans.domain.PlanScenes.merged;
import static org.careloop.careplans.domain.PlanScenes.revise;
import static org.careloop.careplans.domain.PlanScenes.stored;
import static org.careloop.careplans.domain.PlanScenes.task;
import static org.careloop.careplans.domain.PlanScenes.with;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** Applied anew, a plan gains what is new, loses what nobody has begun, and keeps what people made of it. */
class PlanRevisionTest {

    private final DischargeFacts gallstones = Discharges.home();
    private final DischargeFacts failing = Discharges.of("01", Optional.of("low"), "K80.20", "I50.9");

    @Test
    void changesNothingForTheSameFacts() {
        // Given
        PlanDraft stored = stored(apply(failing));
        // When
        PlanDraft again = revise(stored, apply(failing), apply(failing));
        // Then
        assertThat(json(again.plan())).isEqualTo(json(stored.plan()));
        assertThat(again.goals()).isEmpty();
        assertThat(json(again.team())).isEqualTo(json(stored.team()));
        assertThat(FactsPrint.of(failing)
                        .changedSince(FactsPrint.parse(FactsPrint.of(failing).text())))
                .isEmpty();
    }

    @Test
    void tellsWhichFactsHaveChanged() {
        // Given
        DischargeFacts other = Discharges.moved(
                Discharges.of("01", Optional.of("high"), "I50.9"), Discharges.AT.plusSeconds(60), "06", Map.of());
        // When, Then
        assertThat(FactsPrint.of(other).changedSince(FactsPrint.of(gallstones)))
                .containsExactly(
                        PlanReason.DIAGNOSES,
                        PlanReason.RISK,
                        PlanReason.DISPOSITION,
                        PlanReason.DISCHARGE_TIME,
                        PlanReason.MILESTONES);
    }

    @Test
    void addsWhatIsNew() {
        // Given
        PlanDraft stored = stored(apply(gallstones));
        // When
        PlanDraft revised = revise(stored, apply(gallstones), apply(failing));
        // Then
        assertThat(ids(revised.plan()))
                .containsExactly(
                        "outreach",
                        "medication-reconciliation",
                        "follow-up-visit",
                        "heart-failure-teaching",
                        "heart-failure-check");
        assertThat(revised.goals())
                .filteredOn(goal -> goal.getDescription().getText().startsWith("Weighs"))
                .hasSize(1);
        assertThat(revised.plan().getGoal()).hasSize(4);
        assertThat(revised.plan().getAddresses()).hasSize(2);
        assertThat(revised.plan().getInstantiatesCanonical()).hasSize(2);
        assertThat(revised.plan().getText().getDivAsString()).contains("Heart failure check-in");
    }

    @Test
    void withdrawsWhatNobodyHasBegunAndSaysWhy() {
        // Given
        PlanDraft stored = stored(apply(failing));
        // When
        PlanDraft revised = revise(stored, apply(failing), apply(gallstones));
        // Then
        CarePlanActivityComponent teaching = activity(revised.plan(), "heart-failure-teaching");
        assertThat(teaching.getDetail().getStatus()).isEqualTo(CarePlanActivityStatus.CANCELLED);
        assertThat(teaching.getDetail().getStatusReason().hasCoding(PlanReason.SYSTEM, "diagnoses-changed"))
                .isTrue();
        assertThat(teaching.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                .isTrue();
        Goal weight = goal(revised.goals(), "Weighs");
        assertThat(weight.getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.CANCELLED);
        assertThat(weight.getStatusReason()).isEqualTo("The diagnoses of the stay have changed");
        assertThat(activity(revised.plan(), "outreach").getDetail().getStatus())
                .isEqualTo(CarePlanActivityStatus.NOTSTARTED);
        assertThat(revised.plan().getText().getDivAsString()).doesNotContain("Heart failure", "Weighs");
        assertThatCode(() -> {
                    CarePlanLifecycle.check(
                            Optional.of(stored.plan()), revised.plan(), PlanActor.PLATFORM, stored.goals());
                    GoalLifecycle.check(Optional.of(goal(stored.goals(), "Weighs")), weight, PlanActor.PLATFORM);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void leavesWhatWasBegunOrDone() {
        for (TaskStatus status : List.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.COMPLETED)) {
            // Given
            PlanDraft stored = stored(apply(failing));
            CarePlan begun = followed(stored.plan(), "heart-failure-teaching", status);
            // When
            PlanDraft revised = revise(with(stored, begun), apply(failing), apply(gallstones));
            // Then
            assertThat(PlannedWork.isWithdrawn(activity(revised.plan(), "heart-failure-teaching")))
                    .isFalse();
            assertThat(PlannedWork.isWithdrawn(activity(revised.plan(), "heart-failure-check")))
                    .isTrue();
        }
    }

    @Test
    void withdrawsWhatWasHandedOutAndNotBegun() {
        // Given
        PlanDraft stored = stored(apply(failing));
        CarePlan waiting = followed(stored.plan(), "heart-failure-teaching", TaskStatus.READY);
        // When
        PlanDraft revised = revise(with(stored, waiting), apply(failing), apply(gallstones));
        // Then
        CarePlanActivityComponent teaching = activity(revised.plan(), "heart-failure-teaching");
        assertThat(PlannedWork.isWithdrawn(teaching)).isTrue();
        assertThat(teaching.hasReference()).isTrue();
    }

    /** Begun and withdrawn at the same time: who works hears of it too late. */
    @Test
    void begunWorkIsWithdrawnNoMore() {
        // Given
        PlanDraft stored = stored(apply(failing));
        CarePlan withdrawn = revise(
                        with(stored, followed(stored.plan(), "heart-failure-teaching", TaskStatus.READY)),
                        apply(failing),
                        apply(gallstones))
                .plan();
        // When
        CarePlan begun = CarePlanProgress.follow(
                        withdrawn, task(withdrawn, "heart-failure-teaching", TaskStatus.INPROGRESS, "2"))
                .orElseThrow();
        CarePlan cancelled = CarePlanProgress.follow(
                        withdrawn, task(withdrawn, "heart-failure-teaching", TaskStatus.CANCELLED, "2"))
                .orElseThrow();
        // Then
        assertThat(PlannedWork.isWithdrawn(activity(begun, "heart-failure-teaching")))
                .isFalse();
        assertThat(PlannedWork.isWithdrawn(activity(cancelled, "heart-failure-teaching")))
                .isTrue();
    }

    @Test
    void keepsWhatPeopleHaveChangedOrAdded() {
        // Given
        PlanDraft stored = stored(apply(failing));
        Period own = new Period().setEnd(java.util.Date.from(NOW));
        activity(stored.plan(), "heart-failure-check").getDetail().setScheduled(own);
        activity(stored.plan(), "outreach").getDetail().setDescription("Call the daughter");
        stored.plan().addActivity().setId("garden");
        stored.plan().getActivity().getLast().getDetail().setStatus(CarePlanActivityStatus.NOTSTARTED);
        stored.plan().addGoal(new Reference("Goal/wedding"));
        stored.plan().setTitle("Ada's plan");
        goal(stored.goals(), "Weighs").getDescription().setText("Weighs on Sundays");
        DischargeFacts later =
                Discharges.moved(gallstones, Discharges.AT.plus(Duration.ofHours(2)), "01", gallstones.milestones());
        // When
        PlanDraft revised = revise(stored, apply(failing), apply(later));
        // Then
        CarePlanActivityComponent check = activity(revised.plan(), "heart-failure-check");
        assertThat(check.getDetail().getStatus()).isEqualTo(CarePlanActivityStatus.NOTSTARTED);
        assertThat(check.getDetail().getScheduledPeriod().equalsDeep(own)).isTrue();
        assertThat(activity(revised.plan(), "outreach").getDetail().getDescription())
                .isEqualTo("Call the daughter");
        assertThat(activity(revised.plan(), "garden").getDetail().getStatus())
                .isEqualTo(CarePlanActivityStatus.NOTSTARTED);
        assertThat(revised.plan().getGoal()).extracting(Reference::getReference).contains("Goal/wedding");
        assertThat(revised.plan().getTitle()).isEqualTo("Ada's plan");
        assertThat(revised.goals()).noneMatch(goal -> goal.getLifecycleStatus() == GoalLifecycleStatus.CANCELLED);
    }

    @Test
    void doesNotBringBackWhatPeopleHaveRemoved() {
        // Given
        PlanDraft stored = stored(apply(gallstones));
        stored.plan().getActivity().removeIf(each -> each.getId().equals("outreach"));
        // When
        PlanDraft revised = revise(stored, apply(gallstones), apply(failing));
        // Then
        assertThat(ids(revised.plan())).doesNotContain("outreach").contains("heart-failure-check");
    }

    @Test
    void tellsNewTimesOfWhatIsDescribedAndOfWhatWasHandedOut() {
        // Given
        Map<String, Instant> milestones = new HashMap<>(gallstones.milestones());
        milestones.replaceAll((code, due) -> due.plus(Duration.ofDays(1)));
        DischargeFacts later = Discharges.moved(gallstones, Discharges.AT.plus(Duration.ofDays(1)), "01", milestones);
        PlanDraft stored = stored(apply(gallstones));
        CarePlan handedOut = followed(stored.plan(), "outreach", TaskStatus.READY);
        // When
        CarePlan revised =
                revise(with(stored, handedOut), apply(gallstones), apply(later)).plan();
        // Then
        assertThat(activity(revised, "follow-up-visit")
                        .getDetail()
                        .getScheduledPeriod()
                        .getEndElement()
                        .getValueAsString())
                .isEqualTo("2026-03-22T16:00:00.000-04:00");
        Extension told = activity(revised, "outreach").getExtensionByUrl(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION);
        assertThat(((Period) told.getExtensionByUrl("from").getValue())
                        .getEndElement()
                        .getValueAsString())
                .isEqualTo("2026-03-10T17:00:00.000-04:00");
        assertThat(((Period) told.getExtensionByUrl("to").getValue())
                        .getEndElement()
                        .getValueAsString())
                .isEqualTo("2026-03-11T17:00:00.000-04:00");
        assertThat(activity(revised, "follow-up-visit").hasExtension(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION))
                .isTrue();
    }

    @Test
    void asksAgainUnderANewIdForWhatWasWithdrawn() {
        // Given
        PlanDraft stored = stored(apply(failing));
        PlanDraft without = merged(stored, revise(stored, apply(failing), apply(gallstones)));
        PlanIds ids = PlanIds.first("stay-1").without(PlanRevision.spent(without.goals()));
        PlanDraft again = ProtocolApplication.apply(failing, LIBRARY.protocolsFor(failing), ids, NOW);
        // When
        PlanDraft revised = revise(without, apply(gallstones), again);
        // Then
        assertThat(ids(revised.plan())).contains("heart-failure-check", "heart-failure-check.2");
        CarePlanActivityComponent anew = activity(revised.plan(), "heart-failure-check.2");
        assertThat(anew.getDetail().getStatus()).isEqualTo(CarePlanActivityStatus.NOTSTARTED);
        Goal weight = goal(revised.goals(), "Weighs");
        assertThat(weight.getIdElement().getIdPart())
                .isNotEqualTo(goal(stored.goals(), "Weighs").getIdElement().getIdPart());
        assertThat(anew.getDetail().getGoal())
                .extracting(Reference::getReference)
                .contains("Goal/" + weight.getIdElement().getIdPart());
    }
}
