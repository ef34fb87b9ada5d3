package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.ActivityKey;
import org.careloop.careplans.domain.CarePlanProgress;
import org.careloop.careplans.domain.GoalProgress;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/** Lets the plan and its goals follow what becomes of an activity's request and Task. */
@Singleton
public class FollowActivity {

    private final Clock clock;

    FollowActivity(Clock clock) {
        this.clock = clock;
    }

    /** Follows a Task; does nothing when it is of no plan of ours. */
    public Uni<Void> handle(Task task, UnitOfWork unit) {
        return follow(task.getIdentifier(), unit, plan -> CarePlanProgress.follow(plan, task))
                .chain(plan -> plan.filter(known -> GoalProgress.isEvidence(known, task))
                        .map(known -> moveGoals(known, task, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Follows a ServiceRequest; does nothing when it is of no plan of ours. */
    public Uni<Void> handle(ServiceRequest request, UnitOfWork unit) {
        return follow(request.getIdentifier(), unit, plan -> CarePlanProgress.follow(plan, request))
                .replaceWithVoid();
    }

    /** Returns the plan as it is afterwards; empty when there is none. */
    private static Uni<Optional<CarePlan>> follow(
            List<Identifier> identifiers, UnitOfWork unit, Function<CarePlan, Optional<CarePlan>> progress) {
        Optional<ActivityKey> key = ActivityKey.of(identifiers);
        if (key.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return unit.find(CarePlan.class, key.get().plan().value()).chain(found -> {
            Optional<CarePlan> changed = found.flatMap(progress);
            return changed.isEmpty()
                    ? Uni.createFrom().item(found)
                    : unit.put(Caller.PLATFORM, changed.get()).replaceWith(changed);
        });
    }

    private Uni<Void> moveGoals(CarePlan plan, Task task, UnitOfWork unit) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return goalsOf(plan, unit)
                .chain(goals -> InTurn.each(
                        GoalProgress.follow(plan, task, goals, today), goal -> unit.put(Caller.PLATFORM, goal)));
    }

    static Uni<List<Goal>> goalsOf(CarePlan plan, UnitOfWork unit) {
        List<String> ids = plan.getGoal().stream()
                .flatMap(goal -> Optional.ofNullable(goal.getReference()).flatMap(ResourceKey::parse).stream())
                .map(key -> key.id().value())
                .toList();
        return InTurn.map(ids, id -> unit.find(Goal.class, id))
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }
}
