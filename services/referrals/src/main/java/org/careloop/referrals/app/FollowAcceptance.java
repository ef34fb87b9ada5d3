package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
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
     * Follows {@code accepted}, an alternative; the lock of its focus is held, so of two acceptances one wins. Fails with {@link
     * ProblemCode#RULE_VIOLATED} when another was accepted before. Parts of another Task have no request as focus, and are no
     * alternatives.
     */
    Uni<Void> handle(Task accepted, UnitOfWork unit) {
        return RequestTasks.focusOf(accepted)
                .map(request -> requestTasks
                        .locked(request.id().value(), unit)
                        .chain(tasks -> withdrawOthers(accepted, request, tasks, unit)))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> withdrawOthers(Task accepted, ResourceKey request, List<StoredResource> stored, UnitOfWork unit) {
        Map<String, StoredResource> current =
                stored.stream().collect(Collectors.toMap(each -> each.key().id().value(), Function.identity()));
        List<Task> tasks = stored.stream().map(each -> each.as(Task.class)).toList();
        if (Offers.isTaken(accepted, tasks)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.status",
                    "Task.status: another agency has accepted (expected: an offer that is open)");
        }
        return InTurn.each(
                        Offers.withdrawn(accepted, tasks, clock.instant()),
                        task -> withdraw(current.get(task.getIdElement().getIdPart()), task, unit))
                .chain(() -> name(accepted, tasks, request, unit));
    }

    private static Uni<Void> withdraw(StoredResource stored, Task withdrawn, UnitOfWork unit) {
        return unit.update(Caller.PLATFORM, stored, withdrawn)
                .invoke(() -> LOG.withdrawn(stored.key().id().value()))
                .replaceWithVoid();
    }

    /** The request names, of those whom the platform had asked, who does it. */
    private Uni<Void> name(Task accepted, List<Task> tasks, ResourceKey request, UnitOfWork unit) {
        String id = accepted.getIdElement().getIdPart();
        return lists.asked(unit, tasks).chain(asked -> {
            Optional<Asked> chosen = asked.stream()
                    .filter(each -> each.referral().task().equals(id))
                    .findFirst();
            return asked.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : unit.find(request, Condition.EVERYTHING)
                            .chain(found -> found.isEmpty()
                                    ? Uni.createFrom().voidItem()
                                    : unit.update(
                                                    Caller.PLATFORM,
                                                    found.get(),
                                                    PlannedOrders.withOnly(
                                                            found.get().as(ServiceRequest.class), chosen, asked))
                                            .replaceWithVoid());
        });
    }
}
