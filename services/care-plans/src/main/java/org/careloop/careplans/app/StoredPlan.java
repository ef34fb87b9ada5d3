package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.PlanReason;
import org.careloop.careplans.domain.ProtocolProvenance;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Resource;

/**
 * A plan that the platform has made, as it is stored, locked until the transaction ends.
 *
 * @param draft plan, goals and team as they are
 * @param applied what the platform had applied last
 * @param hasTeam whether the team is still there; who has deleted it does not get it back
 */
record StoredPlan(PlanApplication row, PlanDraft draft, PlanDraft applied, boolean hasTeam) {

    /** Reads the plan of {@code row}; empty when people have deleted it. */
    static Uni<Optional<StoredPlan>> of(PlanApplication row, UnitOfWork unit) {
        PlanDraft applied = row.applied();
        return unit.find(CarePlan.class, row.ids().plan().value())
                .chain(plan -> plan.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : FollowActivity.goalsOf(plan.get(), unit)
                                .chain(goals -> unit.find(
                                                CareTeam.class,
                                                applied.team().getIdElement().getIdPart())
                                        .map(team -> Optional.of(new StoredPlan(
                                                row,
                                                new PlanDraft(plan.get(), goals, team.orElse(applied.team())),
                                                applied,
                                                team.isPresent())))));
    }

    /** Stores what of {@code changed} differs, with a Provenance that says why; nothing when nothing does. */
    Uni<Boolean> store(PlanDraft changed, Collection<PlanReason> why, Instant now, UnitOfWork unit) {
        List<Resource> all = new ArrayList<>(changed.goals());
        if (hasTeam) {
            all.add(changed.team());
        }
        all.add(changed.plan());
        return InTurn.map(all, resource -> unit.put(Caller.PLATFORM, resource)).chain(saved -> {
            List<StoredResource> changes =
                    saved.stream().flatMap(Optional::stream).toList();
            if (changes.isEmpty()) {
                return Uni.createFrom().item(false);
            }
            List<Goal> goals = changed.goals().stream()
                    .filter(goal -> isAmong(changes, goal))
                    .toList();
            PlanDraft told = new PlanDraft(changed.plan(), goals, changed.team());
            return unit.put(Caller.PLATFORM, ProtocolProvenance.ofChange(told, row.changed(), why, now))
                    .replaceWith(true);
        });
    }

    private static boolean isAmong(List<StoredResource> changes, Resource resource) {
        String reference = resource.fhirType() + "/" + resource.getIdElement().getIdPart();
        return changes.stream().anyMatch(change -> change.key().reference().equals(reference));
    }
}
