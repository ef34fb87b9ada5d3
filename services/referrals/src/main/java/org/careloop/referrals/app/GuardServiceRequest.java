package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Actor;
import org.careloop.referrals.domain.Amendment;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.ServiceRequestLifecycle;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TimeNeeded;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/**
 * Holds every write of a ServiceRequest to its life cycle; ends the open Tasks of one that is revoked or was a
 * mistake, stops the clocks of one that is on hold and tells of one that is amended, in the same transaction.
 */
@Singleton
public class GuardServiceRequest implements WriteRule {

    private final RequestTasks requestTasks;
    private final ChoiceLists lists;
    private final DirectoryRules directoryRules;
    private final TaskClocks clocks;
    private final Clock clock;

    GuardServiceRequest(
            RequestTasks requestTasks,
            ChoiceLists lists,
            DirectoryRules directoryRules,
            TaskClocks clocks,
            Clock clock) {
        this.requestTasks = requestTasks;
        this.lists = lists;
        this.directoryRules = directoryRules;
        this.clocks = clocks;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "ServiceRequest";
    }

    /** Fails as {@link ServiceRequestLifecycle#check} does. A deletion is a matter of access alone. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        if (write.interaction() == Interaction.DELETE) {
            return Uni.createFrom().item(write.next());
        }
        return isElsewhere(write)
                ? Uni.createFrom().item(write.next())
                : tasksOf(write.previous(ServiceRequest.class), unit).map(tasks -> judged(write, tasks));
    }

    /** Of a new request: it has no Tasks yet. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        return write.interaction() == Interaction.CREATE
                ? Optional.of(isElsewhere(write) ? write.next() : judged(write, List.of()))
                : Optional.empty();
    }

    private static Resource judged(Write write, Collection<Task> tasks) {
        ServiceRequest next = (ServiceRequest) write.next();
        Optional<ServiceRequest> previous = write.previous(ServiceRequest.class);
        Caller caller = write.caller();
        Actor actor = Actor.on(previous, next, caller.references(), caller.isPlatform(), write.isByRecorder());
        ServiceRequestLifecycle.check(previous, next, actor, tasks);
        if (!write.versioned()) {
            previous.ifPresent(known -> Amendment.requireNoOpen(known, next, tasks));
        }
        return next;
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        ServiceRequest request = (ServiceRequest) write.next();
        Optional<ServiceRequest> previous = write.previous(ServiceRequest.class);
        boolean moved = previous.filter(known -> known.getStatus() != request.getStatus())
                .isPresent();
        boolean amended = previous.filter(known -> Amendment.is(known, request)).isPresent();
        if ((!moved && !amended) || write.interaction() == Interaction.DELETE || isElsewhere(write)) {
            return Uni.createFrom().voidItem();
        }
        return requestTasks
                .locked(saved.key().id().value(), unit)
                .chain(tasks -> amended
                        ? needAt(request, tasks, unit).chain(() -> tell(tasks, unit))
                        : Uni.createFrom().item(tasks))
                .chain(tasks -> moved
                        ? followTasks(request, tasks, unit)
                        : Uni.createFrom().voidItem());
    }

    /** The next agency is chosen, and one that waits is, by when it is needed now. */
    private Uni<Void> needAt(ServiceRequest request, List<StoredResource> tasks, UnitOfWork unit) {
        String priority = request.hasPriority() ? request.getPriority().toCode() : "routine";
        return lists.needAt(
                unit,
                tasks.stream().map(task -> task.key().id().value()).toList(),
                TimeNeeded.of(request.getOccurrence(), priority, directoryRules.zone()));
    }

    /** Returns the Tasks, of which those tell of an amendment now whose owners have to know. */
    private Uni<List<StoredResource>> tell(List<StoredResource> tasks, UnitOfWork unit) {
        List<Task> told =
                Amendment.told(tasks.stream().map(task -> task.as(Task.class)).toList(), clock.instant());
        return update(told, tasks, unit)
                .chain(() -> requestTasks.found(
                        tasks.stream().map(StoredResource::key).toList(), unit));
    }

    private static boolean isElsewhere(Write write) {
        ServiceRequest next = (ServiceRequest) write.next();
        ServiceRequest known = write.previous(ServiceRequest.class).orElse(next);
        return Records.isHistory(write, ServiceRequestLifecycle.START.contains(next.getStatus()))
                || write.previous().isPresent() && Records.isMirror(write, known.getRequester());
    }

    private Uni<Void> followTasks(ServiceRequest request, List<StoredResource> tasks, UnitOfWork unit) {
        List<Task> current = tasks.stream().map(task -> task.as(Task.class)).toList();
        Instant now = clock.instant();
        List<Task> ended = ServiceRequestLifecycle.follow(request, current, now).endedTasks();
        if (!ended.isEmpty()) {
            return update(ended, tasks, unit)
                    .invoke(() -> LOG.tasksEnded(request.getIdElement().getIdPart(), ended.size()));
        }
        return switch (request.getStatus()) {
            case ONHOLD -> update(current.stream().map(TaskClocks::paused).toList(), tasks, unit);
            case ACTIVE ->
                update(current.stream().map(task -> clocks.resumed(task, now)).toList(), tasks, unit);
            default -> Uni.createFrom().voidItem();
        };
    }

    /** One that is as it was stays at its version. */
    private static Uni<Void> update(List<Task> next, List<StoredResource> tasks, UnitOfWork unit) {
        Map<ResourceKey, StoredResource> current =
                tasks.stream().collect(Collectors.toMap(StoredResource::key, Function.identity()));
        return InTurn.each(
                next,
                task -> unit.update(
                        Caller.PLATFORM,
                        current.get(ResourceKey.of("Task", task.getIdElement().getIdPart())),
                        task));
    }

    private Uni<Collection<Task>> tasksOf(Optional<ServiceRequest> known, UnitOfWork unit) {
        return known.isEmpty()
                ? Uni.createFrom().item(List.of())
                : requestTasks.of(known.get().getIdElement().getIdPart(), unit).map(Map::values);
    }
}
