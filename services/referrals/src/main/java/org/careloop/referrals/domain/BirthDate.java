package org.careloop.referrals.domain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.hl7.fhir.r4.model.DateType;

/** When somebody was born, as exactly as it is known: between two days, both included; the same twice where the day is known. */
public record BirthDate(LocalDate earliest, LocalDate latest) {

    /** Returns what {@code date} tells, which may be a month or a year; empty where it tells nothing. */
    static Optional<BirthDate> of(DateType date) {
        String text = date.hasValue() ? date.getValueAsString() : "";
        try {
            return switch (text.length()) {
                case 4 -> {
                    LocalDate first = LocalDate.of(Integer.parseInt(text), 1, 1);
                    yield Optional.of(new BirthDate(first, first.plusYears(1).minusDays(1)));
                }
                case 7 -> {
                    YearMonth month = YearMonth.parse(text);
                    yield Optional.of(new BirthDate(month.atDay(1), month.atEndOfMonth()));
                }
                case 10 -> Optional.of(new BirthDate(LocalDate.parse(text), LocalDate.parse(text)));
                default -> Optional.empty();
            };
        } catch (DateTimeException | NumberFormatException e) {
            // What is no date was not checked by whoever told it, and tells nothing.
            return Optional.empty();
        }
    }

    /** The least age in completed years that somebody born then can have on {@code day}. */
    long youngest(LocalDate day) {
        return ChronoUnit.YEARS.between(latest, day);
    }

    /** The greatest age in completed years that somebody born then can have on {@code day}. */
    long oldest(LocalDate day) {
        return ChronoUnit.YEARS.between(earliest, day);
    }
}
