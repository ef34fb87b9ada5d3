package org.careloop.patients.domain.reconciliation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;

/**
 * The three lists of a stay side by side.
 *
 * @param differences what a person has to decide; none before the discharge
 * @param version of the rules and of the table of medicines
 */
public record Reconciliation(
        StayPeriod stay, List<MedicineRow> rows, List<Difference> differences, List<Burden> burden, String version) {

    /** Compares; the same facts give the same answer. */
    public static Reconciliation of(
            StayPeriod stay, MedicineFacts facts, Medicines medicines, ReconciliationRules rules) {
        List<MedicineRow> rows = MedicineRow.of(new ReadMedicines(medicines, rules).read(stay, facts));
        List<Difference> differences = stay.phase() == StayPeriod.Phase.DISCHARGED
                ? Stream.concat(
                                new FindDifferences(rows, medicines, rules).find().stream(),
                                new FindHazards(medicines, rules).find(rows, facts.allergies()).stream())
                        .toList()
                : List.of();
        return new Reconciliation(
                stay, rows, differences, burden(rows, medicines, rules), rules.version() + " " + medicines.version());
    }

    /** What is told of a stay of which so much is stored that it is not compared: that a person has to. */
    public static Reconciliation tooLong(StayPeriod stay, Medicines medicines, ReconciliationRules rules) {
        Difference difference = Difference.of(
                DifferenceKind.NOT_COMPARED,
                "lists",
                Optional.empty(),
                List.of(),
                rules.severity(DifferenceKind.NOT_COMPARED, false));
        return new Reconciliation(
                stay, List.of(), List.of(difference), List.of(), rules.version() + " " + medicines.version());
    }

    private static List<Burden> burden(List<MedicineRow> rows, Medicines medicines, ReconciliationRules rules) {
        return Arrays.stream(MedicineList.values())
                .map(list -> Burden.of(list, rows, medicines, rules))
                .toList();
    }

    /** Returns what is left of it for who sees nothing of the patient but {@code shown}; what was found stays found. */
    public Reconciliation within(Set<ResourceKey> shown, Medicines medicines, ReconciliationRules rules) {
        List<MedicineRow> visible = rows.stream()
                .map(row -> new MedicineRow(
                        row.key(),
                        row.by(),
                        row.ingredients(),
                        row.entries().stream()
                                .filter(entry -> shown.contains(entry.source()))
                                .toList()))
                .filter(row -> !row.entries().isEmpty())
                .toList();
        List<Difference> told = differences.stream()
                .filter(difference -> shown.containsAll(difference.implicated()))
                .toList();
        return new Reconciliation(stay, visible, told, burden(visible, medicines, rules), version);
    }
}
