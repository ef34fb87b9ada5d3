package org.careloop.patients.domain.reconciliation;

import static org.careloop.patients.domain.reconciliation.DifferenceKind.DOSAGE_UNKNOWN;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.DOSE_CHANGED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.FREQUENCY_CHANGED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.ROUTE_CHANGED;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.patients.domain.reconciliation.Regimen.Amount;
import org.careloop.patients.domain.reconciliation.Regimen.Change;
import org.careloop.patients.domain.reconciliation.Regimen.Comparison;

/** How one medicine is taken before a stay and after it, by all that is said of it. */
final class CompareDosages {

    private CompareDosages() {}

    /**
     * Returns what differs. What agrees with something of the other list is settled; what is left is compared with what is left there, or
     * with all of it. So one pair that agrees hides no other that differs.
     */
    static Set<DifferenceKind> kinds(List<ListedMedicine> home, List<ListedMedicine> discharge) {
        List<ListedMedicine> before = unsettled(home, discharge);
        List<ListedMedicine> after = unsettled(discharge, home);
        List<Comparison> all = before.isEmpty() && after.isEmpty()
                ? List.of()
                : pairs(before.isEmpty() ? home : before, after.isEmpty() ? discharge : after);
        Set<DifferenceKind> kinds = EnumSet.noneOf(DifferenceKind.class);
        boolean doseChanged = all.stream().anyMatch(each -> each.amount() == Change.CHANGED);
        if (doseChanged || all.isEmpty() && isOtherSum(home, discharge)) {
            kinds.add(DOSE_CHANGED);
        }
        if (all.stream().anyMatch(each -> each.frequency() == Change.CHANGED)) {
            kinds.add(FREQUENCY_CHANGED);
        }
        if (all.stream().anyMatch(each -> each.route() == Change.CHANGED)) {
            kinds.add(ROUTE_CHANGED);
        }
        if (!doseChanged && all.stream().anyMatch(Comparison::isUnknown)) {
            kinds.add(DOSAGE_UNKNOWN);
        }
        return kinds;
    }

    /** Those of {@code list} that agree with none of {@code other}; what tells nothing of its own adds nothing to one that agrees. */
    private static List<ListedMedicine> unsettled(List<ListedMedicine> list, List<ListedMedicine> other) {
        List<ListedMedicine> left = list.stream()
                .filter(one -> other.stream().noneMatch(second -> agrees(one, second)))
                .toList();
        return left.size() == list.size()
                ? left
                : left.stream()
                        .filter(one -> !one.regimen().isUntold())
                        .filter(one -> list.stream()
                                .filter(second -> !left.contains(second))
                                .noneMatch(second -> second.isOneTelling(one) && !differs(one, other)))
                        .toList();
    }

    private static boolean agrees(ListedMedicine one, ListedMedicine other) {
        Comparison compared = compare(one, other);
        return !compared.isChanged() && !compared.isUnknown();
    }

    private static boolean differs(ListedMedicine one, List<ListedMedicine> others) {
        return others.stream().anyMatch(other -> compare(one, other).isChanged());
    }

    private static List<Comparison> pairs(List<ListedMedicine> home, List<ListedMedicine> discharge) {
        return home.stream()
                .flatMap(one -> discharge.stream().map(other -> compare(one, other)))
                .toList();
    }

    private static Comparison compare(ListedMedicine one, ListedMedicine other) {
        return one.regimen().compare(other.regimen(), isSameProduct(one, other));
    }

    /** 5 mg in the morning and 5 mg in the evening, each of them prescribed, are not 5 mg in the morning. */
    private static boolean isOtherSum(List<ListedMedicine> home, List<ListedMedicine> discharge) {
        return daily(home)
                .flatMap(before -> daily(discharge).map(after -> !before.isAs(after)))
                .orElse(false);
    }

    /** Of the prescriptions, and where there are none of what is said: the two may tell of one. */
    private static Optional<Amount> daily(List<ListedMedicine> list) {
        List<ListedMedicine> prescribed = list.stream()
                .filter(entry -> entry.source().type().equals("MedicationRequest"))
                .toList();
        List<Optional<Amount>> amounts = (prescribed.isEmpty() ? list : prescribed)
                .stream().map(entry -> entry.regimen().daily()).toList();
        return amounts.stream()
                .reduce((one, other) -> one.flatMap(first -> other.flatMap(first::and)))
                .flatMap(sum -> sum);
    }

    /** As many tablets are as much only of the same product, and a name alone does not tell which product it is. */
    static boolean isSameProduct(ListedMedicine one, ListedMedicine other) {
        String name = one.display();
        return !Collections.disjoint(one.identity().products(), other.identity().products())
                || MedicineText.tellsStrength(name)
                        && ReconciliationRules.fold(name).equals(ReconciliationRules.fold(other.display()));
    }
}
