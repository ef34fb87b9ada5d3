package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;

/**
 * Decides in which phase the plan of a stay is to be, from what is known of all stays of the patient. It looks at how things
 * are and not at what has happened, so that the order and the number of reports do not matter.
 */
public final class PlanCourse {

    private static final Set<EncounterStatus> BEFORE_DISCHARGE = EnumSet.of(
            EncounterStatus.PLANNED,
            EncounterStatus.ARRIVED,
            EncounterStatus.TRIAGED,
            EncounterStatus.INPROGRESS,
            EncounterStatus.ONLEAVE);
    private static final Set<EncounterStatus> IN_HOSPITAL =
            EnumSet.of(EncounterStatus.INPROGRESS, EncounterStatus.ONLEAVE);
    private static final Set<EncounterStatus> ERRORS =
            EnumSet.of(EncounterStatus.CANCELLED, EncounterStatus.ENTEREDINERROR);

    private final Set<String> stayClasses;

    /** Plans are paused by stays whose class is one of {@code stayClasses}; a visit pauses none. */
    public PlanCourse(Set<String> stayClasses) {
        this.stayClasses = Set.copyOf(stayClasses);
    }

    /** What is known of a stay. */
    public record Stay(String id, Encounter encounter, Optional<EpisodeOfCare> episode) {}

    /**
     * Returns the phase; empty when the plan stays as it is.
     *
     * @param known the phase that the plan of {@code own} is in; empty while it has none
     * @param all the stays and visits of the patient
     * @param planned the ids of stays that have a plan which stands
     * @param died whether the patient has died: no plan is made then, and one that stands comes to its end
     */
    public Optional<PlanPhase> of(
            Stay own, Optional<PlanPhase> known, Collection<Stay> all, Set<String> planned, boolean died) {
        if (isError(own)) {
            return Optional.of(PlanPhase.RETRACTED);
        }
        if (died) {
            return known.filter(phase -> !phase.isEnd()).map(phase -> PlanPhase.DIED);
        }
        boolean isReplaced = known.filter(phase -> phase.kind() == PlanPhase.Kind.REPLACED)
                .flatMap(phase -> find(phase, all))
                .filter(by -> !isError(by))
                .isPresent();
        if (isReplaced || own.episode().isEmpty()) {
            return Optional.empty();
        }
        EpisodeOfCareStatus episode = own.episode().get().getStatus();
        if (episode == EpisodeOfCareStatus.PLANNED
                || BEFORE_DISCHARGE.contains(own.encounter().getStatus())) {
            return Optional.of(PlanPhase.EXPECTED);
        }
        if (own.encounter().getStatus() != EncounterStatus.FINISHED) {
            return Optional.empty();
        }
        return switch (episode) {
            case ACTIVE ->
                Optional.of(replacement(own, all, planned)
                        .or(() -> readmission(own, all))
                        .orElse(PlanPhase.OPEN));
            // Of who has not consented the team is told nothing, not even that they are in hospital again.
            case ONHOLD, WAITLIST ->
                Optional.of(replacement(own, all, planned).orElseGet(() -> PlanPhase.suspended(told(known, all))));
            case PLANNED, FINISHED, CANCELLED, ENTEREDINERROR, NULL -> Optional.empty();
        };
    }

    /** Of several later stays that have a plan the last one. */
    private Optional<PlanPhase> replacement(Stay own, Collection<Stay> all, Set<String> planned) {
        return all.stream()
                .filter(stay -> isLater(stay, own) && planned.contains(stay.id()))
                .max(Comparator.comparing(PlanCourse::startOf))
                .map(stay -> PlanPhase.replacedBy(stay.id()));
    }

    /** Of several later stays the one that lasts, else any. */
    private Optional<PlanPhase> readmission(Stay own, Collection<Stay> all) {
        return all.stream()
                .filter(stay -> isLater(stay, own))
                .max(Comparator.comparing((Stay stay) ->
                                IN_HOSPITAL.contains(stay.encounter().getStatus()))
                        .thenComparing(PlanCourse::startOf))
                .map(stay -> PlanPhase.readmittedBy(stay.id()));
    }

    /** The readmission of which the team was told, unless it was an error. */
    private static Optional<String> told(Optional<PlanPhase> known, Collection<Stay> all) {
        return known.filter(
                        phase -> phase.kind() == PlanPhase.Kind.READMITTED || phase.kind() == PlanPhase.Kind.SUSPENDED)
                .flatMap(phase -> find(phase, all))
                .filter(stay -> !isError(stay))
                .map(Stay::id);
    }

    /**
     * Whether {@code other} is a readmission after {@code own}: a stay that began later and has not ended sooner. One that
     * lasts and whose beginning is not told counts; the patient is in hospital.
     */
    public boolean isLater(Stay other, Stay own) {
        Encounter stay = other.encounter();
        String type = stay.getClass_().getCode();
        boolean isStay = type != null && stayClasses.contains(type);
        if (!isStay || other.id().equals(own.id())) {
            return false;
        }
        boolean isAfter = !stay.getPeriod().hasStart() || startOf(other).isAfter(startOf(own));
        boolean hasEndedLater = stay.getStatus() == EncounterStatus.FINISHED
                && stay.getPeriod().hasStart()
                && endOf(stay).isAfter(endOf(own.encounter()));
        return isAfter && (IN_HOSPITAL.contains(stay.getStatus()) || hasEndedLater);
    }

    private static Optional<Stay> find(PlanPhase phase, Collection<Stay> all) {
        return all.stream()
                .filter(stay -> phase.by().equals(Optional.of(stay.id())))
                .findFirst();
    }

    /** Whether there was no such stay. */
    public static boolean isError(Stay stay) {
        return ERRORS.contains(stay.encounter().getStatus())
                || stay.episode()
                        .filter(episode -> episode.getStatus() == EpisodeOfCareStatus.CANCELLED
                                || episode.getStatus() == EpisodeOfCareStatus.ENTEREDINERROR)
                        .isPresent();
    }

    private static Instant startOf(Stay stay) {
        return stay.encounter().getPeriod().hasStart()
                ? stay.encounter().getPeriod().getStart().toInstant()
                : endOf(stay.encounter());
    }

    private static Instant endOf(Encounter encounter) {
        return encounter.getPeriod().hasEnd() ? encounter.getPeriod().getEnd().toInstant() : Instant.EPOCH;
    }
}
