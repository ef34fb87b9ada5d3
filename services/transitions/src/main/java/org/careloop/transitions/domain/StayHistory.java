package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Period;

/** Which statuses and classes a stay had, and since when. */
final class StayHistory {

    private record Since<T>(T what, Instant since) {}

    private final List<Since<EncounterStatus>> statuses = new ArrayList<>();
    private final List<Since<Coding>> classes = new ArrayList<>();

    /** It has {@code status} since then; said again, it is the time that is mended. */
    void status(EncounterStatus status, Instant since) {
        if (!statuses.isEmpty() && statuses.getLast().what() == status) {
            statuses.removeLast();
        }
        statuses.add(new Since<>(status, since));
    }

    /** It is of {@code patientClass} by then. */
    void classed(Coding patientClass, Instant at) {
        boolean same = !classes.isEmpty() && classes.getLast().what().equalsShallow(patientClass);
        if (patientClass.hasCode() && !same) {
            classes.add(new Since<>(patientClass, at));
        }
    }

    Optional<EncounterStatus> current() {
        return statuses.isEmpty()
                ? Optional.empty()
                : Optional.of(statuses.getLast().what());
    }

    /** As {@link #show}, where {@code encounter} does not tell it itself. */
    void complete(Encounter encounter, ZoneId zone) {
        Encounter shown = new Encounter();
        show(shown, zone);
        if (!encounter.hasStatusHistory()) {
            encounter.setStatusHistory(shown.getStatusHistory());
        }
        if (!encounter.hasClassHistory()) {
            encounter.setClassHistory(shown.getClassHistory());
        }
    }

    /** Has {@code encounter} tell what it was before. */
    void show(Encounter encounter, ZoneId zone) {
        encounter.setStatusHistory(null).setClassHistory(null);
        for (int each = 0; each < statuses.size() - 1; each++) {
            encounter
                    .addStatusHistory()
                    .setStatus(statuses.get(each).what())
                    .setPeriod(period(
                            statuses.get(each).since(), statuses.get(each + 1).since(), zone));
        }
        for (int each = 0; each < classes.size() - 1; each++) {
            encounter
                    .addClassHistory()
                    .setClass_(classes.get(each).what().copy())
                    .setPeriod(period(
                            classes.get(each).since(), classes.get(each + 1).since(), zone));
        }
    }

    /** What was entered later may have happened earlier; then there is no time between. */
    static Period period(Instant start, Instant end, ZoneId zone) {
        Instant notBefore = end.isBefore(start) ? start : end;
        return new Period()
                .setStartElement(FhirTime.dateTime(start, zone))
                .setEndElement(FhirTime.dateTime(notBefore, zone));
    }
}
