package org.careloop.referrals.domain;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * When a service is needed, as whoever asks said it.
 *
 * @param from the first moment; empty: as soon as it can be had
 * @param until the first moment after, or {@code from} itself where one moment is asked for; empty: without end
 * @param days of the week on which it is needed again and again; empty: any
 * @param times of these days; empty: any
 * @param atOnce whether it is needed when the agency is chosen; all else is empty then
 */
public record TimeNeeded(
        Optional<Instant> from, Optional<Instant> until, Set<DayOfWeek> days, Set<LocalTime> times, boolean atOnce) {

    private static final TimeNeeded AT_ONCE =
            new TimeNeeded(Optional.empty(), Optional.empty(), Set.of(), Set.of(), true);
    private static final Set<String> CANNOT_WAIT = Set.of("asap", "stat");

    /** From a moment until another, which is not in it any more; the two are the same where it is one moment. */
    record Span(Instant start, Instant end) {

        boolean isMoment() {
            return start.equals(end);
        }

        /** Returns the time that is in both; empty where there is none. */
        Optional<Span> within(Span other) {
            Instant first = start.isAfter(other.start) ? start : other.start;
            Instant last = end.isBefore(other.end) ? end : other.end;
            boolean meets = first.isBefore(last) || first.equals(last) && (isMoment() || other.isMoment());
            boolean isAfterEnd = isMoment() && !other.isMoment() && start.equals(other.end)
                    || other.isMoment() && !isMoment() && other.start.equals(end);
            return meets && !isAfterEnd ? Optional.of(new Span(first, last)) : Optional.empty();
        }
    }

    /**
     * Returns what {@code when}, a dateTime, Period or Timing, says; else what {@code priority} means; empty where neither says
     * anything.
     *
     * @param zone of what is said in days
     */
    public static Optional<TimeNeeded> of(@Nullable Type when, String priority, ZoneId zone) {
        Optional<TimeNeeded> said = switch (when) {
            case DateTimeType moment
            when moment.hasValue() ->
                Optional.of(between(Optional.of(start(moment, zone)), Optional.of(end(moment, zone))));
            case Period period -> of(period, zone);
            case Timing timing -> of(timing, zone);
            case null, default -> Optional.empty();
        };
        return said.filter(time -> !time.saysNothing())
                .or(() -> CANNOT_WAIT.contains(priority) ? Optional.of(AT_ONCE) : Optional.empty());
    }

    private static Optional<TimeNeeded> of(Period period, ZoneId zone) {
        return Optional.of(between(from(period, zone), until(period, zone)));
    }

    private static Optional<TimeNeeded> of(Timing timing, ZoneId zone) {
        Timing.TimingRepeatComponent repeat = timing.getRepeat();
        Optional<Period> bounds = repeat.getBounds() instanceof Period period ? Optional.of(period) : Optional.empty();
        List<DateTimeType> events =
                timing.getEvent().stream().filter(DateTimeType::hasValue).toList();
        return Optional.of(new TimeNeeded(
                bounds.flatMap(period -> from(period, zone))
                        .or(() ->
                                events.stream().map(event -> start(event, zone)).min(Instant::compareTo)),
                bounds.flatMap(period -> until(period, zone))
                        .or(() -> events.stream().map(event -> end(event, zone)).max(Instant::compareTo)),
                days(repeat.getDayOfWeek().stream()
                        .map(PrimitiveType::getValueAsString)
                        .toList()),
                repeat.getTimeOfDay().stream()
                        .flatMap(each -> time(each.getValue()).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                false));
    }

    private static TimeNeeded between(Optional<Instant> from, Optional<Instant> until) {
        return new TimeNeeded(from, until, Set.of(), Set.of(), false);
    }

    /** Whether it could be any time. */
    public boolean saysNothing() {
        return from.isEmpty() && until.isEmpty() && days.isEmpty() && times.isEmpty() && !atOnce;
    }

    /** Returns what is left of it {@code now}; empty when it is over. */
    Optional<Span> left(Instant now) {
        if (atOnce) {
            return Optional.of(new Span(now, now));
        }
        Instant start = from.filter(now::isBefore).orElse(now);
        Instant end = until.orElse(Instant.MAX);
        boolean isMoment = from.isPresent() && from.equals(until);
        return start.isBefore(end) || isMoment && start.equals(end)
                ? Optional.of(new Span(start, end))
                : Optional.empty();
    }

    static Optional<Instant> from(Period period, ZoneId zone) {
        return period.getStartElement().hasValue()
                ? Optional.of(start(period.getStartElement(), zone))
                : Optional.empty();
    }

    static Optional<Instant> until(Period period, ZoneId zone) {
        return period.getEndElement().hasValue() ? Optional.of(end(period.getEndElement(), zone)) : Optional.empty();
    }

    /** When the time of {@code moment} begins, which may be a day, a month or a year. */
    private static Instant start(BaseDateTimeType moment, ZoneId zone) {
        return switch (moment.getPrecision()) {
            case YEAR, MONTH, DAY -> first(moment).atStartOfDay(zone).toInstant();
            default -> moment.getValue().toInstant();
        };
    }

    /** When the time of {@code moment} is over. */
    private static Instant end(BaseDateTimeType moment, ZoneId zone) {
        LocalDate next = switch (moment.getPrecision()) {
            case YEAR -> first(moment).plusYears(1);
            case MONTH -> first(moment).plusMonths(1);
            case DAY -> first(moment).plusDays(1);
            default -> null;
        };
        return next == null
                ? moment.getValue().toInstant()
                : next.atStartOfDay(zone).toInstant();
    }

    /** By its text: HAPI would take midnight in the zone of the process. */
    private static LocalDate first(BaseDateTimeType moment) {
        String text = moment.getValueAsString();
        return switch (text.length()) {
            case 4 -> LocalDate.of(Integer.parseInt(text), 1, 1);
            case 7 -> YearMonth.parse(text).atDay(1);
            default -> LocalDate.parse(text);
        };
    }

    /** Returns the days of FHIR's codes such as {@code mon}. */
    static Set<DayOfWeek> days(Collection<String> codes) {
        return codes.stream()
                .flatMap(code -> Arrays.stream(DayOfWeek.values())
                        .filter(day -> day.name()
                                .substring(0, 3)
                                .toLowerCase(Locale.ROOT)
                                .equals(code)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns a FHIR time; empty where it is none. */
    static Optional<LocalTime> time(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(LocalTime.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
