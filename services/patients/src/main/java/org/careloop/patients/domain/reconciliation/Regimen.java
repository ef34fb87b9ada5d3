package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a medicine is taken: what is told of it, and nothing else. What is not told is unknown, never "as before".
 *
 * @param doses each differs from the others in amount, route or whether it is taken as needed
 * @param inSequence whether they follow one another, as in a taper, in this order
 */
public record Regimen(List<Dose> doses, boolean inSequence) {

    /** Nothing is told. */
    static final Regimen UNKNOWN = new Regimen(List.of(), false);

    /** Whether two agree. */
    public enum Change {
        SAME,
        CHANGED,
        UNKNOWN
    }

    /**
     * An amount in one of few units.
     *
     * @param unit {@code each}: as many of the product, which tells nothing of how much is in it
     */
    public record Amount(BigDecimal low, BigDecimal high, String unit) {

        static final String EACH = "each";
        static final String VOLUME = "ml";

        boolean isOfProduct() {
            return unit.equals(EACH) || unit.equals(VOLUME);
        }

        /** Returns both together; empty of different units. */
        Optional<Amount> and(Amount other) {
            return unit.equals(other.unit)
                    ? Optional.of(new Amount(low.add(other.low), high.add(other.high), unit))
                    : Optional.empty();
        }

        boolean isAs(Amount other) {
            return unit.equals(other.unit) && low.compareTo(other.low) == 0 && high.compareTo(other.high) == 0;
        }
    }

    /**
     * One dose.
     *
     * @param perDay how often on a day
     * @param routes one route, by each of its names
     * @param text the folded words of who prescribed it
     * @param hours of the day at which it is taken; empty: not told of each
     */
    public record Dose(
            Optional<Amount> amount,
            Optional<BigDecimal> perDay,
            Set<String> routes,
            boolean asNeeded,
            String text,
            List<Integer> hours) {}

    /** How two differ, in amount, frequency and route. */
    public record Comparison(Change amount, Change frequency, Change route) {

        private static final Comparison EQUAL = new Comparison(Change.SAME, Change.SAME, Change.SAME);
        private static final Comparison NOT_COMPARABLE = new Comparison(Change.UNKNOWN, Change.UNKNOWN, Change.UNKNOWN);

        boolean isChanged() {
            return amount == Change.CHANGED || frequency == Change.CHANGED || route == Change.CHANGED;
        }

        boolean isUnknown() {
            return amount == Change.UNKNOWN || frequency == Change.UNKNOWN;
        }
    }

    /**
     * Returns how this differs from {@code other}; {@code sameProduct}: one tablet of it is as much as one of the other. What is written
     * counts only where neither tells it in numbers: the same words may stand beside another amount.
     */
    Comparison compare(Regimen other, boolean sameProduct) {
        if (doses.size() == 1 && other.doses.size() == 1) {
            return compare(doses.getFirst(), other.doses.getFirst(), sameProduct);
        }
        boolean told = !doses.isEmpty() && !other.doses.isEmpty();
        boolean known = told && isKnown() && other.isKnown() && (sameProduct || !isOfProduct() && !other.isOfProduct());
        if (!known) {
            return told && isDoseByDoseAs(other, sameProduct) ? Comparison.EQUAL : Comparison.NOT_COMPARABLE;
        }
        boolean same = doses.size() == other.doses.size() && schedule().equals(other.schedule()) && isInOrderOf(other);
        return same ? Comparison.EQUAL : new Comparison(Change.CHANGED, Change.SAME, Change.SAME);
    }

    private boolean isDoseByDoseAs(Regimen other, boolean sameProduct) {
        return doses.size() == other.doses.size()
                && IntStream.range(0, doses.size())
                        .mapToObj(at -> compare(doses.get(at), other.doses.get(at), sameProduct))
                        .noneMatch(each -> each.isChanged() || each.isUnknown());
    }

    private static Comparison compare(Dose one, Dose other, boolean sameProduct) {
        boolean sameWords = !one.text.isEmpty() && one.text.equals(other.text);
        return new Comparison(
                one.amount.isEmpty() && other.amount.isEmpty()
                        ? sameOrUnknown(sameWords && (sameProduct || MedicineText.tellsStrength(one.text)))
                        : one.amount
                                .flatMap(amount -> other.amount.map(second -> amounts(amount, second, sameProduct)))
                                .orElse(Change.UNKNOWN),
                frequencies(one, other, sameWords),
                one.routes.isEmpty() || other.routes.isEmpty()
                        ? Change.UNKNOWN
                        : change(one.routes.stream().anyMatch(other.routes::contains)));
    }

    private static Change frequencies(Dose one, Dose other, boolean sameWords) {
        if (one.asNeeded != other.asNeeded) {
            return Change.CHANGED;
        }
        return one.perDay.isEmpty() && other.perDay.isEmpty()
                ? sameOrUnknown(sameWords)
                : one.perDay
                        .flatMap(often -> other.perDay.map(second -> change(often.compareTo(second) == 0)))
                        .orElse(Change.UNKNOWN);
    }

    private static Change sameOrUnknown(boolean same) {
        return same ? Change.SAME : Change.UNKNOWN;
    }

    private static Change amounts(Amount one, Amount other, boolean sameProduct) {
        if (!one.unit.equals(other.unit) || one.isOfProduct() && !sameProduct) {
            return Change.UNKNOWN;
        }
        return change(one.isAs(other));
    }

    private static Change change(boolean same) {
        return same ? Change.SAME : Change.CHANGED;
    }

    private boolean isKnown() {
        return doses.stream().allMatch(dose -> dose.amount.isPresent() && dose.perDay.isPresent());
    }

    private boolean isOfProduct() {
        return doses.stream().flatMap(dose -> dose.amount.stream()).anyMatch(Amount::isOfProduct);
    }

    /** What counts of the doses, alike for numbers that are written differently; of a sequence, one after the other. */
    private List<String> schedule() {
        Stream<String> printed = doses.stream().map(Regimen::print);
        return (inSequence ? printed : printed.sorted()).toList();
    }

    /** Whether what is larger in the morning is so in both; times that one of them does not tell are not compared. */
    private boolean isInOrderOf(Regimen other) {
        boolean told = Stream.concat(doses.stream(), other.doses.stream()).noneMatch(dose -> dose.hours.isEmpty());
        return inSequence == other.inSequence
                && (inSequence || !told || overTheDay().equals(other.overTheDay()));
    }

    private List<String> overTheDay() {
        return doses.stream()
                .flatMap(dose -> dose.hours.stream().map(hour -> Map.entry(hour, print(dose))))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String print(Dose dose) {
        String amount = dose.amount
                .map(told -> plain(told.low) + "-" + plain(told.high) + told.unit)
                .orElse("?");
        return amount + "*" + dose.perDay.map(Regimen::plain).orElse("?") + (dose.asNeeded ? "?" : "");
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    /** Tells all that is known of it in one line that differs when it differs. */
    String print() {
        return String.join(
                        ";",
                        doses.stream()
                                .map(dose -> print(dose) + "@"
                                        + dose.routes.stream().sorted().toList()
                                        + (dose.amount.isEmpty() || dose.perDay.isEmpty() ? dose.text : ""))
                                .sorted(inSequence ? (one, other) -> 0 : Comparator.naturalOrder())
                                .toList())
                + (doses.size() > 1 && !overTheDay().isEmpty() ? overTheDay() : "");
    }

    /** Whether it tells nothing that could be compared. */
    boolean isUntold() {
        return doses.stream().allMatch(dose -> dose.amount.isEmpty() && dose.perDay.isEmpty() && dose.text.isEmpty());
    }

    /** Returns how much a day it comes to, low and high; empty when it is not told, of the product, or not the same each day. */
    Optional<Amount> daily() {
        if (doses.isEmpty() || inSequence || !isKnown() || isOfProduct()) {
            return Optional.empty();
        }
        String unit = doses.getFirst().amount.orElseThrow().unit;
        BigDecimal low = BigDecimal.ZERO;
        BigDecimal high = BigDecimal.ZERO;
        for (Dose dose : doses) {
            Amount amount = dose.amount.orElseThrow();
            if (dose.asNeeded || !amount.unit.equals(unit)) {
                return Optional.empty();
            }
            low = low.add(amount.low.multiply(dose.perDay.orElseThrow()));
            high = high.add(amount.high.multiply(dose.perDay.orElseThrow()));
        }
        return Optional.of(new Amount(low, high, unit));
    }

    /** Returns how many doses a day there are, without those as needed; empty when it is not told of one. */
    public Optional<BigDecimal> dosesPerDay() {
        BigDecimal sum = BigDecimal.ZERO;
        for (Dose dose : doses) {
            if (!dose.asNeeded && dose.perDay.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.add(dose.asNeeded ? BigDecimal.ZERO : dose.perDay.orElseThrow());
        }
        return doses.isEmpty() ? Optional.empty() : Optional.of(sum);
    }
}
