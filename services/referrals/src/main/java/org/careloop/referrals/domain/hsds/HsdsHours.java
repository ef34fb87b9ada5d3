package org.careloop.referrals.domain.hsds;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.HealthcareService.DaysOfWeek;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceAvailableTimeComponent;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceNotAvailableComponent;
import org.hl7.fhir.r4.model.Period;

/** Hours by the days of a week, and days on which there are none. FHIR R4 knows no other rhythm, HSDS does. */
final class HsdsHours {

    private static final Map<String, DaysOfWeek> DAYS = Map.of(
            "MO", DaysOfWeek.MON,
            "TU", DaysOfWeek.TUE,
            "WE", DaysOfWeek.WED,
            "TH", DaysOfWeek.THU,
            "FR", DaysOfWeek.FRI,
            "SA", DaysOfWeek.SAT,
            "SU", DaysOfWeek.SUN);

    /** The zone is that of the place, so it is not kept. */
    private static final Pattern TIME =
            Pattern.compile("([01]?\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d))?(?:Z|[+-]\\d{2}:?\\d{2})?");

    private final LocalDate today;
    private final HsdsTables tables;

    HsdsHours(LocalDate today, HsdsTables tables) {
        this.today = today;
        this.tables = tables;
    }

    /** Returns the hours of {@code schedule}; empty, and told, when they are none of a week, or not of today. */
    Optional<HealthcareServiceAvailableTimeComponent> of(HsdsRow schedule) {
        if (!isOfToday(schedule)) {
            return leftOut(schedule, "valid_to", "not valid today (expected: what is)");
        }
        boolean everyWeek = schedule.get("freq")
                        .filter(freq -> !freq.equalsIgnoreCase("WEEKLY"))
                        .isEmpty()
                && schedule.get("interval")
                        .filter(interval -> !interval.equals("1"))
                        .isEmpty();
        if (!everyWeek) {
            return leftOut(schedule, "freq", "not every week (expected: WEEKLY)");
        }
        List<Optional<DaysOfWeek>> days = schedule.get("byday")
                .map(text -> Arrays.stream(text.toUpperCase(Locale.ROOT).split("[,;\\s]+"))
                        .map(day -> Optional.ofNullable(DAYS.get(day)))
                        .toList())
                .orElse(List.of());
        if (days.isEmpty() || days.stream().anyMatch(Optional::isEmpty)) {
            return leftOut(schedule, "byday", "missing or no days of a week (expected: such as MO,TU)");
        }
        HealthcareServiceAvailableTimeComponent hours = new HealthcareServiceAvailableTimeComponent();
        days.forEach(day -> hours.addDaysOfWeek(day.orElseThrow()));
        Optional<String> opens = schedule.get("opens_at");
        Optional<String> closes = schedule.get("closes_at");
        if (!isTime(opens) || !isTime(closes)) {
            return leftOut(schedule, "opens_at", "no time of a day, or closes_at (expected: such as 09:00)");
        }
        opens.map(HsdsHours::time).ifPresent(hours::setAvailableStartTime);
        closes.map(HsdsHours::time).ifPresent(hours::setAvailableEndTime);
        return Optional.of(hours);
    }

    /** Returns the days without hours that {@code holiday} tells of; empty, and told, when it tells of none. */
    Optional<HealthcareServiceNotAvailableComponent> closed(HsdsRow holiday) {
        boolean closed = holiday.get("closed")
                .filter(Predicate.not("false"::equalsIgnoreCase))
                .isPresent();
        Optional<LocalDate> start = day(holiday, "start_date");
        Optional<LocalDate> end = day(holiday, "end_date");
        if (!closed || start.isEmpty() && end.isEmpty()) {
            return leftOut(holiday, "closed", "not days on which it is closed (expected: true, with start_date)");
        }
        Period during = new Period();
        start.ifPresent(day ->
                during.getStartElement().setValueAsString(FhirTime.date(day).getValueAsString()));
        end.ifPresent(day ->
                during.getEndElement().setValueAsString(FhirTime.date(day).getValueAsString()));
        return Optional.of(new HealthcareServiceNotAvailableComponent()
                .setDescription("Closed")
                .setDuring(during));
    }

    private boolean isOfToday(HsdsRow schedule) {
        return day(schedule, "valid_from").filter(today::isBefore).isEmpty()
                && day(schedule, "valid_to").filter(today::isAfter).isEmpty();
    }

    private static boolean isTime(Optional<String> text) {
        return text.isEmpty() || TIME.matcher(text.get()).matches();
    }

    private static String time(String text) {
        Matcher time = TIME.matcher(text);
        time.matches();
        String seconds = time.group(3) == null ? "00" : time.group(3);
        return "%02d:%s:%s".formatted(Integer.parseInt(time.group(1)), time.group(2), seconds);
    }

    /** What cannot be read is told, and is as good as none. */
    private Optional<LocalDate> day(HsdsRow row, String column) {
        return row.get(column).flatMap(text -> {
            try {
                return Optional.of(LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text));
            } catch (DateTimeException e) {
                tables.add(HsdsIssue.inPart(row, column, "not a day (expected: YYYY-MM-DD)"));
                return Optional.empty();
            }
        });
    }

    private <T> Optional<T> leftOut(HsdsRow row, String column, String text) {
        tables.add(HsdsIssue.leftOut(row, column, text));
        return Optional.empty();
    }
}
