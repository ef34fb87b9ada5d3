package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.careplans.domain.GoalLifecycle;
import org.careloop.careplans.domain.PlanActor;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Holds every write of a Goal to its life cycle; who may what follows from the plan that the goal is of. */
@Singleton
public class GuardGoal implements WriteRule {

    GuardGoal() {}

    @Override
    public String type() {
        return "Goal";
    }

    /** Of a record: what it names is a matter of the system that keeps it. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        return write.isRecord() ? Optional.of(write.next()) : Optional.empty();
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        Goal next = (Goal) write.next();
        if (write.interaction() == Interaction.DELETE || write.isRecord()) {
            return Uni.createFrom().item(next);
        }
        return actor(write, next, unit)
                .map(actor -> actor.orKeeper(write.isByRecorder()))
                .invoke(actor -> GoalLifecycle.check(write.previous(Goal.class), next, actor))
                .replaceWith(next);
    }

    private static Uni<PlanActor> actor(Write write, Goal next, UnitOfWork unit) {
        Caller caller = write.caller();
        Set<String> references = caller.references();
        String id = next.getIdElement().getIdPart();
        return unit.search(CarePlan.class, "goal=Goal/" + id)
                .map(plans -> plans.stream()
                        .findFirst()
                        .map(plan -> PlanActor.on(plan, references, caller.isPlatform()))
                        .orElseGet(() -> withoutPlan(caller, next, references)));
    }

    /** A goal comes before the plan that names it; who coordinates writes it in the name of the plan to come. */
    private static PlanActor withoutPlan(Caller caller, Goal goal, Set<String> references) {
        CarePlan toCome = new CarePlan().setSubject(goal.getSubject());
        if (caller.role() == Role.COORDINATOR) {
            caller.organizationReference().ifPresent(own -> toCome.setAuthor(new Reference(own)));
        }
        return PlanActor.on(toCome, references, caller.isPlatform());
    }
}
