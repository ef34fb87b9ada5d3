package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a medicine is taken: what is told of it, and nothing else. What is not told is unknown, never "as before".
 *
 * @param doses each differs from the others in amount, route or whether it is taken as needed
 */
public record Regimen(List<Dose> doses) {

    /** Nothing is told. */
    static final Regimen UNKNOWN = new Regimen(List.of());

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

        private boolean isAs(Amount other) {
            return low.compareTo(other.low) == 0 && high.compareTo(other.high) == 0;
        }
    }

    /**
     * One dose.
     *
     * @param perDay how often on a day
     * @param routes one route, by each of its names
     * @param text the folded words of who prescribed it
     */
    public record Dose(
            Optional<Amount> amount, Optional<BigDecimal> perDay, Set<String> routes, boolean asNeeded, String text) {}

    /** How two differ, in amount, frequency and route. */
    public record Comparison(Change amount, Change frequency, Change route) {

        private static final Comparison EQUAL = new Comparison(Change.SAME, Change.SAME, Change.SAME);

        boolean isChanged() {
            return amount == Change.CHANGED || frequency == Change.CHANGED || route == Change.CHANGED;
        }

        boolean isUnknown() {
            return amount == Change.UNKNOWN || frequency == Change.UNKNOWN;
        }
    }

    /** Returns how this differs from {@code other}; {@code sameProduct}: one tablet of it is as much as one of the other. */
    Comparison compare(Regimen other, boolean sameProduct) {
        if (!doses.isEmpty() && sameProduct && doses.equals(other.doses)) {
            return Comparison.EQUAL;
        }
        if (doses.size() == 1 && other.doses.size() == 1) {
            return compare(doses.getFirst(), other.doses.getFirst(), sameProduct);
        }
        boolean told = !doses.isEmpty() && !other.doses.isEmpty();
        boolean known = told && isKnown() && other.isKnown() && (sameProduct || !isOfProduct() && !other.isOfProduct());
        if (!known) {
            return new Comparison(Change.UNKNOWN, Change.UNKNOWN, Change.UNKNOWN);
        }
        boolean same =
                doses.size() == other.doses.size() && Set.copyOf(schedule()).equals(Set.copyOf(other.schedule()));
        return same ? Comparison.EQUAL : new Comparison(Change.CHANGED, Change.SAME, Change.SAME);
    }

    private static Comparison compare(Dose one, Dose other, boolean sameProduct) {
        if (sameProduct && !one.text.isEmpty() && one.text.equals(other.text)) {
            return Comparison.EQUAL;
        }
        return new Comparison(
                one.amount
                        .flatMap(amount -> other.amount.map(second -> amounts(amount, second, sameProduct)))
                        .orElse(Change.UNKNOWN),
                one.perDay
                        .flatMap(often -> other.perDay.map(second -> change(often.compareTo(second) == 0)))
                        .filter(change -> change == Change.CHANGED || one.asNeeded == other.asNeeded)
                        .orElseGet(() -> one.asNeeded == other.asNeeded ? Change.UNKNOWN : Change.CHANGED),
                one.routes.isEmpty() || other.routes.isEmpty()
                        ? Change.UNKNOWN
                        : change(one.routes.stream().anyMatch(other.routes::contains)));
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

    /** What counts of the doses, alike for numbers that are written differently. */
    private List<String> schedule() {
        return doses.stream().map(Regimen::print).toList();
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
                        .sorted()
                        .toList());
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
