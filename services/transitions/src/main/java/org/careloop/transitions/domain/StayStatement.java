package org.careloop.transitions.domain;

import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.FINISHED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.ONLEAVE;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Period;

/** What it says of a stay that a client writes its Encounter. */
public final class StayStatement {

    private StayStatement() {}

    /**
     * Returns what {@code next} says that {@code stored} did not. Admission and discharge are put where they happened, so that what a
     * message tells of later is later; but after all that is known already, for that is what the client changes.
     *
     * @param known what was said so far
     * @param key tells it from all others
     */
    public static StayEvent of(
            Optional<Encounter> stored, List<StayEvent> known, Encounter next, Instant now, String key) {
        StayStep step = step(stored.map(Encounter::getStatus), next.getStatus());
        Instant at = at(step, next.getPeriod(), now);
        Instant recorded = known.stream()
                .map(event -> event.when().recorded())
                .filter(at::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(at);
        return new StayEvent(step, new StayEvent.Times(recorded, now, at, now), key, bare(next), Set.of(), true);
    }

    /** Returns what is known by {@code stored}, of which nothing was kept that was said of it. */
    public static StayEvent asKnown(Encounter stored) {
        Instant since = stored.getMeta().getLastUpdated().toInstant();
        return of(Optional.empty(), List.of(), stored, since, "as-known");
    }

    private static Encounter bare(Encounter encounter) {
        Encounter bare = encounter.copy();
        bare.setId((String) null);
        bare.setMeta(null);
        bare.setText(null);
        return bare.setSubject(null);
    }

    private static StayStep step(Optional<EncounterStatus> before, EncounterStatus next) {
        if (before.filter(next::equals).isPresent()) {
            return StayStep.UPDATE;
        }
        return switch (next) {
            case PLANNED -> StayStep.PLAN;
            case ARRIVED, TRIAGED, INPROGRESS ->
                before.filter(FINISHED::equals).isPresent()
                        ? StayStep.CANCEL_DISCHARGE
                        : before.filter(ONLEAVE::equals).isPresent() ? StayStep.RETURN : StayStep.ADMIT;
            case ONLEAVE -> StayStep.LEAVE;
            case FINISHED -> StayStep.DISCHARGE;
            case CANCELLED, ENTEREDINERROR -> StayStep.CANCEL_ADMIT;
            case UNKNOWN, NULL -> StayStep.UNSURE;
        };
    }

    private static Instant at(StayStep step, Period period, Instant now) {
        return switch (step) {
            case ADMIT -> period.hasStart() ? period.getStart().toInstant() : now;
            case DISCHARGE -> period.hasEnd() ? period.getEnd().toInstant() : now;
            default -> now;
        };
    }
}
