package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** Applied anew, a plan gains what is new, loses what nobody has begun, and keeps what people made of it. */
class PlanRevisionTest {

    private static final Instant NOW = Discharges.AT.plusSeconds(3600);
    private static final ProtocolLibrary LIBRARY = ProtocolLibrary.bundled();

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

    @Test
    void whenDischargeIsCancelledWhatNobodyHasBegunIsWithdrawnAndComesBack() {
        // Given
        PlanDraft stored = stored(apply(gallstones));
        CarePlan begun = followed(stored.plan(), "medication-reconciliation", TaskStatus.INPROGRESS);
        PlanDraft before = with(stored, begun);
        // When
        CarePlan paused = PlanMoves.paused(
                PlanRevision.withdrawWork(before, apply(gallstones), PlanReason.NOT_DISCHARGED),
                PlanReason.NOT_DISCHARGED);
        PlanDraft standing = PlanRevision.standing(before, apply(gallstones));
        PlanDraft again =
                PlanRevision.apply(with(before, paused), standing, apply(gallstones), PlanReason.DISCHARGED_AGAIN, NOW);
        CarePlan resumed = PlanMoves.resumed(again.plan(), PlanReason.DISCHARGED_AGAIN);
        // Then
        assertThat(paused.getStatus().toCode()).isEqualTo("on-hold");
        assertThat(withdrawn(paused)).containsExactly("outreach", "follow-up-visit");
        assertThat(resumed.getStatus().toCode()).isEqualTo("active");
        assertThat(ids(resumed))
                .containsExactly(
                        "outreach", "medication-reconciliation", "follow-up-visit", "outreach.2", "follow-up-visit.2");
    }

    @Test
    void resumesOnlyWhatThePlatformHasPaused() {
        // Given
        CarePlan byPerson = apply(gallstones).plan().setStatus(CarePlan.CarePlanStatus.ONHOLD);
        // When, Then
        assertThat(PlanMoves.paused(byPerson, PlanReason.READMITTED)).isSameAs(byPerson);
        assertThat(PlanMoves.resumed(byPerson, PlanReason.DISCHARGED_AGAIN)).isSameAs(byPerson);
        // What the platform said when it went on is no reason for what a person does later.
        CarePlan later = PlanMoves.resumed(
                PlanMoves.paused(apply(gallstones).plan(), PlanReason.READMITTED), PlanReason.NOT_READMITTED);
        assertThat(later.getStatus().toCode()).isEqualTo("active");
        later.setStatus(CarePlan.CarePlanStatus.ONHOLD);
        assertThat(PlanMoves.resumed(later, PlanReason.NOT_READMITTED)).isSameAs(later);
    }

    @Test
    void errorOnWhichNobodyWorkedIsEnteredInErrorElseRevoked() {
        // Given
        PlanDraft stored = stored(apply(gallstones));
        CarePlan begun = followed(stored.plan(), "outreach", TaskStatus.COMPLETED);
        // When
        CarePlan untouched = PlanMoves.retracted(stored.plan(), stored.goals());
        CarePlan worked = PlanMoves.retracted(begun, stored.goals());
        // Then
        assertThat(untouched.getStatus().toCode()).isEqualTo("entered-in-error");
        assertThat(worked.getStatus().toCode()).isEqualTo("revoked");
        for (CarePlan plan : List.of(untouched, worked)) {
            assertThatCode(() -> CarePlanLifecycle.check(
                            Optional.of(stored.plan()), plan, PlanActor.PLATFORM, stored.goals()))
                    .doesNotThrowAnyException();
        }
        var team = PlanMoves.ended(stored.team(), NOW);
        assertThat(team.getStatus().toCode()).isEqualTo("inactive");
        assertThat(team.getParticipant())
                .allSatisfy(each -> assertThat(each.getPeriod().hasEnd()).isTrue());
        assertThatCode(() -> CareTeamLifecycle.check(Optional.of(stored.team()), team, PlanActor.PLATFORM))
                .doesNotThrowAnyException();
    }

    @Test
    void nextPlanTakesOverWhatPeopleHaveSetAndWhatWasBegun() {
        // Given
        PlanDraft former = stored(apply(gallstones));
        CarePlan plan = followed(former.plan(), "outreach", TaskStatus.INPROGRESS);
        plan.addActivity().setId("garden");
        plan.getActivity()
                .getLast()
                .getDetail()
                .setStatus(CarePlanActivityStatus.NOTSTARTED)
                .setDescription("Garden");
        Goal wedding = new Goal().setLifecycleStatus(GoalLifecycleStatus.ACTIVE);
        wedding.setId("wedding");
        wedding.getDescription().setText("Dances at the wedding");
        plan.addGoal(new Reference("Goal/wedding"));
        former.team().addParticipant().setMember(new Reference("RelatedPerson/daughter"));
        List<Goal> goals = new ArrayList<>(former.goals());
        goals.add(wedding);
        PlanDraft next =
                ProtocolApplication.apply(failing, LIBRARY.protocolsFor(failing), PlanIds.first("stay-2"), NOW);
        // When
        PlanDraft carried = PlanSuccession.carry(next, new PlanDraft(plan, goals, former.team()), apply(gallstones));
        CarePlan replaced = PlanMoves.replaced(
                PlanRevision.withdrawWork(with(former, plan), apply(gallstones), PlanReason.REPLACED));
        // Then
        assertThat(carried.plan().getReplacesFirstRep().getReference())
                .isEqualTo("CarePlan/" + plan.getIdElement().getIdPart());
        assertThat(ids(carried.plan())).contains("garden", "continued-outreach").doesNotHaveDuplicates();
        assertThat(activity(carried.plan(), "continued-outreach").getReference().getReference())
                .isEqualTo("Task/outreach");
        assertThat(carried.plan().getGoal())
                .extracting(Reference::getReference)
                .contains("Goal/wedding")
                .hasSize(5);
        assertThat(carried.team().getParticipant().getLast().getMember().getReference())
                .isEqualTo("RelatedPerson/daughter");
        assertThat(carried.plan().getText().getDivAsString()).contains("Garden", "Dances at the wedding");
        assertThat(replaced.getStatus().toCode()).isEqualTo("revoked");
        assertThat(withdrawn(replaced)).containsExactly("medication-reconciliation", "follow-up-visit", "garden");
    }

    @Test
    void noticeTellsTheTeamNothingOfTheStay() {
        // Given
        CarePlan plan = apply(failing).plan();
        // When
        String notice = json(ReadmissionNotice.of(plan, "stay-2", NOW));
        // Then
        assertThat(notice)
                .contains("CareTeam/", "Patient/ada", "on hold")
                .doesNotContain("stay-2", "I50.9", "Encounter", "failure");
    }

    private static PlanDraft apply(DischargeFacts facts) {
        return ProtocolApplication.apply(facts, LIBRARY.protocolsFor(facts), NOW);
    }

    /** As it comes back from the store. */
    private static PlanDraft stored(PlanDraft draft) {
        return new PlanDraft(
                FhirJson.parse(CarePlan.class, FhirJson.write(draft.plan())),
                draft.goals().stream()
                        .map(goal -> FhirJson.parse(Goal.class, FhirJson.write(goal)))
                        .toList(),
                draft.team().copy());
    }

    private static PlanDraft with(PlanDraft draft, CarePlan plan) {
        return new PlanDraft(plan, draft.goals(), draft.team());
    }

    private static PlanDraft merged(PlanDraft stored, PlanDraft revised) {
        List<Goal> goals = new ArrayList<>(revised.goals());
        stored.goals().stream()
                .filter(goal ->
                        revised.goals().stream().noneMatch(each -> each.getId().equals(goal.getId())))
                .forEach(goals::add);
        return new PlanDraft(revised.plan(), goals, revised.team());
    }

    private static PlanDraft revise(PlanDraft stored, PlanDraft before, PlanDraft next) {
        return PlanRevision.apply(stored, before, next, PlanReason.DIAGNOSES, NOW);
    }

    private static CarePlan followed(CarePlan plan, String activity, TaskStatus status) {
        return CarePlanProgress.follow(plan, task(plan, activity, status, "1")).orElseThrow();
    }

    private static Task task(CarePlan plan, String activity, TaskStatus status, String version) {
        Task task = new Task().setStatus(status).setFor(plan.getSubject());
        task.setId(activity);
        task.getMeta().setVersionId(version).setLastUpdated(java.util.Date.from(NOW));
        return task.addIdentifier(new Identifier()
                .setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM)
                .setValue(plan.getIdElement().getIdPart() + "#" + activity));
    }

    private static CarePlanActivityComponent activity(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(each -> id.equals(each.getId()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(CarePlan plan) {
        return plan.getActivity().stream().map(CarePlanActivityComponent::getId).toList();
    }

    private static List<String> withdrawn(CarePlan plan) {
        return plan.getActivity().stream()
                .filter(PlannedWork::isWithdrawn)
                .map(CarePlanActivityComponent::getId)
                .toList();
    }

    private static Goal goal(List<Goal> goals, String begins) {
        return goals.stream()
                .filter(goal -> goal.getDescription().getText().startsWith(begins))
                .findFirst()
                .orElseThrow();
    }

    private static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
