package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.EncounterStep;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.LaceAssessment;
import org.careloop.transitions.domain.LaceResult;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.hl7.AdtFacts;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionMilestone;
import org.hibernate.LockMode;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.jspecify.annotations.Nullable;

/**
 * Moves the transition of a stay as its encounter moves: expected from the admission on, open with risk and milestones from
 * the discharge on, expected again when the discharge is cancelled, retracted when the admission is. Milestones that are
 * taken back stay as rows.
 */
@Singleton
public class MoveTransition {

    private static final int EMERGENCY_MONTHS = 6;

    /** A step of an encounter, with what the message said. */
    public record Move(Encounter encounter, AdtFacts facts, EncounterStep step, ZoneId zone, String coordinator) {

        String encounterId() {
            return encounter.getIdElement().getIdPart();
        }
    }

    private final TransitionsConfig config;
    private final Lace lace;
    private final DischargeMilestones milestones;
    private final ShowTransition showTransition;
    private final Clock clock;

    MoveTransition(
            TransitionsConfig config,
            Lace lace,
            DischargeMilestones milestones,
            ShowTransition showTransition,
            Clock clock) {
        this.config = config;
        this.lace = lace;
        this.milestones = milestones;
        this.showTransition = showTransition;
        this.clock = clock;
    }

    /** Tells whether the discharge from {@code encounter} opens a transition: a stay does, a visit does not. */
    public boolean concerns(Encounter encounter) {
        return config.classes().contains(encounter.getClass_().getCode());
    }

    /** Moves the transition of the encounter, in {@code unit}; does nothing for an encounter that opens none. */
    public Uni<Void> handle(Move move, UnitOfWork unit) {
        if (!concerns(move.encounter())) {
            return Uni.createFrom().voidItem();
        }
        String episodeId = TransitionEpisode.idOf(move.encounterId()).value();
        return unit.session()
                .find(Transition.class, episodeId, LockMode.PESSIMISTIC_WRITE)
                .chain(found -> found == null
                        ? expect(episodeId, move, unit)
                        : Uni.createFrom().item(found))
                .invoke(transition -> transition.admitted(admitted(move.encounter())))
                .call(transition -> move(transition, move, unit))
                .call(() -> unit.session().flush())
                .chain(transition -> showTransition.handle(transition, unit));
    }

    private static Uni<Transition> expect(String episodeId, Move move, UnitOfWork unit) {
        String patientId = move.encounter().getSubject().getReferenceElement().getIdPart();
        Transition transition =
                new Transition(episodeId, move.encounterId(), patientId, move.coordinator(), move.zone());
        return unit.session().persist(transition).replaceWith(transition);
    }

    private Uni<Void> move(Transition transition, Move move, UnitOfWork unit) {
        return switch (move.step().clocks()) {
            case NONE -> Uni.createFrom().voidItem();
            case START -> open(transition, move, unit);
            case STOP -> withdraw(transition, unit).invoke(transition::expect);
            case RETRACT -> withdraw(transition, unit).invoke(transition::retract);
        };
    }

    private Uni<Void> open(Transition transition, Move move, UnitOfWork unit) {
        Instant discharged = move.facts()
                .event()
                .discharged()
                .orElseGet(() -> move.facts().event().at());
        return assess(move, discharged, unit).chain(result -> {
            transition.open(discharged, result.band());
            List<Milestone> due = move.facts()
                    .event()
                    .destination()
                    .map(destination -> milestones.after(discharged, result.band(), destination, move.zone()))
                    .orElse(List.of());
            LOG.opened(transition.episodeId(), result.band().name(), due.size());
            return unit.session()
                    .persistAll(due.stream()
                            .map(milestone ->
                                    new TransitionMilestone(transition.episodeId(), milestone, milestones.version()))
                            .toArray());
        });
    }

    private Uni<LaceResult> assess(Move move, Instant discharged, UnitOfWork unit) {
        return emergencyVisits(move, unit).chain(visits -> {
            LaceResult result = lace.score(
                    lace.inputOf(move.encounter(), move.facts().related().conditions(), visits, move.zone()));
            List<Reference> basis = new ArrayList<>();
            basis.add(new Reference("Encounter/" + move.encounterId()));
            move.facts()
                    .related()
                    .conditions()
                    .forEach(condition -> basis.add(new Reference(
                            "Condition/" + condition.getIdElement().getIdPart())));
            RiskAssessment assessment = new LaceAssessment(lace)
                    .of(
                            result,
                            move.encounter().getSubject().copy(),
                            new Reference("Encounter/" + move.encounterId()),
                            basis,
                            discharged,
                            move.zone());
            assessment.setId(FhirId.derivedFrom("lace", move.encounterId()).value());
            return unit.put(Caller.PLATFORM, assessment).replaceWith(result);
        });
    }

    /** Counts the emergency visits of the 6 months before the admission, without the one that led to it. */
    private Uni<Optional<Integer>> emergencyVisits(Move move, UnitOfWork unit) {
        Optional<Instant> admitted = Optional.ofNullable(admitted(move.encounter()));
        if (!config.emergencyVisitsTold() || admitted.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        LocalDate day = LocalDate.ofInstant(admitted.get(), move.zone());
        String query = "subject=" + move.encounter().getSubject().getReference() + "&class=EMER&date=ge"
                + day.minusMonths(EMERGENCY_MONTHS) + "&date=lt" + day;
        return unit.search(Encounter.class, query)
                .map(visits -> Optional.of((int) visits.stream()
                        .filter(visit -> !visit.getIdElement().getIdPart().equals(move.encounterId()))
                        .filter(visit -> !isCancelled(visit))
                        .count()));
    }

    private static boolean isCancelled(Encounter visit) {
        return visit.getStatus() == Encounter.EncounterStatus.CANCELLED
                || visit.getStatus() == Encounter.EncounterStatus.ENTEREDINERROR;
    }

    private Uni<Void> withdraw(Transition transition, UnitOfWork unit) {
        Instant now = clock.instant();
        return unit.session()
                .createSelectionQuery(
                        "from TransitionMilestone where episodeId = :episode and withdrawn is null",
                        TransitionMilestone.class)
                .setParameter("episode", transition.episodeId())
                .getResultList()
                .invoke(rows -> rows.forEach(row -> row.withdraw(now)))
                .replaceWithVoid();
    }

    private static @Nullable Instant admitted(Encounter encounter) {
        return encounter.getPeriod().hasStart()
                ? encounter.getPeriod().getStart().toInstant()
                : null;
    }
}
