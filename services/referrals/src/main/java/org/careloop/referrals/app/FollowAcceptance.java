package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice.Asked;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.PlannedOrders;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/** Withdraws a referral from the agencies that were asked at once with the one that has accepted, in the same transaction. */
@Singleton
class FollowAcceptance {

    private final RequestTasks requestTasks;
    private final ChoiceLists lists;
    private final Clock clock;

    FollowAcceptance(RequestTasks requestTasks, ChoiceLists lists, Clock clock) {
        this.requestTasks = requestTasks;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Follows {@code accepted}, an alternative; the lock of its focus is held, so of two acceptances one wins. Parts of another Task have
     * no request as focus, and are no alternatives.
     */
    Uni<Void> handle(Task accepted, UnitOfWork unit) {
        return ResourceKey.parse(accepted.getFocus().getReference())
                .filter(focus -> focus.type().equals("ServiceRequest"))
                .map(request -> withdrawOthers(accepted, request, unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> withdrawOthers(Task accepted, ResourceKey request, UnitOfWork unit) {
        Instant at = clock.instant();
        return requestTasks
                .focusedOn(request.id().value(), unit)
                .chain(tasks -> InTurn.each(Offers.withdrawn(accepted, tasks, at), task -> withdraw(task, unit))
                        .chain(() -> forget(others(accepted, tasks), request, unit)));
    }

    private static List<Task> others(Task accepted, List<Task> tasks) {
        return tasks.stream()
                .filter(task -> !task.getIdElement()
                        .getIdPart()
                        .equals(accepted.getIdElement().getIdPart()))
                .toList();
    }

    private static Uni<Void> withdraw(Task task, UnitOfWork unit) {
        String id = task.getIdElement().getIdPart();
        return unit.find(ResourceKey.of("Task", id), Condition.EVERYTHING)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.update(Caller.PLATFORM, found.get(), task, Optional.empty())
                                .invoke(() -> LOG.withdrawn(id))
                                .replaceWithVoid());
    }

    /** The request does not name those any more whom the platform had asked and who do not do it. */
    private Uni<Void> forget(List<Task> others, ResourceKey request, UnitOfWork unit) {
        List<Asked> asked = new ArrayList<>();
        return InTurn.each(
                        others,
                        task -> lists.asked(unit, task.getIdElement().getIdPart())
                                .invoke(found -> found.ifPresent(asked::add)))
                .chain(() -> unit.find(request, Condition.EVERYTHING))
                .chain(found -> asked.isEmpty() || found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.update(
                                        Caller.PLATFORM,
                                        found.get(),
                                        PlannedOrders.without(found.get().as(ServiceRequest.class), asked),
                                        Optional.empty())
                                .replaceWithVoid());
    }
}
