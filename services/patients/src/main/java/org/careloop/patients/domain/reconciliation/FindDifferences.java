package org.careloop.patients.domain.reconciliation;

import static org.careloop.patients.domain.reconciliation.DifferenceKind.INPATIENT_CONTINUED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.LIST_MISSING;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.NEW_WITHOUT_INDICATION;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.NOT_TAKEN;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.OMITTED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.PRODUCT_CHANGED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.RESUMED;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.STOPPED_WITHOUT_REASON;
import static org.careloop.patients.domain.reconciliation.MedicineList.DISCHARGE;
import static org.careloop.patients.domain.reconciliation.MedicineList.HOME;
import static org.careloop.patients.domain.reconciliation.MedicineList.STAY;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.patients.domain.reconciliation.ListedMedicine.Taking;

/** Finds what differs from list to list, medicine by medicine. */
final class FindDifferences {

    private final Medicines medicines;
    private final ReconciliationRules rules;
    private final List<MedicineRow> rows;
    private final Set<String> before;
    private final Set<String> after;
    private final List<Difference> found = new ArrayList<>();

    FindDifferences(List<MedicineRow> rows, Medicines medicines, ReconciliationRules rules) {
        this.medicines = medicines;
        this.rules = rules;
        this.rows = rows;
        this.before = ingredients(HOME);
        this.after = ingredients(DISCHARGE);
    }

    private Set<String> ingredients(MedicineList list) {
        return rows.stream()
                .filter(row -> row.has(list, ListedMedicine::isTaken))
                .flatMap(row -> row.ingredients().stream())
                .collect(Collectors.toSet());
    }

    /** Returns what differs; a list that is missing is told once, not medicine by medicine. */
    List<Difference> find() {
        boolean anyBefore = rows.stream().anyMatch(row -> row.has(HOME));
        boolean anyAfter = rows.stream().anyMatch(row -> row.has(DISCHARGE));
        if (!rows.isEmpty() && !anyAfter) {
            missing(DISCHARGE);
        }
        if (anyAfter && !anyBefore) {
            missing(HOME);
        }
        if (anyAfter) {
            rows.forEach(row -> {
                stopped(row);
                resumed(row);
                begun(row);
                continued(row);
            });
        }
        return found;
    }

    private void missing(MedicineList list) {
        found.add(Difference.of(
                LIST_MISSING, list.code(), Optional.empty(), List.of(), rules.severity(LIST_MISSING, false)));
    }

    private void stopped(MedicineRow row) {
        List<ListedMedicine> home = row.of(HOME);
        if (home.isEmpty() || row.has(DISCHARGE, ListedMedicine::isTaken)) {
            return;
        }
        List<ListedMedicine> taken = row.of(HOME, entry -> entry.taking() == Taking.TAKEN);
        List<ListedMedicine> stops = Stream.concat(
                        row.of(DISCHARGE, ListedMedicine::isStopped).stream(),
                        row.of(HOME, ListedMedicine::isStopped).stream())
                .toList();
        boolean elsewhere = !row.ingredients().isEmpty() && after.containsAll(row.ingredients());
        if (elsewhere) {
            add(
                    PRODUCT_CHANGED,
                    row,
                    Stream.concat(home.stream(), withIngredients(row.ingredients()))
                            .toList());
        } else if (row.isOmitted()) {
            add(OMITTED, row, taken);
        } else if (!stops.isEmpty() && stops.stream().noneMatch(ListedMedicine::reasoned)) {
            add(STOPPED_WITHOUT_REASON, row, stops);
        }
    }

    private Stream<ListedMedicine> withIngredients(Set<String> ingredients) {
        return rows.stream()
                .filter(row -> !Collections.disjoint(row.ingredients(), ingredients))
                .flatMap(row -> row.of(DISCHARGE, ListedMedicine::isTaken).stream());
    }

    /** An indication does not answer it: who stopped it had a reason. */
    private void resumed(MedicineRow row) {
        List<ListedMedicine> home = row.of(HOME);
        List<ListedMedicine> discharge = row.of(DISCHARGE, ListedMedicine::isTaken);
        if (!home.isEmpty() && !discharge.isEmpty() && home.stream().allMatch(ListedMedicine::isStopped)) {
            add(RESUMED, row, Stream.concat(discharge.stream(), home.stream()).toList());
        }
    }

    private void begun(MedicineRow row) {
        List<ListedMedicine> discharge = row.of(DISCHARGE, ListedMedicine::isTaken);
        boolean known = row.has(HOME) || !row.ingredients().isEmpty() && before.containsAll(row.ingredients());
        if (discharge.isEmpty() || known || discharge.stream().anyMatch(ListedMedicine::indicated)) {
            return;
        }
        if (row.has(STAY)) {
            add(
                    INPATIENT_CONTINUED,
                    row,
                    Stream.concat(discharge.stream(), row.of(STAY).stream()).toList());
        } else {
            add(NEW_WITHOUT_INDICATION, row, discharge);
        }
    }

    private void continued(MedicineRow row) {
        List<ListedMedicine> discharge = row.of(DISCHARGE, ListedMedicine::isTaken);
        List<ListedMedicine> refused = row.entries().stream()
                .filter(entry -> entry.taking() == Taking.NOT_TAKEN)
                .toList();
        if (!discharge.isEmpty() && !refused.isEmpty()) {
            add(
                    NOT_TAKEN,
                    row,
                    Stream.concat(discharge.stream(), refused.stream()).toList());
        }
        List<ListedMedicine> home = row.of(HOME, entry -> entry.taking() == Taking.TAKEN);
        if (!home.isEmpty() && !discharge.isEmpty()) {
            dosages(row, home, discharge);
        }
    }

    private void dosages(MedicineRow row, List<ListedMedicine> home, List<ListedMedicine> discharge) {
        List<ListedMedicine> both =
                Stream.concat(home.stream(), discharge.stream()).toList();
        CompareDosages.kinds(home, discharge).forEach(kind -> add(kind, row, both));
    }

    private void add(DifferenceKind kind, MedicineRow row, Collection<ListedMedicine> entries) {
        found.add(Difference.of(
                kind,
                row.key(),
                Optional.of(row.key()),
                entries,
                rules.severity(kind, medicines.isHighRisk(row.ingredients()))));
    }
}
