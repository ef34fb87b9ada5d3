package org.careloop.transitions.domain;

import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.FINISHED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.ONLEAVE;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.PLANNED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.UNKNOWN;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/**
 * A stay as it is by all that was said of it. It does not depend on the order in which that came: what is said is put into the
 * order in which it was entered at its source, and played from the start. So a late message does not set the stay back, a
 * repeat changes nothing, and a cancellation takes back what it names and no more.
 *
 * <p>What each step makes of a status ("-": it stays):
 *
 * <pre>
 *              PLAN     ADMIT        MOVE, RECLASS  LEAVE    RETURN       DISCHARGE  CANCEL_PLAN  CANCEL_ADMIT  CANCEL_DISCHARGE
 * none         planned  in-progress  in-progress    onleave  in-progress  finished   cancelled    cancelled     in-progress
 * planned      -        in-progress  in-progress    onleave  in-progress  finished   cancelled    cancelled     -
 * in-progress  -        -            -              onleave  -            finished   -            cancelled     -
 * onleave      -        -            -              -        in-progress  finished   -            cancelled     -
 * finished     -        -            -              -        -            -          -            cancelled     in-progress
 * cancelled    planned  in-progress  -              -        -            finished   -            -             -
 * </pre>
 *
 * <p>UPDATE and CANCEL_MOVE change no status; where nothing else was said it is unknown, which is left like none, and to which UNSURE
 * leads from everywhere.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR, Event[EncounterStatus]</a>
 */
public final class StayCourse {

    private static final Set<String> DISCHARGE_ELEMENTS = Set.of(
            "Encounter.period.end",
            "Encounter.hospitalization.dischargeDisposition",
            "Encounter.hospitalization.destination",
            "Encounter.length");

    private final ZoneId zone;
    private final StayHistory history = new StayHistory();
    private final StayPlaces places = new StayPlaces();
    private final List<StayEvent> played = new ArrayList<>();
    private Encounter details = new Encounter();
    private EncounterStatus status = UNKNOWN;
    private Optional<Instant> admitted = Optional.empty();
    private Optional<Instant> discharged = Optional.empty();

    private StayCourse(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * Returns the stay, without meta and subject, which are not the events' to say.
     *
     * @param told at least one event, in any order
     * @param zone of the site: times that are shown have its offset
     */
    public static Encounter of(Collection<StayEvent> told, ZoneId zone) {
        StayCourse course = new StayCourse(zone);
        told.stream().sorted(StayEvent.AS_SAID).forEach(course::play);
        return course.encounter();
    }

    /** The status of a stay of which nothing is said but {@code step}. */
    public static EncounterStatus alone(StayStep step) {
        return next(UNKNOWN, step);
    }

    private static EncounterStatus next(EncounterStatus now, StayStep step) {
        boolean open = now == PLANNED || now == UNKNOWN;
        boolean here = now == INPROGRESS || now == ONLEAVE;
        return switch (step) {
            case PLAN -> now == UNKNOWN || now == CANCELLED ? PLANNED : now;
            case ADMIT -> open || now == CANCELLED ? INPROGRESS : now;
            case MOVE, RECLASS -> open ? INPROGRESS : now;
            case LEAVE -> open || here ? ONLEAVE : now;
            case RETURN -> open || here ? INPROGRESS : now;
            case DISCHARGE -> FINISHED;
            case CANCEL_PLAN -> open ? CANCELLED : now;
            case CANCEL_ADMIT -> CANCELLED;
            case CANCEL_DISCHARGE -> now == FINISHED || now == UNKNOWN ? INPROGRESS : now;
            case UNSURE -> UNKNOWN;
            case UPDATE, CANCEL_MOVE -> now;
        };
    }

    private void play(StayEvent event) {
        boolean states = event.whole() && event.step() != StayStep.UPDATE;
        EncounterStatus next = states ? kind(event.told().getStatus()) : next(status, event.step());
        lay(event);
        time(event, next);
        places.play(event);
        if (next != status || states || mends(event.step())) {
            history.status(states ? event.told().getStatus() : next, since(event, next));
        }
        history.classed(event.told().getClass_(), event.when().at());
        status = next;
        played.add(event);
    }

    /** The status of the table that {@code told} is a kind of. */
    private static EncounterStatus kind(EncounterStatus told) {
        return switch (told) {
            case ARRIVED, TRIAGED -> INPROGRESS;
            case ENTEREDINERROR -> CANCELLED;
            default -> told;
        };
    }

    /** Said again, it tells the time anew. */
    private boolean mends(StayStep step) {
        return step == StayStep.ADMIT && status == INPROGRESS || step == StayStep.DISCHARGE && status == FINISHED;
    }

    /** A whole description does not speak of what came only after it was written: that fills what it lacks. */
    private void lay(StayEvent event) {
        if (!event.whole()) {
            Set<String> gone = new HashSet<>(event.cleared());
            if (event.step() == StayStep.CANCEL_DISCHARGE) {
                gone.addAll(DISCHARGE_ELEMENTS);
            }
            details = SnapshotMerge.merge(details, event.told(), gone, Details.REPLACE);
            return;
        }
        details = event.told().copy();
        played.stream()
                .filter(before -> before.when().received().isAfter(event.when().received()))
                .forEach(
                        before -> details = SnapshotMerge.merge(details, before.told(), Set.of(), Details.FILL_ABSENT));
    }

    private void time(StayEvent event, EncounterStatus next) {
        switch (event.step()) {
            case ADMIT -> admitted = Optional.of(start(event));
            case DISCHARGE -> discharged = Optional.of(end(event));
            case CANCEL_DISCHARGE -> discharged = Optional.empty();
            default -> {}
        }
        if (next == CANCELLED) {
            discharged = Optional.empty();
        }
    }

    private Instant start(StayEvent event) {
        return SiteTime.of(event.told().getPeriod().getStartElement(), zone)
                .orElse(event.when().at());
    }

    private Instant end(StayEvent event) {
        return SiteTime.of(event.told().getPeriod().getEndElement(), zone)
                .orElse(event.when().at());
    }

    private Instant since(StayEvent event, EncounterStatus next) {
        if (event.step().isCancellation()) {
            return event.when().recorded();
        }
        return switch (next) {
            case INPROGRESS -> start(event);
            case FINISHED -> end(event);
            default -> event.when().at();
        };
    }

    /** A whole description, after which nothing came to be known, however it is to be put. */
    private boolean isLastWord(StayEvent event) {
        return event.whole()
                && played.stream()
                        .noneMatch(other ->
                                other.when().received().isAfter(event.when().received()));
    }

    private Encounter encounter() {
        Encounter encounter = details;
        encounter.setSubject(null).setMeta(null);
        encounter.setStatus(history.current().orElse(UNKNOWN));
        if (isLastWord(played.getLast())) {
            // What a client says is what it reads again; only what it left to us is added.
            history.complete(encounter, zone);
            return encounter;
        }
        if (status == FINISHED) {
            if (!encounter.getPeriod().hasEnd()) {
                discharged.ifPresent(end -> encounter.getPeriod().setEndElement(FhirTime.dateTime(end, zone)));
            }
        } else {
            encounter.getPeriod().setEndElement(null);
            encounter.getHospitalization().setDischargeDisposition(null);
        }
        if (!encounter.getPeriod().hasStart() && status != PLANNED) {
            admitted.ifPresent(start -> encounter.getPeriod().setStartElement(FhirTime.dateTime(start, zone)));
        }
        places.show(encounter, status, discharged, zone);
        history.show(encounter, zone);
        return encounter;
    }
}
