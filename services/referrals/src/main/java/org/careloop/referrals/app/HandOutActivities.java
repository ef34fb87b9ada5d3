package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.PlannedActivity;
import org.careloop.referrals.domain.PlannedOrders;
import org.careloop.referrals.domain.WaitingReferral;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/**
 * Makes, for each activity that an active plan has not handed out, the referral (ServiceRequest and Task) or the
 * follow-up Task of the coordinating organisation, the author of the plan, which is also the requester of all of them. What exists is left as
 * it is, so a plan told again makes nothing twice and undoes no step of anybody.
 */
@Singleton
public class HandOutActivities {

    private final ChooseAgency chooseAgency;
    private final OfferReferral offerReferral;
    private final DirectoryRules directoryRules;

    HandOutActivities(ChooseAgency chooseAgency, OfferReferral offerReferral, DirectoryRules directoryRules) {
        this.chooseAgency = chooseAgency;
        this.offerReferral = offerReferral;
        this.directoryRules = directoryRules;
    }

    /**
     * Hands out {@code plan} as it was told {@code at}; the referral waits without an agency while none can be chosen.
     * Holds off {@link KeepPatientArea} for this patient, so that one of the two sees what the other wrote.
     */
    public Uni<Void> handle(CarePlan plan, Instant at, UnitOfWork unit) {
        List<PlannedActivity> planned = PlannedActivity.in(plan);
        if (planned.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return KeepPatientArea.serialize(plan.getSubject().getReference(), unit)
                .chain(() -> InTurn.each(planned, activity -> handOut(activity, plan.getAuthor(), at, unit)));
    }

    private Uni<Void> handOut(PlannedActivity activity, Reference coordinator, Instant at, UnitOfWork unit) {
        ResourceKey task = new ResourceKey("Task", activity.idOf("Task"));
        return unit.find(task, Condition.EVERYTHING).chain(known -> {
            if (known.isPresent()) {
                return Uni.createFrom().voidItem();
            }
            return activity.isReferral()
                    ? refer(activity, coordinator, at, unit)
                    : followUp(activity, coordinator, at, unit);
        });
    }

    private Uni<Void> followUp(PlannedActivity activity, Reference coordinator, Instant at, UnitOfWork unit) {
        Task task = PlannedOrders.followUp(activity, coordinator, coordinator, at);
        return createIfAbsent(task, unit)
                .invoke(() -> LOG.followUpMade(task.getIdElement().getIdPart()));
    }

    private Uni<Void> refer(PlannedActivity activity, Reference coordinator, Instant at, UnitOfWork unit) {
        WaitingReferral waiting = WaitingReferral.of(activity, directoryRules.zone());
        return chooseAgency
                .first(waiting, unit)
                .chain(choice -> offerReferral.handle(
                        PlannedOrders.refer(activity, coordinator, at),
                        waiting,
                        choice,
                        offered -> createIfAbsent(offered.request(), unit)
                                .chain(() -> InTurn.each(offered.tasks(), task -> createIfAbsent(task, unit))),
                        unit));
    }

    /** A deleted resource keeps its id: what a coordinator deleted does not come back. */
    static Uni<Void> createIfAbsent(Resource resource, UnitOfWork unit) {
        return unit.create(Caller.PLATFORM, resource)
                .replaceWithVoid()
                .onFailure(HandOutActivities::isThereAlready)
                .recoverWithUni(() -> Uni.createFrom().voidItem());
    }

    private static boolean isThereAlready(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code() == ProblemCode.ALREADY_EXISTS;
    }
}
