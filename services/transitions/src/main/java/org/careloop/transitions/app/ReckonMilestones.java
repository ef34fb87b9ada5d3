package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.Evidence;
import org.careloop.transitions.domain.MilestoneReckoning;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.store.Evidences;
import org.careloop.transitions.store.KnownPatients;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionMilestone;
import org.careloop.transitions.store.Transitions;

/** Finds out, of all that is known, how far the milestones of a transition are, and shows it. */
@Singleton
public class ReckonMilestones {

    private final DischargeMilestones milestones;
    private final Evidences evidences;
    private final Transitions transitions;
    private final KnownPatients patients;
    private final ShowTransition showTransition;
    private final Clock clock;

    ReckonMilestones(
            DischargeMilestones milestones,
            Evidences evidences,
            Transitions transitions,
            KnownPatients patients,
            ShowTransition showTransition,
            Clock clock) {
        this.milestones = milestones;
        this.evidences = evidences;
        this.transitions = transitions;
        this.patients = patients;
        this.showTransition = showTransition;
        this.clock = clock;
    }

    /** As {@link #last}, of each transition of {@code patients} and after the stays {@code encounters}, all of them ids. */
    public Uni<Void> around(Set<String> patients, Set<String> encounters, UnitOfWork unit) {
        return transitions
                .around(patients, encounters, unit)
                .invoke(found -> found.forEach(episode -> last(episode, unit)))
                .replaceWithVoid();
    }

    /** Has {@link #handle} done at the end of {@code unit}, when all is known that it is told. */
    void last(String episode, UnitOfWork unit) {
        unit.last("transition " + episode, () -> handle(episode, unit));
    }

    /** Reckons the milestones of the transition {@code episode}, an id, and shows it as it is. */
    Uni<Void> handle(String episode, UnitOfWork unit) {
        return unit.session()
                .flush()
                .chain(() -> transitions.lock(episode, unit))
                .chain(found -> found == null ? nothing() : handle(found, unit));
    }

    private Uni<Void> handle(Transition transition, UnitOfWork unit) {
        return transition.state() == TransitionState.RETRACTED
                ? showTransition.handle(transition, unit)
                : transitions
                        .milestones(transition, unit)
                        .chain(rows -> evidences
                                .of(transition, unit)
                                .chain(evidence ->
                                        ended(transition, unit).invoke(end -> show(transition, rows, evidence, end)))
                                .chain(() -> unit.session().flush())
                                .chain(() -> showTransition.handle(transition, unit)));
    }

    private void show(
            Transition transition, List<TransitionMilestone> rows, List<Evidence> evidence, Optional<Instant> ended) {
        MilestoneReckoning reckoning = new MilestoneReckoning(evidence, transition.zone(), ended, clock.instant());
        rows.forEach(row -> row.show(reckoning.of(row.milestone(), milestones.needs(row.code()), row.rules())));
    }

    /** Since when nothing is asked for any more: the patient died, or was in hospital again. */
    private Uni<Optional<Instant>> ended(Transition transition, UnitOfWork unit) {
        return patients.died(transition.patientId(), unit)
                .chain(died -> transitions
                        .readmitted(transition, milestones.readmissionDays(), unit)
                        .map(again -> again.filter(at -> died.isEmpty() || at.isBefore(died.get()))
                                .or(() -> died)));
    }

    private static Uni<Void> nothing() {
        return Uni.createFrom().voidItem();
    }
}
