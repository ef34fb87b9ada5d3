package org.careloop.transitions.domain;

import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.FINISHED;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Encounter.EncounterStatus.UNKNOWN;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.careloop.transitions.domain.EncounterStep.Clocks;
import org.careloop.transitions.domain.EncounterStep.Details;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/**
 * Decides what an event means for an encounter, given what is known of it; events may come late, twice or out of order.
 *
 * <p>The table (rows: stored status, columns: event; "-" = the status stays):
 *
 * <pre>
 *              A01          A04        A02          A08      A03             A11                A13
 * none         in-progress  per PV1-2  in-progress  unknown  finished START  cancelled          in-progress
 * planned      in-progress  per PV1-2  in-progress  -        finished START  cancelled RETRACT  -
 * in-progress  in-progress  -          in-progress  -        finished START  cancelled RETRACT  -
 * unknown      in-progress  per PV1-2  in-progress  -        finished START  cancelled RETRACT  in-progress
 * finished     -            -          -            -        -               cancelled RETRACT  in-progress STOP
 * cancelled    in-progress  per PV1-2  -            -        finished START  -                  -
 * </pre>
 *
 * <p>A late event (older than the one that set the status) changes no status, but for a discharge that was simply told
 * late: it finishes an encounter that is still open, unless the last word was that a discharge is cancelled.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR, Event[EncounterStatus]</a>
 */
public final class EncounterTimeline {

    private static final Set<String> DISCHARGE_ELEMENTS =
            Set.of("Encounter.period.end", "Encounter.hospitalization.dischargeDisposition");

    private EncounterTimeline() {}

    /**
     * Returns what {@code event}, which happened {@code at}, does.
     *
     * @param told the status that the message itself speaks of; decides only a registration (A04: planned or
     * in-progress)
     */
    public static EncounterStep decide(
            Optional<EncounterState> stored, TriggerEvent event, Instant at, EncounterStatus told) {
        return stored.map(state -> known(state, event, at, told)).orElseGet(() -> first(event, at, told));
    }

    /**
     * Returns the encounter to store after {@code step}: the told details laid over the stored ones, with the step's
     * status.
     *
     * @param cleared elements that the sender emptied, as {@link SnapshotMerge} takes them
     */
    public static Encounter apply(Optional<Encounter> stored, Encounter told, Set<String> cleared, EncounterStep step) {
        Set<String> gone = new HashSet<>(cleared);
        if (step.clearsDischarge()) {
            gone.addAll(DISCHARGE_ELEMENTS);
        }
        Encounter after = stored.map(before -> SnapshotMerge.merge(before, told, gone, step.details()))
                .orElseGet(told::copy);
        return after.setStatus(step.next().status());
    }

    private static EncounterStep first(TriggerEvent event, Instant at, EncounterStatus told) {
        EncounterStatus status = switch (event) {
            case A01, A02, A13 -> INPROGRESS;
            case A04 -> told;
            case A08 -> UNKNOWN;
            case A03 -> FINISHED;
            case A11 -> CANCELLED;
        };
        Clocks clocks = event == TriggerEvent.A03 ? Clocks.START : Clocks.NONE;
        return new EncounterStep(new EncounterState(status, event, at, at), Details.REPLACE, clocks, false, false);
    }

    private static EncounterStep known(EncounterState state, TriggerEvent event, Instant at, EncounterStatus told) {
        boolean late = at.isBefore(state.lastEventAt());
        if (event == TriggerEvent.A08 || late && !isDischargeToldLate(state, event)) {
            return step(state, event, at, state.status(), Clocks.NONE, late);
        }
        EncounterStatus next = nextStatus(state.status(), event, told);
        return step(state, event, at, next, clocks(state.status(), next, event), false);
    }

    private static boolean isDischargeToldLate(EncounterState state, TriggerEvent event) {
        boolean open = state.status() != FINISHED && state.status() != CANCELLED;
        return event == TriggerEvent.A03 && open && state.lastEvent() != TriggerEvent.A13;
    }

    private static EncounterStatus nextStatus(EncounterStatus now, TriggerEvent event, EncounterStatus told) {
        boolean closed = now == FINISHED || now == CANCELLED;
        return switch (event) {
            case A01 -> now == FINISHED ? now : INPROGRESS;
            case A04 -> now == FINISHED || now == INPROGRESS ? now : told;
            case A02 -> closed ? now : INPROGRESS;
            case A08 -> now;
            case A03 -> FINISHED;
            case A11 -> CANCELLED;
            case A13 -> now == FINISHED || now == UNKNOWN ? INPROGRESS : now;
        };
    }

    private static Clocks clocks(EncounterStatus now, EncounterStatus next, TriggerEvent event) {
        if (now == next) {
            return Clocks.NONE;
        }
        return switch (event) {
            case A03 -> Clocks.START;
            case A11 -> Clocks.RETRACT;
            case A13 -> now == FINISHED ? Clocks.STOP : Clocks.NONE;
            case A01, A02, A04, A08 -> Clocks.NONE;
        };
    }

    /**
     * An event that was heard but may not set the status (a late one, an update, an admission of a finished stay)
     * leaves the mark of the last event where it is: it is no evidence about the order of the ones that may.
     */
    private static EncounterStep step(
            EncounterState state, TriggerEvent event, Instant at, EncounterStatus next, Clocks clocks, boolean late) {
        boolean speaks = !late && event != TriggerEvent.A08 && (next != state.status() || isStatusOf(event, next));
        Instant detailsAt = at.isAfter(state.detailsAt()) ? at : state.detailsAt();
        EncounterState after = speaks
                ? new EncounterState(next, event, latest(at, state.lastEventAt()), detailsAt)
                : new EncounterState(next, state.lastEvent(), state.lastEventAt(), detailsAt);
        Details details = at.isBefore(state.detailsAt()) ? Details.FILL_ABSENT : Details.REPLACE;
        boolean clears = event == TriggerEvent.A13 && clocks == Clocks.STOP;
        return new EncounterStep(after, details, clocks, clears, late);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether {@code event} confirms {@code status}: a repeated discharge, or a cancelled one that was never told. */
    private static boolean isStatusOf(TriggerEvent event, EncounterStatus status) {
        return switch (event) {
            case A01, A02, A04, A13 -> status == INPROGRESS;
            case A03 -> status == FINISHED;
            case A11 -> status == CANCELLED;
            case A08 -> false;
        };
    }
}
