package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/** The four numerators of HEDIS Transitions of Care for one discharge; data, {@code rules/trc-2026.yaml}. */
public final class TrcMeasure {

    /** Code of the measure. */
    public static final String CODE = "trc";

    record Rules(
            String version,
            int minimumAge,
            MonthDay firstDay,
            MonthDay lastDay,
            Set<String> payers,
            Set<DischargeDestination> excludedDestinations,
            boolean deathsExcluded,
            int readmissionDays,
            List<Numerator> numerators) {}

    record Numerator(
            String code,
            String title,
            DischargeMilestones.Anchor anchor,
            int fromDay,
            int toDay,
            @Nullable Integer firstYear,
            @Nullable Integer lastYear,
            Set<String> kinds,
            @Nullable Set<String> ahead,
            @Nullable Boolean qualified) {

        private boolean isOf(int year) {
            return (firstYear == null || firstYear <= year) && (lastYear == null || year <= lastYear);
        }

        private boolean takes(Evidence evidence, LocalDate day, LocalDate anchorDay) {
            boolean early = ahead != null && ahead.contains(evidence.kind());
            return (early || kinds.contains(evidence.kind()) && !day.isBefore(anchorDay.plusDays(fromDay)))
                    && !day.isAfter(anchorDay.plusDays(toDay));
        }
    }

    private final Rules rules;

    TrcMeasure(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static TrcMeasure shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static TrcMeasure of(RuleSource source) {
        return new TrcMeasure(source.read(Rules.class, "rules/trc-2026.yaml"));
    }

    /** Names the rules and their edition. */
    public String version() {
        return rules.version();
    }

    /** How many days between a discharge and an admission let two stays be measured as one. */
    public int readmissionDays() {
        return rules.readmissionDays();
    }

    /** The codes and titles of the numerators, in their order. */
    public List<Title> numerators() {
        return rules.numerators().stream()
                .map(numerator -> new Title(numerator.code(), numerator.title()))
                .distinct()
                .toList();
    }

    /** What a numerator is called. */
    public record Title(String code, String title) {}

    /** Returns what the measure says of the discharge {@code now}. */
    public MeasureResult of(DischargeFacts facts, Instant now) {
        return new MeasureResult(
                CODE,
                rules.version(),
                eligibility(facts),
                rules.numerators().stream()
                        .filter(numerator -> numerator.isOf(facts.day().getYear()))
                        .map(numerator -> criterion(numerator, facts, now))
                        .toList());
    }

    private List<Criterion> eligibility(DischargeFacts facts) {
        MonthDay day = MonthDay.from(facts.day());
        Criterion age = facts.born()
                .map(born -> Criterion.of(
                        "age",
                        Period.between(born, facts.day()).getYears() >= rules.minimumAge(),
                        "younger than " + rules.minimumAge() + " at the discharge"))
                .orElseGet(() -> Criterion.of("age", Verdict.UNKNOWN, "date of birth"));
        Criterion payer = facts.payer()
                .map(known -> Criterion.of("payer", rules.payers().contains(known), "another payer"))
                .orElseGet(() -> Criterion.of("payer", Verdict.UNKNOWN, "coverage on the day of the discharge"));
        return List.of(
                age,
                payer,
                Criterion.of(
                        "discharge-date",
                        !day.isBefore(rules.firstDay()) && !day.isAfter(rules.lastDay()),
                        "discharged after the last day that is measured"),
                Criterion.of(
                        "no-hospice",
                        !rules.excludedDestinations().contains(facts.destination()),
                        "discharged to hospice"),
                Criterion.of("last-discharge", facts.chain().next().isEmpty(), "another stay follows, which counts"),
                Criterion.of("alive", !rules.deathsExcluded() || !diedInYear(facts), "died in the year"));
    }

    private static boolean diedInYear(DischargeFacts facts) {
        return facts.destination() == DischargeDestination.EXPIRED
                || facts.died()
                        .filter(died -> died.atZone(facts.zone()).getYear()
                                == facts.day().getYear())
                        .isPresent();
    }

    private static Criterion criterion(Numerator numerator, DischargeFacts facts, Instant now) {
        Optional<LocalDate> anchor = switch (numerator.anchor()) {
            case DISCHARGE -> Optional.of(facts.day());
            case ADMISSION ->
                facts.chain().admitted().map(at -> at.atZone(facts.zone()).toLocalDate());
        };
        if (anchor.isEmpty()) {
            return Criterion.of(numerator.code(), Verdict.UNKNOWN, "time of the admission");
        }
        Stream<Evidence> counted = facts.evidence().stream()
                .filter(each -> each.hasHappened(facts.zone()))
                .filter(each -> numerator.takes(each, each.time().dayIn(facts.zone()), anchor.get()));
        return counted.min(Comparator.comparing((Evidence each) -> each.time().from(facts.zone()))
                        .thenComparing(Evidence::reference))
                .map(first -> Boolean.TRUE.equals(numerator.qualified())
                        ? Criterion.metBy(numerator.code(), first)
                        : Criterion.met(numerator.code(), List.of(first)))
                .orElseGet(() -> Criterion.awaited(
                        numerator.code(),
                        facts.endOf(anchor.get().plusDays(numerator.toDay())),
                        now,
                        "evidence in time"));
    }
}
