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
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.FillerOrder;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/**
 * Passes a referral that a network was asked for on to an agency of the platform's choice, and brings both up to date with each other:
 * what who asked changes, and what the agency says, which was judged when the agency said it. All of it in one transaction, and nothing where nothing is new.
 */
@Singleton
class PassOn {

    private final RequestTasks requestTasks;
    private final ChooseAgency chooseAgency;
    private final ChoiceLists lists;
    private final AccessPolicy policy;
    private final FineStates fineStates;
    private final DirectoryRules directoryRules;
    private final Clock clock;

    PassOn(
            RequestTasks requestTasks,
            ChooseAgency chooseAgency,
            ChoiceLists lists,
            AccessPolicy policy,
            FineStates fineStates,
            DirectoryRules directoryRules,
            Clock clock) {
        this.requestTasks = requestTasks;
        this.chooseAgency = chooseAgency;
        this.lists = lists;
        this.policy = policy;
        this.fineStates = fineStates;
        this.directoryRules = directoryRules;
        this.clock = clock;
    }

    /**
     * Looks at the Task {@code whole} of {@code network}, the literal reference of an Organization; returns whether it is to be looked
     * at again, because the network may not see now what it would pass on: consent changes without the Task.
     *
     * @param takesNew whether the platform passes on what the network is asked, not only what it has passed on
     */
    Uni<Boolean> handle(ResourceKey whole, String network, boolean takesNew, UnitOfWork unit) {
        String filler = FillerOrder.idFor(whole.id().value()).value();
        return holdOff(whole, filler, unit)
                .chain(() -> unit.find(ResourceKey.of("ServiceRequest", filler), Condition.EVERYTHING))
                .chain(order -> order.isPresent()
                        ? follow(order.get(), whole, network, unit).replaceWith(false)
                        : takesNew
                                ? passOn(whole, network, unit)
                                : Uni.createFrom().item(false));
    }

    /**
     * Whoever tells of the patient's area, whoever looks for agencies anew, and whoever works on either request, in the order in which
     * they hold off each other.
     */
    private Uni<Void> holdOff(ResourceKey whole, String filler, UnitOfWork unit) {
        return unit.search("Task", List.of(new QueryParameter("_id", whole.id().value())), Condition.EVERYTHING)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : KeepPatientArea.serialize(
                                found.getFirst().as(Task.class).getFor().getReference(), unit))
                .chain(() -> requestTasks.focusedOn(filler, unit))
                .chain(parts -> parts.isEmpty()
                        ? ChooseAgency.holdRetries(unit).chain(() -> requestTasks.lockRequestsOf(whole, unit))
                        : requestTasks.lockRequestsOf(
                                ResourceKey.of(
                                        "Task", parts.getFirst().getIdElement().getIdPart()),
                                unit));
    }

    private Uni<Boolean> passOn(ResourceKey key, String network, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING).chain(stored -> {
            Optional<Task> whole = stored.map(each -> each.as(Task.class))
                    .filter(task -> network.equals(task.getOwner().getReference()));
            Optional<ResourceKey> original = whole.flatMap(RequestTasks::focusOf);
            return original.isEmpty()
                    ? Uni.createFrom().item(false)
                    : unit.find(original.get(), Condition.EVERYTHING)
                            .chain(request -> request.map(each -> each.as(ServiceRequest.class))
                                    .filter(each -> FillerOrder.canBePassedOn(whole.get(), each))
                                    .map(each -> passOnIfShown(stored.get(), each, original.get(), network, unit))
                                    .orElseGet(() -> Uni.createFrom().item(false)));
        });
    }

    private Uni<Boolean> passOnIfShown(
            StoredResource whole, ServiceRequest original, ResourceKey request, String network, UnitOfWork unit) {
        return isShown(List.of(whole.key(), request), network, unit)
                .chain(shown -> shown
                        ? passOn(whole, original, network, unit).replaceWith(false)
                        : Uni.createFrom().item(true));
    }

    /** Whether {@code network} may see all of {@code keys} now. */
    private Uni<Boolean> isShown(List<ResourceKey> keys, String network, UnitOfWork unit) {
        return InTurn.map(keys, key -> unit.find(key, policy.decide(asNetwork(network), key.type(), Interaction.READ)))
                .map(found -> found.stream().allMatch(Optional::isPresent));
    }

    private Uni<Void> passOn(StoredResource stored, ServiceRequest original, String network, UnitOfWork unit) {
        Referral referral = FillerOrder.of(stored.as(Task.class), original, clock.instant());
        return HandOutActivities.createIfAbsent(referral.request(), unit)
                .chain(() -> HandOutActivities.createIfAbsent(referral.task(), unit))
                .chain(() -> lists.asked(unit, stored.key().id().value()))
                .chain(chosen -> chooseAgency.chooseFor(
                        FillerOrder.waiting(
                                referral, original, chosen.map(AgencyChoice.Asked::referral), directoryRules.zone()),
                        unit))
                .invoke(() -> LOG.passedOn(
                        stored.key().id().value(),
                        referral.request().getIdElement().getIdPart()))
                .chain(() -> tell(stored, List.of(referral.task()), network, unit))
                .replaceWithVoid();
    }

    /** What the network may not see any more is not told on; that it ended is, and what the agencies say. */
    private Uni<Void> follow(StoredResource order, ResourceKey key, String network, UnitOfWork unit) {
        ServiceRequest filler = order.as(ServiceRequest.class);
        ResourceKey original =
                ResourceKey.parse(filler.getBasedOnFirstRep().getReference()).orElseThrow();
        return unit.find(original, Condition.EVERYTHING)
                .chain(request -> unit.find(key, Condition.EVERYTHING)
                        .chain(whole -> isShown(List.of(key, original), network, unit)
                                .chain(shown -> (shown
                                                        || whole.filter(PassOn::hasEnded)
                                                                .isPresent()
                                                ? ask(whole, order, unit)
                                                : Uni.createFrom().<Void>nullItem())
                                        .chain(() -> hear(whole, order, network, unit))
                                        .map(told -> FillerOrder.following(
                                                filler,
                                                request.flatMap(ignored -> told),
                                                request.filter(ignored -> shown)
                                                        .map(each -> each.as(ServiceRequest.class))))))
                        .chain(next -> unit.update(Caller.PLATFORM, order, next)))
                .replaceWithVoid();
    }

    private static boolean hasEnded(StoredResource task) {
        return TaskLifecycle.hasEnded(task.as(Task.class));
    }

    /** Returns the whole as it is after what the agencies said. */
    private Uni<Optional<Task>> hear(
            Optional<StoredResource> whole, StoredResource order, String network, UnitOfWork unit) {
        return whole.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : requestTasks
                        .focusedOn(order.key().id().value(), unit)
                        .chain(parts -> tell(whole.get(), parts, network, unit))
                        .map(Optional::of);
    }

    /** Brings what who asked changed to the parts. */
    private Uni<Void> ask(Optional<StoredResource> whole, StoredResource order, UnitOfWork unit) {
        return whole.isEmpty()
                ? Uni.createFrom().voidItem()
                : requestTasks
                        .focusedOn(order.key().id().value(), unit)
                        .chain(known -> requestTasks.found(
                                known.stream()
                                        .map(part -> ResourceKey.of(
                                                "Task", part.getIdElement().getIdPart()))
                                        .toList(),
                                unit))
                        .chain(parts -> {
                            Map<String, StoredResource> stored = parts.stream()
                                    .collect(Collectors.toMap(
                                            part -> part.key().id().value(), Function.identity()));
                            List<Task> asked = FillerOrder.asked(
                                    whole.get().as(Task.class),
                                    parts.stream()
                                            .map(part -> part.as(Task.class))
                                            .toList(),
                                    fineStates);
                            return InTurn.each(
                                    asked,
                                    part -> unit.update(
                                            Caller.PLATFORM,
                                            stored.get(part.getIdElement().getIdPart()),
                                            part));
                        });
    }

    /** Brings what the agencies say to the whole; returns what it is then. */
    private Uni<Task> tell(StoredResource stored, List<Task> parts, String network, UnitOfWork unit) {
        Task whole = stored.as(Task.class);
        List<Task> steps = FillerOrder.told(whole, parts, fineStates);
        Uni<StoredResource> told = Uni.createFrom().item(stored);
        for (Task next : steps) {
            told = told.chain(current -> unit.update(asNetwork(network), current, next));
        }
        return told.replaceWith(steps.isEmpty() ? whole : steps.getLast());
    }

    private static Caller asNetwork(String network) {
        return AsAgency.of(network, "indirect-exchange", true);
    }
}
