package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirstore.ConsentProvisions;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.MilestoneProgress;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.store.StayLinks;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionMilestone;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.EpisodeOfCare;

/** Writes the EpisodeOfCare that shows a transition, in the unit that changed it. */
@Singleton
class ShowTransition {

    private final ConsentProvisions consents;
    private final StayLinks links;
    private final Transitions transitions;
    private final Clock clock;

    ShowTransition(ConsentProvisions consents, StayLinks links, Transitions transitions, Clock clock) {
        this.consents = consents;
        this.links = links;
        this.transitions = transitions;
        this.clock = clock;
    }

    /** Stores the episode as the transition and its milestones are in {@code unit}; nothing when it shows them already. */
    Uni<Void> handle(Transition transition, UnitOfWork unit) {
        return consents.permitEnrolment(transition.patientId(), transition.organization(), unit)
                .chain(consented -> milestones(transition, unit)
                        .chain(milestones -> unit.find(EpisodeOfCare.class, transition.episodeId())
                                .map(stored -> TransitionEpisode.of(
                                        stored, facts(transition, consented), milestones, clock.instant()))))
                .call(episode -> links.of(transition.encounterId(), unit)
                        .invoke(index -> index.ifPresent(known -> known.showIn(episode))))
                .chain(episode -> unit.put(Caller.PLATFORM, episode))
                .replaceWithVoid();
    }

    private Uni<List<MilestoneProgress>> milestones(Transition transition, UnitOfWork unit) {
        return transitions
                .milestones(transition, unit)
                .map(rows -> rows.stream().map(TransitionMilestone::progress).toList());
    }

    private static TransitionEpisode.Facts facts(Transition transition, boolean consented) {
        return new TransitionEpisode.Facts(
                transition.encounterId(),
                transition.patientId(),
                transition.organization(),
                transition.zone(),
                transition.state(),
                consented,
                transition.admitted(),
                transition.discharged());
    }
}
