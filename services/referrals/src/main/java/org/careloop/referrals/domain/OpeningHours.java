package org.careloop.referrals.domain;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.referrals.domain.TimeNeeded.Span;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceAvailableTimeComponent;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceNotAvailableComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.PrimitiveType;

/**
 * Whether a service is open when it is needed: {@code HealthcareService.availableTime} by the days of a week, {@code notAvailable}
 * by periods. Hours that end before they begin, or when they begin, end on the next day.
 */
final class OpeningHours {

    private static final int DAYS_OF_WEEK = 7;
    private static final Duration WEEK = Duration.ofDays(DAYS_OF_WEEK);

    /** {@code start} until {@code end} on each of {@code days}. */
    private record Hours(Set<DayOfWeek> days, LocalTime start, LocalTime end) {

        static Optional<Hours> of(HealthcareServiceAvailableTimeComponent time) {
            Optional<LocalTime> start = TimeNeeded.time(time.getAvailableStartTime());
            Optional<LocalTime> end = TimeNeeded.time(time.getAvailableEndTime());
            boolean tellsNothing = !time.getAllDay() && !time.hasDaysOfWeek() && start.isEmpty() && end.isEmpty();
            boolean isWrong =
                    start.isEmpty() && time.hasAvailableStartTime() || end.isEmpty() && time.hasAvailableEndTime();
            if (tellsNothing || isWrong) {
                return Optional.empty();
            }
            Set<DayOfWeek> days = TimeNeeded.days(time.getDaysOfWeek().stream()
                    .map(PrimitiveType::getValueAsString)
                    .toList());
            return Optional.of(
                    time.getAllDay()
                            ? new Hours(days, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT)
                            : new Hours(days, start.orElse(LocalTime.MIDNIGHT), end.orElse(LocalTime.MIDNIGHT)));
        }

        Optional<Span> on(LocalDate day, ZoneId zone) {
            LocalDate last = end.isAfter(start) ? day : day.plusDays(1);
            return isOn(day, days)
                    ? Optional.of(new Span(
                            day.atTime(start).atZone(zone).toInstant(),
                            last.atTime(end).atZone(zone).toInstant()))
                    : Optional.empty();
        }
    }

    private OpeningHours() {}

    /**
     * Returns whether {@code service} is open at some moment of what is left {@code now} of the time {@code needed}; empty when it does
     * not tell, or nothing is left.
     *
     * @param zone of the service's clocks
     */
    static Optional<ChoiceReason> judge(HealthcareService service, TimeNeeded needed, Instant now, ZoneId zone) {
        return needed.left(now).flatMap(span -> judge(service, needed, span, zone));
    }

    private static Optional<ChoiceReason> judge(HealthcareService service, TimeNeeded needed, Span span, ZoneId zone) {
        // A week has all hours that there are, and a holiday in it does not change which.
        boolean isWeek = Duration.between(span.start(), span.end()).compareTo(WEEK) >= 0;
        List<Span> closed = closed(service, zone);
        List<Span> slots =
                slots(needed, isWeek ? new Span(span.start(), span.start().plus(WEEK)) : span, zone);
        boolean isClosed = isIn(span, closed)
                || !isWeek && !slots.isEmpty() && slots.stream().allMatch(slot -> isIn(slot, closed));
        if (isClosed) {
            return Optional.of(ChoiceReason.CLOSED_THEN);
        }
        List<Hours> hours = service.getAvailableTime().stream()
                .flatMap(time -> Hours.of(time).stream())
                .toList();
        if (hours.isEmpty() || slots.isEmpty()) {
            return Optional.empty();
        }
        boolean isOpen = open(hours, span.start(), zone)
                .flatMap(open -> slots.stream().flatMap(slot -> slot.within(open).stream()))
                .anyMatch(met -> isWeek || !isIn(met, closed));
        return Optional.of(isOpen ? ChoiceReason.OPEN_THEN : ChoiceReason.HOURS_DIFFER);
    }

    /** The times within {@code span}, a week at most, at which it is needed. */
    private static List<Span> slots(TimeNeeded needed, Span span, ZoneId zone) {
        if (needed.days().isEmpty() && needed.times().isEmpty()) {
            return List.of(span);
        }
        return days(span.start(), zone)
                .filter(day -> isOn(day, needed.days()))
                .flatMap(day -> needed.times().isEmpty()
                        ? Stream.of(new Span(start(day, zone), start(day.plusDays(1), zone)))
                        : needed.times().stream()
                                .map(time -> day.atTime(time).atZone(zone).toInstant())
                                .map(moment -> new Span(moment, moment)))
                .flatMap(slot -> slot.within(span).stream())
                .toList();
    }

    private static Stream<Span> open(List<Hours> hours, Instant from, ZoneId zone) {
        return days(from, zone).flatMap(day -> hours.stream().flatMap(each -> each.on(day, zone).stream()));
    }

    /** The days of a week from {@code from} on, and the one before: its hours may last until then. */
    private static Stream<LocalDate> days(Instant from, ZoneId zone) {
        LocalDate first = from.atZone(zone).toLocalDate();
        return IntStream.rangeClosed(-1, DAYS_OF_WEEK).mapToObj(first::plusDays);
    }

    private static boolean isOn(LocalDate day, Set<DayOfWeek> days) {
        return days.isEmpty() || days.contains(day.getDayOfWeek());
    }

    private static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** The periods in which it is not available, earliest first. */
    private static List<Span> closed(HealthcareService service, ZoneId zone) {
        return service.getNotAvailable().stream()
                .map(HealthcareServiceNotAvailableComponent::getDuring)
                .filter(during -> during.hasStart() || during.hasEnd())
                .map(during -> span(during, zone))
                .sorted(Comparator.comparing(Span::start))
                .toList();
    }

    private static Span span(Period during, ZoneId zone) {
        return new Span(
                TimeNeeded.from(during, zone).orElse(Instant.MIN),
                TimeNeeded.until(during, zone).orElse(Instant.MAX));
    }

    /** Whether all of {@code span} is in {@code closed}, in one of them or in several that leave nothing between them. */
    private static boolean isIn(Span span, List<Span> closed) {
        Instant next = span.start();
        for (Span each : closed) {
            if (!each.start().isAfter(next) && each.end().isAfter(next)) {
                next = each.end();
            }
        }
        return span.isMoment() ? next.isAfter(span.start()) : !next.isBefore(span.end());
    }
}
