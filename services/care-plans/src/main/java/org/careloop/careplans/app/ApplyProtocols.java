package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.FactsPrint;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.PlanIds;
import org.careloop.careplans.domain.PlanMoves;
import org.careloop.careplans.domain.PlanPhase;
import org.careloop.careplans.domain.PlanReason;
import org.careloop.careplans.domain.PlanRevision;
import org.careloop.careplans.domain.PlanSuccession;
import org.careloop.careplans.domain.ProtocolApplication;
import org.careloop.careplans.domain.ProtocolProvenance;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Resource;

/**
 * Makes plan, goals and team of a discharge from the protocols that apply to it, and applies them anew when the facts change.
 * The same facts change nothing.
 */
@Singleton
class ApplyProtocols {

    private final ProtocolLibrary library;
    private final Clock clock;

    ApplyProtocols(ProtocolLibrary library, Clock clock) {
        this.library = library;
        this.clock = clock;
    }

    /**
     * Makes the plan that {@code facts} call for and returns what was applied; a plan of before that is there is left as it is.
     *
     * @param ended the plan of the same stay, if it has come to its end
     * @param formers plans that this one takes the place of
     */
    Uni<PlanApplication> make(
            DischargeFacts facts, Optional<PlanApplication> ended, List<PlanApplication> formers, UnitOfWork unit) {
        String stay = facts.encounter().getReferenceElement().getIdPart();
        int round = ended.map(PlanApplication::round).orElse(0) + 1;
        PlanIds ids = new PlanIds(stay, round, Set.of());
        Instant now = clock.instant();
        PlanDraft applied = ProtocolApplication.apply(facts, library.protocolsFor(facts), ids, now);
        return unit.find(CarePlan.class, ids.plan().value())
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(applied)
                        : carried(applied, formers, ended, unit).call(draft -> create(draft, now, unit)))
                .chain(draft -> {
                    PlanApplication row = ended.orElseGet(() -> new PlanApplication(
                            stay, facts.patient().getReferenceElement().getIdPart()));
                    row.made(round, FactsPrint.of(facts), inWordsOf(draft.plan(), applied));
                    return ended.isPresent()
                            ? Uni.createFrom().item(row)
                            : unit.session().persist(row).replaceWith(row);
                });
    }

    /** Applies the protocols to {@code facts}, unless they are those that were applied and the plan is followed. */
    Uni<Void> revise(DischargeFacts facts, PlanApplication row, UnitOfWork unit) {
        FactsPrint print = FactsPrint.of(facts);
        // What moves the plan comes first: it is the reason that the plan tells.
        Set<PlanReason> why = new LinkedHashSet<>();
        resumedBecause(row.phase()).ifPresent(why::add);
        why.addAll(print.changedSince(row.facts()));
        if (why.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return StoredPlan.of(row, unit)
                .chain(found -> found.filter(
                                plan -> !PlanMoves.hasEnded(plan.draft().plan()))
                        .map(plan -> revise(plan, facts, why, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .invoke(() -> row.moved(PlanPhase.OPEN));
    }

    private Uni<Void> revise(StoredPlan plan, DischargeFacts facts, Set<PlanReason> why, UnitOfWork unit) {
        Instant now = clock.instant();
        PlanDraft stored = plan.draft();
        PlanIds ids = plan.row().ids().without(PlanRevision.spent(stored.goals()));
        PlanDraft next = ProtocolApplication.apply(facts, library.protocolsFor(facts), ids, now);
        PlanReason first = why.iterator().next();
        PlanDraft revised = PlanRevision.apply(stored, plan.applied(), next, first, now);
        PlanDraft changed = new PlanDraft(PlanMoves.resumed(revised.plan(), first), revised.goals(), revised.team());
        plan.row().applied(FactsPrint.of(facts), PlanRevision.remembered(next, stored, plan.applied(), revised.plan()));
        return plan.store(changed, why, now, unit)
                .invoke(isChanged -> {
                    if (isChanged) {
                        LOG.planRevised(changed.plan().getIdElement().getIdPart(), first.code(), library.version());
                    }
                })
                .replaceWithVoid();
    }

    private static Optional<PlanReason> resumedBecause(PlanPhase phase) {
        return switch (phase.kind()) {
            case EXPECTED -> Optional.of(PlanReason.DISCHARGED_AGAIN);
            case READMITTED -> Optional.of(PlanReason.NOT_READMITTED);
            case SUSPENDED -> Optional.of(PlanReason.RESUMED);
            case OPEN, RETRACTED, DIED, REPLACED -> Optional.empty();
        };
    }

    private static Uni<PlanDraft> carried(
            PlanDraft draft, List<PlanApplication> formers, Optional<PlanApplication> ended, UnitOfWork unit) {
        Uni<PlanDraft> carried = Uni.createFrom().item(draft);
        for (PlanApplication former : formers) {
            // What people have ended goes on nowhere, unless it was the platform that had ended it.
            boolean isOurs = ended.isPresent() && former.phase().isEnd();
            carried = carried.chain(so -> StoredPlan.of(former, unit)
                    .map(found -> found.filter(plan ->
                                    isOurs || !PlanMoves.hasEnded(plan.draft().plan()))
                            .map(plan -> PlanSuccession.carry(so, plan.draft(), plan.applied()))
                            .orElse(so)));
        }
        return carried;
    }

    private Uni<Void> create(PlanDraft draft, Instant now, UnitOfWork unit) {
        List<Resource> all = new ArrayList<>(draft.goals());
        all.add(draft.team());
        all.add(draft.plan());
        all.add(ProtocolProvenance.of(draft, now));
        return InTurn.each(all, resource -> unit.put(Caller.PLATFORM, resource))
                .invoke(() -> LOG.planMade(
                        draft.plan().getIdElement().getIdPart(),
                        draft.goals().size(),
                        draft.plan().getActivity().size(),
                        library.version()));
    }

    private static PlanDraft inWordsOf(CarePlan plan, PlanDraft applied) {
        CarePlan remembered = applied.plan().copy();
        remembered.setText(plan.getText().copy());
        return new PlanDraft(remembered, applied.goals(), applied.team());
    }
}
