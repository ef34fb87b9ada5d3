package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.MeasurePeriod;
import org.careloop.transitions.domain.TransitionState;
import org.hibernate.LockMode;
import org.jspecify.annotations.Nullable;

/**
 * The transitions that are kept here. Whoever locks several does so in the order of their ids, all at once, and after the Encounters that it
 * locks; what they show (RiskAssessment, EpisodeOfCare) comes after them.
 */
@Singleton
public class Transitions {

    Transitions() {}

    /** Returns the transition {@code episode}, an id, which nobody else changes then; null when there is none. */
    public Uni<@Nullable Transition> lock(String episode, UnitOfWork unit) {
        return unit.session().find(Transition.class, episode, LockMode.PESSIMISTIC_WRITE);
    }

    /** Returns the ids of those of the patients and after the stays, all ids, that were not in error. */
    public Uni<List<String>> around(Collection<String> patients, Collection<String> encounters, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("""
                        select episodeId from Transition where (patientId in :patients or encounterId in :encounters)
                        and state <> :retracted""", String.class)
                .setParameter("patients", orNobody(patients))
                .setParameter("encounters", orNobody(encounters))
                .setParameter("retracted", TransitionState.RETRACTED)
                .getResultList();
    }

    /** As {@link #lock(String, UnitOfWork)}, of those of the patients and after the stays, all ids. */
    public Uni<List<Transition>> lockAll(Collection<String> patients, Collection<String> encounters, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from Transition where patientId in :patients or encounterId in :encounters order by episodeId",
                        Transition.class)
                .setParameter("patients", orNobody(patients))
                .setParameter("encounters", orNobody(encounters))
                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                .getResultList();
    }

    private static List<String> orNobody(Collection<String> ids) {
        List<String> known = new ArrayList<>(ids);
        known.add("");
        return known;
    }

    /** Returns the milestones that were not taken back, first due first. */
    public Uni<List<TransitionMilestone>> milestones(Transition transition, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from TransitionMilestone where episodeId = :episode and withdrawn is null order by due, id",
                        TransitionMilestone.class)
                .setParameter("episode", transition.episodeId())
                .getResultList();
    }

    /** Returns when the patient was next admitted, at most {@code days} days after the discharge. */
    public Uni<Optional<Instant>> readmitted(Transition transition, int days, UnitOfWork unit) {
        if (transition.discharged().isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        Instant discharged = transition.discharged().get();
        LocalDate day = discharged.atZone(transition.zone()).toLocalDate();
        // By the day, as in StayChain: a transfer is often told before the discharge.
        Instant began = transition.admitted().orElse(discharged);
        return unit.session()
                .createSelectionQuery("""
                        select min(admitted) from Transition where patientId = :patient and episodeId <> :episode
                        and state <> :retracted and admitted >= :day and (admitted > :began or admitted >= :discharged)
                        and admitted < :end""", Instant.class)
                .setParameter("patient", transition.patientId())
                .setParameter("episode", transition.episodeId())
                .setParameter("retracted", TransitionState.RETRACTED)
                .setParameter("discharged", discharged)
                .setParameter("began", began)
                .setParameter("day", day.atStartOfDay(transition.zone()).toInstant())
                .setParameter(
                        "end",
                        day.plusDays(days + 1L).atStartOfDay(transition.zone()).toInstant())
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    /** Returns the transition {@code episode}, an id; empty when there is none. */
    public Uni<Optional<Transition>> find(String episode, UnitOfWork unit) {
        return unit.session().find(Transition.class, episode).map(Optional::ofNullable);
    }

    /** Returns all transitions of {@code patients}, ids, that were not in error, by whose they are. */
    public Uni<Map<String, List<Transition>>> of(Collection<String> patients, UnitOfWork unit) {
        return patients.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.session()
                        .createSelectionQuery(
                                "from Transition where patientId in :patients and state <> :retracted order by episodeId",
                                Transition.class)
                        .setParameter("patients", List.copyOf(patients))
                        .setParameter("retracted", TransitionState.RETRACTED)
                        .getResultList()
                        .map(rows -> rows.stream().collect(Collectors.groupingBy(Transition::patientId)));
    }

    /** Returns the transitions {@code episodes}, ids. */
    public Uni<List<Transition>> all(Collection<String> episodes, UnitOfWork unit) {
        return episodes.isEmpty()
                ? Uni.createFrom().item(List.of())
                : unit.session()
                        .createSelectionQuery(
                                "from Transition where episodeId in :episodes order by episodeId", Transition.class)
                        .setParameter("episodes", List.copyOf(episodes))
                        .getResultList();
    }

    /**
     * Returns ids of the transitions, at most {@code most}, of discharges around {@code period} that {@code organization}, an id,
     * provided or follows.
     */
    public Uni<List<String>> discharged(String organization, MeasurePeriod period, int most, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("""
                        select episodeId from Transition where state = :open
                        and (organization = :organization or facility = :organization)
                        and discharged >= :from and discharged < :until order by episodeId""", String.class)
                .setParameter("open", TransitionState.OPEN)
                .setParameter("organization", organization)
                .setParameter("from", period.from())
                .setParameter("until", period.until())
                .setMaxResults(most)
                .getResultList();
    }

    /** Returns the ids of the organisations that provided or follow discharges around {@code period}. */
    public Uni<Set<String>> organizations(MeasurePeriod period, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("""
                        select distinct organization, facility from Transition where state = :open
                        and discharged >= :from and discharged < :until""", Object[].class)
                .setParameter("open", TransitionState.OPEN)
                .setParameter("from", period.from())
                .setParameter("until", period.until())
                .getResultList()
                .map(rows -> rows.stream()
                        .flatMap(Arrays::stream)
                        .filter(Objects::nonNull)
                        .map(String.class::cast)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * Returns ids of transitions with a milestone that is shown to be open and was due before {@code now}, at most {@code most}, in
     * their order from the one after {@code last} on.
     */
    public Uni<List<String>> overdue(Instant now, String last, int most, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("""
                        select distinct episodeId from TransitionMilestone
                        where state = org.careloop.transitions.domain.MilestoneState.OPEN and withdrawn is null
                        and due < :now and episodeId > :last order by episodeId""", String.class)
                .setParameter("now", now)
                .setParameter("last", last)
                .setMaxResults(most)
                .getResultList();
    }
}
