package org.careloop.patients.domain.reconciliation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One medicine and what each list says of it.
 *
 * @param key names the medicine, the same whenever it is compared again
 * @param by by what its entries were found to be the same, the least sure of it
 * @param ingredients what it is made of; empty: not known
 */
public record MedicineRow(String key, MatchedBy by, Set<String> ingredients, List<ListedMedicine> entries) {

    /** Returns the rows of {@code listed}, each entry in one of them. */
    static List<MedicineRow> of(List<ListedMedicine> listed) {
        List<Group> groups = new ArrayList<>();
        for (ListedMedicine entry : listed) {
            Group joined = new Group(entry);
            // An entry may show that two that seemed to be two are one.
            for (Group group : List.copyOf(groups)) {
                if (joined.take(group, entry)) {
                    groups.remove(group);
                }
            }
            groups.add(joined);
        }
        return groups.stream()
                .map(Group::row)
                .sorted(Comparator.comparing(MedicineRow::key))
                .toList();
    }

    private static final class Group {
        private final List<ListedMedicine> entries = new ArrayList<>();
        private MatchedBy by = MatchedBy.RXNORM;

        Group(ListedMedicine first) {
            entries.add(first);
        }

        private boolean take(Group other, ListedMedicine entry) {
            Optional<MatchedBy> same = other.entries.stream()
                    .flatMap(each -> each.identity().sameAs(entry.identity()).stream())
                    .min(Comparator.naturalOrder());
            if (same.isEmpty()) {
                return false;
            }
            by = Stream.of(by, other.by, same.get())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            entries.addAll(0, other.entries);
            return true;
        }

        private MedicineRow row() {
            String key = entries.stream()
                    .map(entry -> entry.identity().key())
                    .min(Comparator.comparing((String each) -> !each.startsWith("ingredients:"))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow();
            Set<String> ingredients = entries.stream()
                    .filter(entry -> entry.identity().key().equals(key))
                    .map(entry -> entry.identity().ingredients())
                    .findFirst()
                    .orElse(Set.of());
            MatchedBy told = entries.size() == 1 ? entries.getFirst().identity().by() : by;
            return new MedicineRow(key, told, new TreeSet<>(ingredients), List.copyOf(entries));
        }
    }

    /** What {@code list} says of it. */
    public List<ListedMedicine> of(MedicineList list) {
        return entries.stream().filter(entry -> entry.list() == list).toList();
    }

    List<ListedMedicine> of(MedicineList list, Predicate<ListedMedicine> which) {
        return of(list).stream().filter(which).toList();
    }

    boolean has(MedicineList list, Predicate<ListedMedicine> which) {
        return entries.stream().anyMatch(entry -> entry.list() == list && which.test(entry));
    }

    boolean has(MedicineList list) {
        return has(list, ignored -> true);
    }

    boolean isOmitted() {
        return has(MedicineList.HOME, entry -> entry.taking() == ListedMedicine.Taking.TAKEN)
                && !has(MedicineList.DISCHARGE, entry -> entry.isTaken() || entry.isStopped());
    }

    /** The name to show: of the list that counts from now on. */
    public String display() {
        return Stream.of(MedicineList.DISCHARGE, MedicineList.HOME, MedicineList.STAY)
                .flatMap(list -> of(list).stream())
                .map(ListedMedicine::display)
                .findFirst()
                .orElse("unknown");
    }
}
