package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.DischargeDestinations;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.RiskBand;
import org.careloop.transitions.domain.SiteTime;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.store.Evidences;
import org.careloop.transitions.store.StayEvents;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionMilestone;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Moves the transition of a stay as its Encounter moves, whoever moved that: expected from the admission on, open with risk and
 * milestones from the discharge on, expected again when the discharge is cancelled, retracted when the admission is. When what is
 * known of a discharge changes, so do its milestones. Those that are taken back stay as rows.
 */
@Singleton
public class FollowStay {

    private final TransitionsConfig config;
    private final Sites sites;
    private final DischargeDestinations destinations;
    private final DischargeMilestones milestones;
    private final AssessRisk assessRisk;
    private final StayEvents events;
    private final ReckonMilestones reckonMilestones;
    private final Transitions transitions;
    private final Evidences evidences;
    private final Clock clock;

    FollowStay(
            TransitionsConfig config,
            Sites sites,
            DischargeDestinations destinations,
            DischargeMilestones milestones,
            AssessRisk assessRisk,
            StayEvents events,
            ReckonMilestones reckonMilestones,
            Transitions transitions,
            Evidences evidences,
            Clock clock) {
        this.config = config;
        this.sites = sites;
        this.destinations = destinations;
        this.milestones = milestones;
        this.assessRisk = assessRisk;
        this.events = events;
        this.reckonMilestones = reckonMilestones;
        this.transitions = transitions;
        this.evidences = evidences;
        this.clock = clock;
    }

    /**
     * Moves the transition of {@code stay}, in {@code unit}; does nothing for a visit that opens none.
     *
     * @param author id of the Organization that made the Encounter, which coordinates where nobody else does
     * @param recorded whether it is recorded, not told as news: what was long ago then is history, nobody follows it up
     */
    public Uni<Void> handle(Encounter stay, Optional<String> author, boolean recorded, UnitOfWork unit) {
        String episode = TransitionEpisode.idOf(stay.getIdElement().getIdPart()).value();
        TransitionState state = sites.isStay(stay) ? TransitionState.of(stay.getStatus()) : TransitionState.RETRACTED;
        return transitions
                .lock(episode, unit)
                .chain(found -> found == null
                        ? begin(episode, stay, state, author, recorded, unit)
                        : move(found, stay, state, unit));
    }

    /** Moves the transition of the encounter {@code id}, which is deleted. */
    public Uni<Void> gone(FhirId id, UnitOfWork unit) {
        return events.forget(id.value(), unit)
                .chain(() -> transitions.lock(TransitionEpisode.idOf(id.value()).value(), unit))
                .chain(found -> found == null
                        ? Uni.createFrom().voidItem()
                        : retract(found, unit).invoke(() -> reckonMilestones.last(found.episodeId(), unit)));
    }

    /**
     * Notes whose the transition of {@code stay} is: its patient was found to be another, or told apart again. What follows from that
     * for this and other stays is {@link ReassessStays}'s.
     */
    public Uni<Void> moved(Encounter stay, UnitOfWork unit) {
        String episode = TransitionEpisode.idOf(stay.getIdElement().getIdPart()).value();
        return transitions.lock(episode, unit).chain(found -> {
            Optional<String> patient = idOf(stay.getSubject().getReference());
            if (found == null || patient.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            found.patient(patient.get());
            return evidences.moved(found.encounterId(), patient.get(), unit);
        });
    }

    private Uni<Void> begin(
            String episode,
            Encounter stay,
            TransitionState state,
            Optional<String> author,
            boolean recorded,
            UnitOfWork unit) {
        Optional<String> patient = idOf(stay.getSubject().getReference());
        Optional<String> coordinator = sites.of(stay.getServiceProvider())
                .coordinator()
                .or(() -> author)
                .or(() -> idOf(stay.getServiceProvider().getReference()));
        boolean history = recorded && state == TransitionState.OPEN && isLongAgo(stay);
        if (state == TransitionState.RETRACTED || history || patient.isEmpty() || coordinator.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Transition transition = new Transition(
                episode,
                stay.getIdElement().getIdPart(),
                patient.get(),
                coordinator.get(),
                sites.of(stay.getServiceProvider()).zone());
        return unit.session().persist(transition).chain(() -> move(transition, stay, state, unit));
    }

    /** One of which nobody told the end ended some time after it began. */
    private boolean isLongAgo(Encounter stay) {
        Instant limit = clock.instant().minus(config.followUpWithin());
        ZoneId zone = sites.of(stay.getServiceProvider()).zone();
        return SiteTime.of(stay.getPeriod().getEndElement(), zone)
                .or(() -> SiteTime.of(stay.getPeriod().getStartElement(), zone))
                .filter(limit::isAfter)
                .isPresent();
    }

    private Uni<Void> move(Transition transition, Encounter stay, TransitionState state, UnitOfWork unit) {
        if (state == TransitionState.RETRACTED || TransitionState.hasBegun(stay.getStatus())) {
            transition.admitted(SiteTime.of(stay.getPeriod().getStartElement(), transition.zone()));
        } else {
            transition.notAdmitted();
        }
        idOf(stay.getSubject().getReference()).ifPresent(transition::patient);
        transition.at(
                idOf(stay.getServiceProvider().getReference()),
                Optional.ofNullable(stay.getClass_().getCode()));
        Uni<Void> moved = switch (state) {
            case EXPECTED -> plan(transition, ofAdmission(transition), unit).invoke(transition::expect);
            case OPEN -> open(transition, stay, unit);
            case RETRACTED -> retract(transition, unit);
        };
        return moved.invoke(() -> reckonMilestones.last(transition.episodeId(), unit));
    }

    private List<Milestone> ofAdmission(Transition transition) {
        return transition
                .admitted()
                .map(admitted -> milestones.afterAdmission(admitted, transition.zone()))
                .orElse(List.of());
    }

    private Uni<Void> retract(Transition transition, UnitOfWork unit) {
        return withdraw(transition, List.of(), unit).invoke(transition::retract);
    }

    private Uni<Void> open(Transition transition, Encounter stay, UnitOfWork unit) {
        Instant discharged = SiteTime.of(stay.getPeriod().getEndElement(), transition.zone())
                .or(transition::discharged)
                .orElseGet(clock::instant);
        DischargeDestination destination =
                destinations.of(stay.getHospitalization().getDischargeDisposition());
        return assessRisk.handle(stay, discharged, transition.zone(), unit).chain(band -> {
            List<Milestone> due = new ArrayList<>(ofAdmission(transition));
            due.addAll(milestones.after(discharged, band, destination, transition.zone()));
            boolean opens = transition.state() != TransitionState.OPEN;
            transition.open(discharged, band, destination);
            return plan(transition, due, unit).invoke(() -> told(opens, transition, band, due));
        });
    }

    private static void told(boolean opens, Transition transition, RiskBand band, List<Milestone> due) {
        if (opens) {
            LOG.opened(transition.episodeId(), band.name(), due.size());
        }
    }

    /** What is due stays as it is; how far it is, is reckoned of all that is known. */
    private Uni<Void> plan(Transition transition, List<Milestone> due, UnitOfWork unit) {
        return transitions.milestones(transition, unit).chain(rows -> {
            List<TransitionMilestone> added = due.stream()
                    .filter(milestone ->
                            rows.stream().noneMatch(row -> row.milestone().equals(milestone)))
                    .map(milestone -> new TransitionMilestone(transition.episodeId(), milestone, milestones.version()))
                    .toList();
            return withdraw(transition, due, unit).chain(() -> unit.session().persistAll(added.toArray()));
        });
    }

    private Uni<Void> withdraw(Transition transition, List<Milestone> but, UnitOfWork unit) {
        Instant now = clock.instant();
        return transitions
                .milestones(transition, unit)
                .invoke(rows -> rows.stream()
                        .filter(row -> !but.contains(row.milestone()))
                        .forEach(row -> row.withdraw(now)))
                .replaceWithVoid();
    }

    private static Optional<String> idOf(String reference) {
        return ResourceKey.parse(String.valueOf(reference)).map(key -> key.id().value());
    }
}
