package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.careplans.domain.CareTeamLifecycle;
import org.careloop.careplans.domain.PlanActor;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Resource;

/** Holds every write of a CareTeam to its life cycle. */
@Singleton
public class GuardCareTeam implements WriteRule {

    GuardCareTeam() {}

    @Override
    public String type() {
        return "CareTeam";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(judged(write));
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    private static Resource judged(Write write) {
        CareTeam next = (CareTeam) write.next();
        if (write.interaction() != Interaction.DELETE && !write.isRecord()) {
            CareTeam known = write.previous(CareTeam.class).orElse(next);
            PlanActor actor = PlanActor.on(
                            known, write.caller().references(), write.caller().isPlatform())
                    .orKeeper(write.isByRecorder());
            CareTeamLifecycle.check(write.previous(CareTeam.class), next, actor);
        }
        return next;
    }
}
