package org.careloop.patients.domain.reconciliation;

import static org.careloop.patients.domain.reconciliation.DifferenceKind.ALLERGY;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.DUPLICATE_CLASS;
import static org.careloop.patients.domain.reconciliation.DifferenceKind.DUPLICATE_INGREDIENT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.patients.domain.reconciliation.ListedMedicine.Taking;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCriticality;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueSeverity;

/**
 * Finds what is dangerous together: the same twice, and what an allergy is known to. Looks at what the patient would take if nobody said
 * more: what the discharge lists, and what was taken before and nobody stopped.
 */
final class FindHazards {

    private static final Set<String> NO_MORE = Set.of("inactive", "resolved");
    private static final Set<String> NOT_SO = Set.of("refuted", "entered-in-error");

    private final Medicines medicines;
    private final ReconciliationRules rules;

    FindHazards(Medicines medicines, ReconciliationRules rules) {
        this.medicines = medicines;
        this.rules = rules;
    }

    List<Difference> find(List<MedicineRow> rows, List<AllergyIntolerance> allergies) {
        List<ListedMedicine> discharge = rows.stream()
                .flatMap(row -> row.of(MedicineList.DISCHARGE, entry -> entry.taking() == Taking.TAKEN).stream())
                .toList();
        if (discharge.isEmpty()) {
            return List.of();
        }
        List<ListedMedicine> current = Stream.concat(
                        discharge.stream(),
                        rows.stream()
                                .filter(row -> row.isOmitted() && !isCovered(row, discharge))
                                .flatMap(row ->
                                        row.of(MedicineList.HOME, entry -> entry.taking() == Taking.TAKEN).stream()))
                .toList();
        List<Difference> found = new ArrayList<>();
        twice(current, rows, found);
        allergies.stream().filter(FindHazards::holds).forEach(allergy -> allergic(allergy, discharge, found));
        return found;
    }

    /** What goes on in another product is not taken beside it. */
    private static boolean isCovered(MedicineRow row, List<ListedMedicine> discharge) {
        return !row.ingredients().isEmpty()
                && row.ingredients().stream()
                        .allMatch(ingredient -> discharge.stream()
                                .anyMatch(
                                        entry -> entry.identity().ingredients().contains(ingredient)));
    }

    private void twice(List<ListedMedicine> current, List<MedicineRow> rows, List<Difference> found) {
        Map<String, Set<ListedMedicine>> byIngredient = new TreeMap<>();
        Map<String, Set<ListedMedicine>> byClass = new TreeMap<>();
        for (int i = 0; i < current.size(); i++) {
            for (int j = i + 1; j < current.size(); j++) {
                ListedMedicine one = current.get(i);
                ListedMedicine other = current.get(j);
                if (!one.isOneTelling(other)) {
                    Set<String> shared = shared(one, other, rows);
                    shared.forEach(each -> add(byIngredient, each, one, other));
                    if (shared.isEmpty()) {
                        sharedClasses(one, other).forEach(each -> add(byClass, each, one, other));
                    }
                }
            }
        }
        byIngredient.forEach((ingredient, entries) -> found.add(Difference.of(
                DUPLICATE_INGREDIENT,
                ingredient,
                keyOf(entries, rows),
                entries,
                rules.severity(DUPLICATE_INGREDIENT, false))));
        byClass.forEach((therapy, entries) -> found.add(Difference.of(
                DUPLICATE_CLASS,
                "class:" + therapy,
                keyOf(entries, rows),
                entries,
                rules.severity(DUPLICATE_CLASS, medicines.therapy(therapy).highRisk()))));
    }

    private static void add(
            Map<String, Set<ListedMedicine>> entries, String about, ListedMedicine one, ListedMedicine other) {
        Set<ListedMedicine> all = entries.computeIfAbsent(about, ignored -> new LinkedHashSet<>());
        all.add(one);
        all.add(other);
    }

    /** Ingredients of both; where none is known, the row that both are in. */
    private static Set<String> shared(ListedMedicine one, ListedMedicine other, List<MedicineRow> rows) {
        Set<String> shared = new TreeSet<>(one.identity().ingredients());
        shared.retainAll(other.identity().ingredients());
        if (!shared.isEmpty()) {
            return shared;
        }
        return rows.stream()
                .filter(row -> row.entries().contains(one) && row.entries().contains(other))
                .map(MedicineRow::key)
                .findFirst()
                .map(Set::of)
                .orElse(Set.of());
    }

    private List<String> sharedClasses(ListedMedicine one, ListedMedicine other) {
        Set<String> of = medicines.classesOf(other.identity().ingredients());
        return medicines.classesOf(one.identity().ingredients()).stream()
                .filter(each -> of.contains(each) && medicines.therapy(each).duplicates())
                .toList();
    }

    private static Optional<String> keyOf(Set<ListedMedicine> entries, List<MedicineRow> rows) {
        return rows.stream()
                .filter(row -> !Collections.disjoint(row.entries(), entries))
                .map(MedicineRow::key)
                .findFirst();
    }

    private static boolean holds(AllergyIntolerance allergy) {
        return codes(allergy.getClinicalStatus()).noneMatch(NO_MORE::contains)
                && codes(allergy.getVerificationStatus()).noneMatch(NOT_SO::contains);
    }

    private static Stream<String> codes(CodeableConcept concept) {
        return concept.getCoding().stream().filter(coding -> coding.hasCode()).map(coding -> coding.getCode());
    }

    private void allergic(AllergyIntolerance allergy, List<ListedMedicine> discharge, List<Difference> found) {
        List<CodeableConcept> told = Stream.concat(
                        Stream.of(allergy.getCode()),
                        allergy.getReaction().stream().map(reaction -> reaction.getSubstance()))
                .toList();
        Set<String> allergens = told.stream()
                .flatMap(each -> medicines.allergens(each).stream())
                .collect(Collectors.toSet());
        List<MedicineIdentity> written =
                told.stream().map(medicines::identifyAllergen).toList();
        ResourceKey key =
                ResourceKey.of("AllergyIntolerance", allergy.getIdElement().getIdPart());
        discharge.stream()
                .filter(entry -> !Collections.disjoint(
                                allergens, entry.identity().ingredients())
                        || written.stream()
                                .anyMatch(each -> each.sameAs(entry.identity()).isPresent()))
                .forEach(entry -> found.add(of(allergy, key, entry)));
    }

    private Difference of(AllergyIntolerance allergy, ResourceKey key, ListedMedicine entry) {
        boolean grave = allergy.getCriticality() == AllergyIntoleranceCriticality.HIGH
                || medicines.isHighRisk(entry.identity().ingredients());
        String criticality = allergy.hasCriticality() ? allergy.getCriticality().toCode() : "unknown";
        return new Difference(
                ALLERGY,
                key.reference() + " " + entry.source().reference(),
                Optional.empty(),
                Difference.keys(Stream.of(key, entry.source())),
                grave ? DetectedIssueSeverity.HIGH : rules.severity(ALLERGY, false),
                Difference.printOf(ALLERGY, List.of(criticality, entry.print(false))),
                Difference.labelsOf(Stream.concat(allergy.getMeta().getSecurity().stream(), entry.labels().stream())));
    }
}
