package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.careplans.domain.CarePlanLifecycle;
import org.careloop.careplans.domain.PlanActor;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Resource;

/** Holds every write of a CarePlan to its life cycle. */
@Singleton
public class GuardCarePlan implements WriteRule {

    GuardCarePlan() {}

    @Override
    public String type() {
        return "CarePlan";
    }

    /** Of a record: what it names is a matter of the system that keeps it. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        return write.isRecord() ? Optional.of(write.next()) : Optional.empty();
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        CarePlan next = (CarePlan) write.next();
        if (write.interaction() == Interaction.DELETE || write.isRecord()) {
            return Uni.createFrom().item(next);
        }
        CarePlan known = write.previous(CarePlan.class).orElse(next);
        PlanActor actor = PlanActor.on(
                        known, write.caller().references(), write.caller().isPlatform())
                .orKeeper(write.isByRecorder());
        Uni<List<Goal>> goals = CarePlanLifecycle.looksAtGoals(next)
                ? FollowActivity.goalsOf(next, unit)
                : Uni.createFrom().item(List.of());
        return goals.invoke(found -> CarePlanLifecycle.check(write.previous(CarePlan.class), next, actor, found))
                .replaceWith(next);
    }
}
