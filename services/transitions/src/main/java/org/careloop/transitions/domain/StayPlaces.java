package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationComponent;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/** Where a stay was, from when to when; and where it is to go on. */
final class StayPlaces {

    /**
     * @param since empty when nobody told
     * @param by what told of it
     */
    private record Place(EncounterLocationComponent told, Optional<Instant> since, StayStep by) {

        boolean is(EncounterLocationComponent other) {
            return told.getLocation().equalsDeep(other.getLocation());
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final Set<Instant> takenBack = new HashSet<>();
    private List<EncounterLocationComponent> reserved = List.of();

    void play(StayEvent event) {
        if (event.whole()) {
            places.clear();
            reserved = with(event, EncounterLocationStatus.RESERVED);
            event.told().getLocation().stream()
                    .filter(told -> told.getStatus() != EncounterLocationStatus.RESERVED)
                    .forEach(told -> places.add(stated(told, event)));
            return;
        }
        List<EncounterLocationComponent> next = with(event, EncounterLocationStatus.RESERVED);
        if (!next.isEmpty() || event.step() == StayStep.MOVE) {
            reserved = next;
        }
        if (event.step() == StayStep.CANCEL_MOVE) {
            takeBack(event);
        }
        boolean leaves = event.step() == StayStep.DISCHARGE && !places.isEmpty();
        if (!leaves) {
            now(event).ifPresent(told -> arrive(told, event));
        }
    }

    private static Place stated(EncounterLocationComponent told, StayEvent event) {
        Instant since = told.getPeriod().hasStart()
                ? told.getPeriod().getStart().toInstant()
                : event.when().at();
        return new Place(told, Optional.of(since), StayStep.UPDATE);
    }

    /** The one that it names by its time, else the last; said again, it takes back no other. */
    private void takeBack(StayEvent event) {
        if (!takenBack.add(event.when().at())) {
            return;
        }
        List<Place> moves =
                places.stream().filter(place -> place.by() == StayStep.MOVE).toList();
        moves.stream()
                .filter(move -> move.since().equals(Optional.of(event.when().at())))
                .findFirst()
                .or(() -> moves.isEmpty() ? Optional.empty() : Optional.of(moves.getLast()))
                .ifPresent(places::remove);
    }

    /** Where the stay was to be does not count any more when it begins. */
    private void arrive(EncounterLocationComponent told, StayEvent event) {
        if (event.step() != StayStep.UPDATE) {
            places.removeIf(place -> place.by() == StayStep.PLAN);
        }
        if (places.isEmpty()) {
            with(event, EncounterLocationStatus.COMPLETED)
                    .forEach(before -> places.add(new Place(before, Optional.empty(), StayStep.UPDATE)));
        }
        if (places.isEmpty() || !places.getLast().is(told)) {
            places.add(new Place(told, Optional.of(since(event)), event.step()));
        }
    }

    private static Instant since(StayEvent event) {
        return event.step() == StayStep.ADMIT && event.told().getPeriod().hasStart()
                ? event.told().getPeriod().getStart().toInstant()
                : event.when().at();
    }

    private static Optional<EncounterLocationComponent> now(StayEvent event) {
        return event.told().getLocation().stream()
                .filter(place -> place.getStatus() == EncounterLocationStatus.ACTIVE
                        || place.getStatus() == EncounterLocationStatus.PLANNED)
                .findFirst();
    }

    private static List<EncounterLocationComponent> with(StayEvent event, EncounterLocationStatus status) {
        return event.told().getLocation().stream()
                .filter(place -> place.getStatus() == status)
                .toList();
    }

    /** Has {@code encounter} tell of the places. */
    void show(Encounter encounter, EncounterStatus status, Optional<Instant> left, ZoneId zone) {
        encounter.setLocation(null);
        List<Place> inTime = places.stream()
                .sorted(Comparator.comparing(place -> place.since().orElse(Instant.MIN)))
                .toList();
        for (int each = 0; each < inTime.size(); each++) {
            boolean last = each == inTime.size() - 1;
            Optional<Instant> until = last ? left : inTime.get(each + 1).since();
            encounter.addLocation(
                    shown(inTime.get(each), until, last ? ofLast(status) : EncounterLocationStatus.COMPLETED, zone));
        }
        if (status != EncounterStatus.FINISHED && status != EncounterStatus.CANCELLED) {
            reserved.forEach(place -> encounter.addLocation(place.copy()));
        }
    }

    private static EncounterLocationStatus ofLast(EncounterStatus status) {
        return switch (status) {
            case PLANNED -> EncounterLocationStatus.PLANNED;
            case FINISHED, CANCELLED -> EncounterLocationStatus.COMPLETED;
            default -> EncounterLocationStatus.ACTIVE;
        };
    }

    private static EncounterLocationComponent shown(
            Place place, Optional<Instant> until, EncounterLocationStatus status, ZoneId zone) {
        EncounterLocationComponent shown = place.told().copy();
        shown.setStatus(status).setPeriod(null);
        place.since().ifPresent(since -> shown.getPeriod().setStartElement(FhirTime.dateTime(since, zone)));
        until.map(end -> place.since().filter(end::isBefore).orElse(end))
                .ifPresent(end -> shown.getPeriod().setEndElement(FhirTime.dateTime(end, zone)));
        return shown;
    }
}
