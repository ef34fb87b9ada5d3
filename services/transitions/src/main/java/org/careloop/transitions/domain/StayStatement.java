package org.careloop.transitions.domain;

import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.FINISHED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.ONLEAVE;

import java.time.Instant;
import java.time.ZoneId;
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
     * When and where it is said.
     *
     * @param zone of the site
     * @param key tells it from all others
     */
    public record Said(Instant now, ZoneId zone, String key) {}

    /**
     * Returns what {@code next} says that {@code stored} did not. Admission and discharge are put where they happened, so that what a
     * message tells of later is later; but after all that is known already, for that is what the client changes.
     *
     * @param known what was said so far
     */
    public static StayEvent of(Optional<Encounter> stored, List<StayEvent> known, Encounter next, Said said) {
        Instant now = said.now();
        StayStep step = step(stored.map(Encounter::getStatus), next.getStatus());
        Instant at = at(step, next.getPeriod(), said);
        Instant recorded = known.stream()
                .map(event -> event.when().recorded())
                .filter(at::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(at);
        return new StayEvent(step, new StayEvent.Times(recorded, now, at, now), said.key(), bare(next), Set.of(), true);
    }

    /** Returns what is known by {@code stored}, of which nothing was kept that was said of it. */
    public static StayEvent asKnown(Encounter stored, ZoneId zone) {
        Instant since = stored.getMeta().getLastUpdated().toInstant();
        return of(Optional.empty(), List.of(), stored, new Said(since, zone, "as-known"));
    }

    /**
     * Returns what need not be kept once {@code said} is: a client that writes the same again and again says no more by it than that it
     * was so from the first time to the last.
     *
     * @param known what was said so far
     */
    public static Optional<StayEvent> repeatedBy(StayEvent said, List<StayEvent> known) {
        List<StayEvent> last = known.stream()
                .sorted(StayEvent.AS_SAID.reversed())
                .limit(2)
                .filter(before -> isSame(before, said))
                .toList();
        return last.size() == 2 && isSame(said, said) ? Optional.of(last.getFirst()) : Optional.empty();
    }

    private static boolean isSame(StayEvent before, StayEvent said) {
        return before.whole()
                && before.step() == StayStep.UPDATE
                && before.told().equalsDeep(said.told());
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

    private static Instant at(StayStep step, Period period, Said said) {
        Optional<Instant> stated = switch (step) {
            case ADMIT -> SiteTime.of(period.getStartElement(), said.zone());
            case DISCHARGE -> SiteTime.of(period.getEndElement(), said.zone());
            default -> Optional.empty();
        };
        return stated.orElse(said.now());
    }
}
