package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Timing.TimingRepeatComponent;

/** How often on a day a Timing says. */
final class PerDay {

    private static final MathContext DIGITS = new MathContext(6);
    private static final BigDecimal DAYS_OF_A_WEEK = BigDecimal.valueOf(7);

    private final Map<String, BigDecimal> frequencies;
    private final Map<String, Integer> hours;

    PerDay(Map<String, BigDecimal> frequencies, Map<String, Integer> hours) {
        this.frequencies = frequencies;
        this.hours = hours;
    }

    /** Returns at which hours of the day, early first; empty unless it is told of each time, so that they can be put in order. */
    List<Integer> hours(TimingRepeatComponent repeat) {
        List<Integer> told = Stream.concat(
                        repeat.getTimeOfDay().stream().map(time -> hour(time.getValue())),
                        repeat.getWhen().stream()
                                .map(when -> Optional.ofNullable(when.getCode()).map(hours::get)))
                .flatMap(Optional::stream)
                .sorted()
                .toList();
        return told.size() == repeat.getTimeOfDay().size() + repeat.getWhen().size() ? told : List.of();
    }

    private static Optional<Integer> hour(String time) {
        return Optional.ofNullable(time)
                .filter(each -> each.matches("[0-9]{2}:.*"))
                .map(each -> Integer.valueOf(each.substring(0, 2)));
    }

    /** Returns it; empty where it is not told, or only in words that are not known. */
    Optional<BigDecimal> of(Timing timing) {
        return repeated(timing.getRepeat()).or(() -> named(timing.getCode()));
    }

    private Optional<BigDecimal> named(CodeableConcept code) {
        return Stream.concat(
                        code.getCoding().stream().filter(Coding::hasCode).map(Coding::getCode), Medicines.texts(code))
                .map(ReconciliationRules::fold)
                .map(frequencies::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static Optional<BigDecimal> repeated(TimingRepeatComponent repeat) {
        int times = Math.max(repeat.getTimeOfDay().size(), repeat.getWhen().size());
        Optional<BigDecimal> aDay = times > 0
                ? Optional.of(BigDecimal.valueOf(times))
                : repeat.hasPeriod() || repeat.hasFrequency() ? byPeriod(repeat) : Optional.empty();
        if (!repeat.hasDayOfWeek()) {
            return aDay;
        }
        BigDecimal days = BigDecimal.valueOf(repeat.getDayOfWeek().size());
        return repeat.hasPeriodUnit() && repeat.getPeriodUnit() == Timing.UnitsOfTime.WK
                ? aDay.map(often -> often.max(days.divide(DAYS_OF_A_WEEK, DIGITS)))
                : Optional.of(aDay.orElse(BigDecimal.ONE).multiply(days).divide(DAYS_OF_A_WEEK, DIGITS));
    }

    private static Optional<BigDecimal> byPeriod(TimingRepeatComponent repeat) {
        BigDecimal often = BigDecimal.valueOf(
                repeat.hasFrequencyMax()
                        ? repeat.getFrequencyMax()
                        : repeat.hasFrequency() ? repeat.getFrequency() : 1);
        if (!repeat.hasPeriod() || !repeat.hasPeriodUnit() || repeat.getPeriod().signum() <= 0) {
            return Optional.empty();
        }
        BigDecimal seconds = switch (repeat.getPeriodUnit()) {
            case S -> BigDecimal.ONE;
            case MIN -> BigDecimal.valueOf(60);
            case H -> BigDecimal.valueOf(3_600);
            case D -> BigDecimal.valueOf(86_400);
            case WK -> BigDecimal.valueOf(604_800);
            case MO -> BigDecimal.valueOf(2_592_000);
            case A -> BigDecimal.valueOf(31_536_000);
            case NULL -> BigDecimal.ZERO;
        };
        return seconds.signum() == 0
                ? Optional.empty()
                : Optional.of(often.multiply(BigDecimal.valueOf(86_400))
                        .divide(repeat.getPeriod().multiply(seconds), DIGITS));
    }
}
