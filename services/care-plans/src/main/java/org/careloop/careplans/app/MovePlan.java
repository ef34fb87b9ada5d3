package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.PlanMoves;
import org.careloop.careplans.domain.PlanPhase;
import org.careloop.careplans.domain.PlanReason;
import org.careloop.careplans.domain.PlanRevision;
import org.careloop.careplans.domain.ReadmissionNotice;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Goal;

/**
 * Moves a plan to another phase, once: pauses it, ends it, tells the team of a readmission. What people have ended stays as it
 * is; what they have paused is not resumed.
 */
@Singleton
class MovePlan {

    private final Clock clock;

    MovePlan(Clock clock) {
        this.clock = clock;
    }

    /** Moves the plan of {@code row} to {@code phase}, which is none in which it is followed. */
    Uni<Void> handle(PlanApplication row, PlanPhase phase, UnitOfWork unit) {
        return StoredPlan.of(row, unit)
                .chain(found -> found.filter(
                                plan -> !PlanMoves.hasEnded(plan.draft().plan()))
                        .map(plan -> move(plan, phase, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .invoke(() -> {
                    row.moved(phase);
                    LOG.planMoved(row.ids().plan().value(), phase.kind().name());
                });
    }

    /** Takes back what the team was told of the stay {@code told}, which was an error. */
    Uni<Void> takeBackNotice(PlanApplication row, String told, UnitOfWork unit) {
        return notice(row.ids().plan().value(), told, unit)
                .chain(notice -> notice.filter(known -> known.getStatus() != CommunicationStatus.ENTEREDINERROR)
                        .map(known -> unit.put(Caller.PLATFORM, ReadmissionNotice.retracted(known))
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> move(StoredPlan plan, PlanPhase phase, UnitOfWork unit) {
        return switch (phase.kind()) {
            case OPEN -> throw new IllegalArgumentException("phase: open (expected: one that pauses or ends)");
            case EXPECTED -> expect(plan, unit);
            case READMITTED ->
                store(plan, PlanMoves.paused(plan.draft().plan(), PlanReason.READMITTED), PlanReason.READMITTED, unit)
                        .chain(() -> notifyTeam(plan.draft().plan(), phase, unit));
            case SUSPENDED ->
                store(plan, PlanMoves.paused(plan.draft().plan(), PlanReason.SUSPENDED), PlanReason.SUSPENDED, unit);
            case RETRACTED -> retract(plan, unit);
            case DIED -> die(plan, unit);
            case REPLACED ->
                replace(plan, unit).chain(() -> notifyTeam(plan.draft().plan(), phase, unit));
        };
    }

    private Uni<Void> expect(StoredPlan plan, UnitOfWork unit) {
        CarePlan next = PlanMoves.paused(
                PlanRevision.withdrawWork(plan.draft(), plan.applied(), PlanReason.NOT_DISCHARGED),
                PlanReason.NOT_DISCHARGED);
        plan.row().stands(PlanRevision.standing(plan.draft(), plan.applied()));
        return store(plan, next, PlanReason.NOT_DISCHARGED, unit);
    }

    private Uni<Void> retract(StoredPlan plan, UnitOfWork unit) {
        CarePlan withdrawn = PlanRevision.withdrawWork(plan.draft(), plan.applied(), PlanReason.ADMISSION_ERROR);
        return end(plan, PlanMoves.retracted(withdrawn, plan.draft().goals()), PlanReason.ADMISSION_ERROR, unit);
    }

    private Uni<Void> die(StoredPlan plan, UnitOfWork unit) {
        CarePlan withdrawn = PlanRevision.withdrawWork(plan.draft(), plan.applied(), PlanReason.DIED);
        return end(plan, PlanMoves.died(withdrawn), PlanReason.DIED, unit);
    }

    private Uni<Void> replace(StoredPlan plan, UnitOfWork unit) {
        CarePlan withdrawn = PlanRevision.withdrawWork(plan.draft(), plan.applied(), PlanReason.REPLACED);
        return end(plan, PlanMoves.replaced(withdrawn), PlanReason.REPLACED, unit);
    }

    private Uni<Void> end(StoredPlan plan, CarePlan ended, PlanReason why, UnitOfWork unit) {
        Instant now = clock.instant();
        List<Goal> goals = PlanRevision.cancelGoals(plan.draft(), plan.applied(), why, now);
        PlanDraft changed =
                new PlanDraft(ended, goals, PlanMoves.ended(plan.draft().team(), now));
        return plan.store(changed, List.of(why), now, unit).replaceWithVoid();
    }

    private Uni<Void> store(StoredPlan plan, CarePlan next, PlanReason why, UnitOfWork unit) {
        PlanDraft changed = new PlanDraft(next, List.of(), plan.draft().team());
        return plan.store(changed, List.of(why), clock.instant(), unit).replaceWithVoid();
    }

    /** Once for each readmission, however often it is told; not to a team whose plan had ended. */
    private Uni<Void> notifyTeam(CarePlan plan, PlanPhase phase, UnitOfWork unit) {
        String stay = phase.by().orElseThrow();
        boolean isFollowed = plan.getStatus() == CarePlanStatus.ACTIVE || plan.getStatus() == CarePlanStatus.ONHOLD;
        return notice(plan.getIdElement().getIdPart(), stay, unit)
                .chain(known -> known.isPresent() || !isFollowed
                        ? Uni.createFrom().voidItem()
                        : unit.put(Caller.PLATFORM, ReadmissionNotice.of(plan, stay, clock.instant()))
                                .replaceWithVoid());
    }

    private static Uni<Optional<Communication>> notice(String plan, String stay, UnitOfWork unit) {
        return unit.find(Communication.class, ReadmissionNotice.idOf(plan, stay).value());
    }
}
