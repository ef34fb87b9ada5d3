package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much a list asks of a person.
 *
 * @param medicines how many different ones
 * @param dosesPerDay as far as it is told, {@code untold}: of how many it is not
 * @param polypharmacy whether they are many, {@code highRisk}: ingredients with which errors do most harm
 */
public record Burden(
        MedicineList list,
        int medicines,
        BigDecimal dosesPerDay,
        int untold,
        boolean polypharmacy,
        List<String> highRisk) {

    static Burden of(MedicineList list, List<MedicineRow> rows, Medicines known, ReconciliationRules rules) {
        List<MedicineRow> taken = rows.stream()
                .filter(row -> row.has(list, entry -> entry.taking() == ListedMedicine.Taking.TAKEN))
                .toList();
        List<Optional<BigDecimal>> doses = taken.stream()
                .map(row -> row.of(list, entry -> entry.taking() == ListedMedicine.Taking.TAKEN).stream()
                        .flatMap(entry -> entry.regimen().dosesPerDay().stream())
                        .max(BigDecimal::compareTo))
                .toList();
        TreeSet<String> highRisk = new TreeSet<>();
        taken.stream()
                .flatMap(row -> row.ingredients().stream())
                .filter(ingredient -> known.isHighRisk(Set.of(ingredient)))
                .forEach(highRisk::add);
        return new Burden(
                list,
                taken.size(),
                doses.stream().flatMap(Optional::stream).reduce(BigDecimal.ZERO, BigDecimal::add),
                (int) doses.stream().filter(Optional::isEmpty).count(),
                taken.size() >= rules.polypharmacy(),
                List.copyOf(highRisk));
    }
}
