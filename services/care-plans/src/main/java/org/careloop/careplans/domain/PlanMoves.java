package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;

/**
 * How a plan moves as the stay moves: paused, followed again, ended. What a person has paused or ended is left as it is; the
 * platform resumes only what it has paused itself.
 */
public final class PlanMoves {

    private static final Set<CarePlanStatus> ENDS =
            EnumSet.of(CarePlanStatus.REVOKED, CarePlanStatus.COMPLETED, CarePlanStatus.ENTEREDINERROR);

    private PlanMoves() {}

    /** Whether nothing is done with {@code plan} any more. */
    public static boolean hasEnded(CarePlan plan) {
        return ENDS.contains(plan.getStatus());
    }

    /** Returns {@code plan} on hold because of {@code why}, if it is active or the platform had put it on hold. */
    public static CarePlan paused(CarePlan plan, PlanReason why) {
        boolean isOurs = plan.getStatus() == CarePlanStatus.ACTIVE || isPausedByPlatform(plan);
        return isOurs ? because(plan.copy().setStatus(CarePlanStatus.ONHOLD), why) : plan;
    }

    /** Returns {@code plan} active because of {@code why}, if the platform had put it on hold. */
    public static CarePlan resumed(CarePlan plan, PlanReason why) {
        return isPausedByPlatform(plan) ? because(plan.copy().setStatus(CarePlanStatus.ACTIVE), why) : plan;
    }

    /**
     * Returns {@code plan} of a stay that was an error: entered in error, or revoked when somebody has worked on it, because R4
     * keeps the former for records on which nothing was done.
     *
     * @see <a href="https://hl7.org/fhir/R4/valueset-request-status.html">FHIR R4 request status</a>
     */
    public static CarePlan retracted(CarePlan plan, List<Goal> goals) {
        boolean isWorkedOn = plan.getActivity().stream().anyMatch(PlanMoves::isWorkedOn)
                || goals.stream().anyMatch(PlanMoves::isWorkedOn);
        return ended(
                plan, isWorkedOn ? CarePlanStatus.REVOKED : CarePlanStatus.ENTEREDINERROR, PlanReason.ADMISSION_ERROR);
    }

    /**
     * Returns {@code plan}, from which {@link PlanSuccession} has carried over what goes on, revoked. All that is described in it is
     * withdrawn: it is done under the other plan or not at all.
     */
    public static CarePlan replaced(CarePlan plan) {
        return withoutWork(plan, PlanReason.REPLACED);
    }

    /** Returns {@code plan} revoked, with nothing left to do: whom it was for has died. */
    public static CarePlan died(CarePlan plan) {
        return withoutWork(plan, PlanReason.DIED);
    }

    private static CarePlan withoutWork(CarePlan plan, PlanReason why) {
        CarePlan revoked = ended(plan, CarePlanStatus.REVOKED, why);
        revoked.getActivity().stream()
                .filter(activity -> activity.hasDetail() && ActivityProgress.isOpen(activity))
                .forEach(activity -> PlannedWork.withdraw(activity, why.concept()));
        return revoked;
    }

    /** Returns {@code team} ended, with its members, unless it has ended. */
    public static CareTeam ended(CareTeam team, Instant at) {
        return team.getStatus() == CareTeamStatus.INACTIVE || team.getStatus() == CareTeamStatus.ENTEREDINERROR
                ? team
                : TeamRevision.ended(team, at);
    }

    private static CarePlan ended(CarePlan plan, CarePlanStatus status, PlanReason why) {
        return hasEnded(plan) ? plan.copy() : because(plan.copy().setStatus(status), why);
    }

    private static boolean isPausedByPlatform(CarePlan plan) {
        return plan.getStatus() == CarePlanStatus.ONHOLD
                && plan.getExtensionsByUrl(PlanVocabulary.STATUS_REASON).stream()
                        .anyMatch(PlanMoves::isOurs);
    }

    private static boolean isOurs(Extension reason) {
        return reason.getValue() instanceof CodeableConcept concept
                && concept.getCoding().stream()
                        .anyMatch(coding -> PlanReason.SYSTEM.equals(coding.getSystem())
                                && SharedTerms.PLAN_PAUSE_REASONS.contains(coding.getCode()));
    }

    private static boolean isStatusReason(Extension extension) {
        return PlanVocabulary.STATUS_REASON.equals(extension.getUrl());
    }

    private static CarePlan because(CarePlan plan, PlanReason why) {
        plan.getExtension().removeIf(PlanMoves::isStatusReason);
        plan.addExtension(PlanVocabulary.STATUS_REASON, why.concept());
        return plan;
    }

    private static boolean isWorkedOn(CarePlanActivityComponent activity) {
        return activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS).stream()
                .anyMatch(progress -> PlannedWork.isBegun(ActivityProgress.status(progress)));
    }

    private static boolean isWorkedOn(Goal goal) {
        return goal.hasOutcomeReference() || goal.hasExtension(PlanVocabulary.GOAL_EVIDENCE);
    }
}
