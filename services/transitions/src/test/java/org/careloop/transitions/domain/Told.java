package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;

/** Things that are said of one stay, by the day of a March on which they are. */
final class Told {

    static final ZoneId ZONE = ZoneOffset.UTC;

    private Told() {}

    static Date at(int day) {
        return Date.from(instant(day));
    }

    static Instant instant(int day) {
        return LocalDate.of(2026, 3, day).atTime(12, 0).toInstant(ZoneOffset.UTC);
    }

    static Encounter course(StayEvent... said) {
        return StayCourse.of(List.of(said), ZONE);
    }

    static StayEvent said(StayStep step, int day) {
        return said(step, day, stay -> {});
    }

    static StayEvent said(StayStep step, int day, Consumer<Encounter> detail) {
        return entered(step, day, day, detail);
    }

    /** Entered on one day, of what happened on another. */
    static StayEvent entered(StayStep step, int entered, int happened, Consumer<Encounter> detail) {
        Encounter told = new Encounter().setClass_(new Coding("urn:classes", "IMP", null));
        detail.accept(told);
        StayEvent.Times times =
                new StayEvent.Times(instant(entered), instant(entered), instant(happened), instant(entered));
        return new StayEvent(step, times, step + "-" + entered, told, Set.of(), false);
    }

    static StayEvent cleared(StayEvent said, Set<String> elements) {
        return new StayEvent(said.step(), said.when(), said.key(), said.told(), elements, false);
    }

    static void place(Encounter stay, String name) {
        add(stay, name, EncounterLocationStatus.ACTIVE);
    }

    static void prior(Encounter stay, String name) {
        add(stay, name, EncounterLocationStatus.COMPLETED);
    }

    static void reserved(Encounter stay, String name) {
        add(stay, name, EncounterLocationStatus.RESERVED);
    }

    private static void add(Encounter stay, String name, EncounterLocationStatus status) {
        stay.addLocation().setStatus(status).setLocation(new Reference().setDisplay(name));
    }

    static void disposition(Encounter stay, String text) {
        stay.getHospitalization().setDischargeDisposition(new CodeableConcept().setText(text));
    }

    static List<String> places(Encounter stay) {
        return stay.getLocation().stream()
                .map(place -> place.getLocation().getDisplay() + " "
                        + place.getStatus().toCode() + " " + days(place.getPeriod()))
                .toList();
    }

    static List<String> statuses(Encounter stay) {
        return stay.getStatusHistory().stream()
                .map(each -> each.getStatus().toCode() + " " + days(each.getPeriod()))
                .toList();
    }

    private static String days(Period period) {
        return day(period.getStart()) + "-" + day(period.getEnd());
    }

    private static String day(Date time) {
        return time == null
                ? ""
                : "%02d".formatted(time.toInstant().atZone(ZONE).getDayOfMonth());
    }
}
