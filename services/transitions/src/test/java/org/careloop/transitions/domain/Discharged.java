package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A discharge home on Friday, 13 November 2026, 14:00 in New York, admitted on the 9th, of somebody of 76 with Medicare; with what
 * differs.
 */
record Discharged(
        Instant discharged,
        Optional<Instant> admitted,
        DischargeDestination destination,
        Optional<String> setting,
        Optional<LocalDate> born,
        Optional<Instant> died,
        Optional<String> payer,
        Optional<Instant> readmitted,
        List<Evidence> evidence) {

    static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    static final Instant LONG_AFTER = Instant.parse("2027-06-01T12:00:00Z");

    static Discharged home() {
        return new Discharged(
                Instant.parse("2026-11-13T19:00:00Z"),
                Optional.of(Instant.parse("2026-11-09T20:00:00Z")),
                DischargeDestination.HOME,
                Optional.of("IMP"),
                Optional.of(LocalDate.parse("1950-05-01")),
                Optional.empty(),
                Optional.of("MEDICARE"),
                Optional.empty(),
                List.of());
    }

    Discharged at(String time) {
        return new Discharged(
                Instant.parse(time), admitted, destination, setting, born, died, payer, readmitted, evidence);
    }

    Discharged to(DischargeDestination other) {
        return new Discharged(discharged, admitted, other, setting, born, died, payer, readmitted, evidence);
    }

    Discharged from(String other) {
        return new Discharged(
                discharged, admitted, destination, Optional.ofNullable(other), born, died, payer, readmitted, evidence);
    }

    Discharged bornOn(String day) {
        return new Discharged(
                discharged,
                admitted,
                destination,
                setting,
                Optional.ofNullable(day).map(LocalDate::parse),
                died,
                payer,
                readmitted,
                evidence);
    }

    Discharged diedAt(String time) {
        return new Discharged(
                discharged,
                admitted,
                destination,
                setting,
                born,
                Optional.of(Instant.parse(time)),
                payer,
                readmitted,
                evidence);
    }

    Discharged paidBy(String other) {
        return new Discharged(
                discharged,
                admitted,
                destination,
                setting,
                born,
                died,
                Optional.ofNullable(other),
                readmitted,
                evidence);
    }

    Discharged readmittedAt(String time) {
        return new Discharged(
                discharged,
                admitted,
                destination,
                setting,
                born,
                died,
                payer,
                Optional.of(Instant.parse(time)),
                evidence);
    }

    /** With what was told when it was done. */
    Discharged with(String kind, String time) {
        return with(kind, time, null);
    }

    /** As {@link #with(String, String)}, by {@code actor}, a reference. */
    Discharged with(String kind, String time, @Nullable String actor) {
        EvidenceTime when = time.length() == "YYYY-MM-DD".length()
                ? EvidenceTime.of(LocalDate.parse(time))
                : EvidenceTime.of(Instant.parse(time));
        Evidence added = new Evidence(
                kind, when, "Some/" + evidence.size(), 1, Optional.ofNullable(actor), when.from(NEW_YORK), "test");
        return new Discharged(
                discharged,
                admitted,
                destination,
                setting,
                born,
                died,
                payer,
                readmitted,
                Stream.concat(evidence.stream(), Stream.of(added)).toList());
    }

    DischargeFacts facts() {
        return new DischargeFacts(
                discharged,
                NEW_YORK,
                new StayChain(admitted, Set.of("stay"), readmitted.map(at -> "next"), readmitted),
                destination,
                setting,
                born,
                died,
                payer,
                evidence);
    }

    static Criterion criterion(MeasureResult result, String code) {
        return Stream.concat(result.eligibility().stream(), result.criteria().stream())
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow();
    }
}
