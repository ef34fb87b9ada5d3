package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.careloop.careplans.domain.PlanScenes.LIBRARY;
import static org.careloop.careplans.domain.PlanScenes.NOW;
import static org.careloop.careplans.domain.PlanScenes.activity;
import static org.careloop.careplans.domain.PlanScenes.apply;
import static org.careloop.careplans.domain.PlanScenes.followed;
import static org.careloop.careplans.domain.PlanScenes.ids;
import static org.careloop.careplans.domain.PlanScenes.json;
import static org.careloop.careplans.domain.PlanScenes.stored;
import static org.careloop.careplans.domain.PlanScenes.with;
import static org.careloop.careplans.domain.PlanScenes.withdrawn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** How a plan moves as the stay moves: paused, followed again, ended, succeeded. */
class PlanMovesTest {

    private final DischargeFacts gallstones = Discharges.home();
    private final DischargeFacts failing = Discharges.of("01", Optional.of("low"), "K80.20", "I50.9");

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
}
