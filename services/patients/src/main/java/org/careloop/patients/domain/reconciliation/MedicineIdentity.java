package org.careloop.patients.domain.reconciliation;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which medicine something is.
 *
 * @param ingredients names of the table; of a combination, also what is written of parts that it does not know; empty: not known
 * @param by {@code RXNORM} when the ingredients follow from a number, else {@code TEXT}
 * @param codes {@code system|code} of each coding
 * @param products those of the codes that are a product's, of which one is as much as another
 * @param name the folded text
 */
public record MedicineIdentity(
        Set<String> ingredients, MatchedBy by, Set<String> codes, Set<String> products, String name) {

    public MedicineIdentity {
        ingredients = Collections.unmodifiableSet(new TreeSet<>(ingredients));
        codes = Collections.unmodifiableSet(new TreeSet<>(codes));
        products = Collections.unmodifiableSet(new TreeSet<>(products));
    }

    /** Returns it; where nothing tells which it is, as what {@code reference} names, so that two unknown ones are not one. */
    MedicineIdentity orOf(String reference) {
        return ingredients.isEmpty() && codes.isEmpty() && name.isEmpty()
                ? new MedicineIdentity(ingredients, by, Set.of(reference), products, name)
                : this;
    }

    /** Tells by what this and {@code other} are the same medicine; empty when they are not, or nothing tells. */
    Optional<MatchedBy> sameAs(MedicineIdentity other) {
        boolean sameIngredients = !ingredients.isEmpty() && ingredients.equals(other.ingredients);
        if (sameIngredients && by == MatchedBy.RXNORM && other.by == MatchedBy.RXNORM) {
            return Optional.of(MatchedBy.RXNORM);
        }
        if (!Collections.disjoint(codes, other.codes)) {
            return Optional.of(MatchedBy.CODE);
        }
        // Two of which the ingredients are known and differ are two, however alike their names.
        boolean bothKnown = !ingredients.isEmpty() && !other.ingredients.isEmpty();
        boolean sameName = !bothKnown && !name.isEmpty() && name.equals(other.name);
        return sameIngredients || sameName ? Optional.of(MatchedBy.TEXT) : Optional.empty();
    }

    /** Names the medicine, alike for all who tell of it, as far as possible. */
    String key() {
        if (!ingredients.isEmpty()) {
            return "ingredients:" + String.join("+", ingredients);
        }
        return name.isEmpty() ? "codes:" + String.join("+", codes) : "name:" + name;
    }
}
