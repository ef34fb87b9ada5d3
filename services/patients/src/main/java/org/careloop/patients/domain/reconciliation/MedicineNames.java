package org.careloop.patients.domain.reconciliation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names, of some words each, and the ingredients that they name. */
final class MedicineNames {

    private final Map<List<String>, Set<String>> ingredients = new HashMap<>();
    private int longest;

    /** What is named from one word of a text on. */
    record Named(int from, int length, Set<String> ingredients) {
        boolean covers(int at) {
            return from <= at && at < from + length;
        }
    }

    void put(String name, Set<String> of) {
        List<String> words = MedicineText.words(name);
        ingredients.put(words, of);
        longest = Math.max(longest, words.size());
    }

    /** The longest names first: potassium chloride is not a salt of something. */
    List<Named> in(List<String> words) {
        List<Named> found = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            Optional<Named> here = from(at, words);
            here.ifPresent(found::add);
            at += here.map(Named::length).orElse(1);
        }
        return found;
    }

    private Optional<Named> from(int at, List<String> words) {
        for (int length = Math.min(longest, words.size() - at); length > 0; length--) {
            Set<String> of = ingredients.get(words.subList(at, at + length));
            if (of != null) {
                return Optional.of(new Named(at, length, of));
            }
        }
        return Optional.empty();
    }
}
