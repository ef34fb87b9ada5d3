package org.careloop.patients.domain.reconciliation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/**
 * Which code or name is which ingredient, as data; {@code rules/medicines.yaml} explains it.
 *
 * @param version told with each answer
 * @param noise words of a text that do not tell which medicine it is; {@code salts}: nor do these, beside what does
 * @param counterIons which tell nothing alone: of a text with no more than these, the salt is the medicine
 * @param allergyWords words beside the name of what somebody is allergic to
 */
public record MedicineTable(
        String version,
        String source,
        Map<String, Therapy> classes,
        Map<String, Ingredient> ingredients,
        List<Combination> combinations,
        List<AllergyGroup> allergyGroups,
        Set<String> noise,
        Set<String> salts,
        Set<String> counterIons,
        Set<String> allergyWords) {

    /** A therapeutic class: whether two of it at once are asked about, and whether errors with it do most harm. */
    public record Therapy(boolean duplicates, boolean highRisk) {}

    /**
     * One ingredient.
     *
     * @param rxnorm its RxNorm number, where we are sure of it; {@code also}: of its salts and forms
     * @param products RxNorm numbers of products that contain it alone
     */
    public record Ingredient(
            @Nullable String rxnorm,
            @Nullable List<String> also,
            List<String> classes,
            @Nullable List<String> names,
            @Nullable List<String> products) {

        /** All RxNorm numbers that are of this ingredient alone. */
        Stream<String> numbers() {
            return Stream.of(Stream.ofNullable(rxnorm), told(also), told(products))
                    .flatMap(each -> each);
        }

        /** Those of {@link #numbers} that are of a product, so that one of it is always as much. */
        Stream<String> productNumbers() {
            return told(products);
        }

        /** All its names, {@code key} of the table among them. */
        Stream<String> allNames(String key) {
            return Stream.concat(Stream.of(key), told(names));
        }

        private static Stream<String> told(@Nullable List<String> list) {
            return Stream.ofNullable(list).flatMap(List::stream);
        }
    }

    /**
     * Brands and products of several ingredients.
     *
     * @param rxnorm RxNorm numbers of the ingredients together, of no product
     */
    public record Combination(
            List<String> ingredients,
            List<String> names,
            @Nullable List<String> rxnorm,
            List<String> products) {

        /** All RxNorm numbers that are of these ingredients. */
        Stream<String> numbers() {
            return Stream.concat(Stream.ofNullable(rxnorm).flatMap(List::stream), products.stream());
        }
    }

    /** What an allergy to a group of medicines is an allergy to. */
    public record AllergyGroup(List<String> names, List<String> rxnorm, List<String> ingredients) {}

    /** Fails with {@link IllegalStateException} where a name is used that is not defined. */
    public MedicineTable {
        Map<String, Ingredient> known = ingredients;
        ingredients.forEach((name, ingredient) -> {
            if (!classes.keySet().containsAll(ingredient.classes())) {
                throw new IllegalStateException("medicines: " + name + ": classes (expected: defined ones)");
            }
        });
        combinations.forEach(each -> requireKnown(known, each.ingredients()));
        allergyGroups.forEach(each -> requireKnown(known, each.ingredients()));
    }

    private static void requireKnown(Map<String, Ingredient> known, List<String> names) {
        if (!known.keySet().containsAll(names)) {
            throw new IllegalStateException("medicines: ingredients " + names + " (expected: defined ones)");
        }
    }

    /** Returns the table that comes with the service. */
    public static MedicineTable shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the table of {@code source}; fails as it does. */
    public static MedicineTable of(RuleSource source) {
        return source.read(MedicineTable.class, "rules/medicines.yaml");
    }
}
