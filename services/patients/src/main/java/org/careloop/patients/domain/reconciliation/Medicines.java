package org.careloop.patients.domain.reconciliation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.patients.domain.reconciliation.MedicineTable.Therapy;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** Tells which medicine a code or a text is of. */
public final class Medicines {

    static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

    /** Before an ingredient of which only the text is known. */
    private static final String AS_WRITTEN = "text:";

    private final MedicineTable table;
    private final Map<String, Set<String>> byCode = new HashMap<>();
    private final Map<List<String>, Set<String>> byName = new HashMap<>();
    private final Map<String, Set<String>> groupsByCode = new HashMap<>();
    private final Map<List<String>, Set<String>> groupsByName = new HashMap<>();
    private final int longestName;

    public Medicines(MedicineTable table) {
        this.table = table;
        table.ingredients().forEach((key, ingredient) -> {
            ingredient.numbers().forEach(code -> byCode.put(code, Set.of(key)));
            ingredient.allNames(key).forEach(name -> byName.put(MedicineText.words(name), Set.of(key)));
        });
        table.combinations().forEach(each -> {
            each.products().forEach(code -> byCode.put(code, Set.copyOf(each.ingredients())));
            each.names().forEach(name -> byName.put(MedicineText.words(name), Set.copyOf(each.ingredients())));
        });
        table.allergyGroups().forEach(each -> {
            each.rxnorm().forEach(code -> groupsByCode.put(code, Set.copyOf(each.ingredients())));
            each.names().forEach(name -> groupsByName.put(MedicineText.words(name), Set.copyOf(each.ingredients())));
        });
        this.longestName = byName.keySet().stream().mapToInt(List::size).max().orElse(0);
    }

    /** The version of the table. */
    public String version() {
        return table.version();
    }

    /** Returns which medicine {@code concept} is of. */
    public MedicineIdentity identify(CodeableConcept concept) {
        Set<String> codes = concept.getCoding().stream()
                .filter(coding -> coding.hasSystem() && coding.hasCode())
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .collect(Collectors.toUnmodifiableSet());
        String name = String.join(" ", MedicineText.telling(MedicineText.words(plain(concept)), table.noise()));
        Optional<Set<String>> coded = coded(concept, byCode);
        return coded.map(ingredients -> new MedicineIdentity(ingredients, MatchedBy.RXNORM, codes, name))
                .orElseGet(() -> new MedicineIdentity(written(concept), MatchedBy.TEXT, codes, name));
    }

    /** Returns the ingredients, also those of a group, to which an allergy to {@code concept} is one. */
    public Set<String> allergens(CodeableConcept concept) {
        Set<String> allergens = new TreeSet<>();
        coded(concept, byCode).ifPresent(allergens::addAll);
        coded(concept, groupsByCode).ifPresent(allergens::addAll);
        texts(concept).forEach(text -> {
            allergens.addAll(groupsByName.getOrDefault(MedicineText.words(text), Set.of()));
            allergens.addAll(named(MedicineText.words(text)));
        });
        return allergens;
    }

    /** The classes of {@code ingredients}. */
    public Set<String> classesOf(Set<String> ingredients) {
        return ingredients.stream()
                .map(table.ingredients()::get)
                .filter(Objects::nonNull)
                .flatMap(known -> known.classes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is known of a class of {@link #classesOf}. */
    public Therapy therapy(String therapy) {
        return Objects.requireNonNull(table.classes().get(therapy));
    }

    /** Whether errors with one of {@code ingredients} do most harm. */
    public boolean isHighRisk(Set<String> ingredients) {
        return classesOf(ingredients).stream().anyMatch(each -> therapy(each).highRisk());
    }

    private static Optional<Set<String>> coded(CodeableConcept concept, Map<String, Set<String>> known) {
        return concept.getCoding().stream()
                .filter(coding -> RXNORM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .filter(known::containsKey)
                .findFirst()
                .map(known::get);
    }

    private Set<String> written(CodeableConcept concept) {
        return texts(concept)
                .map(this::written)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    /** Of a combination all parts count: one that is not known here must not be taken for continued. */
    private Set<String> written(String text) {
        String outside = MedicineText.withoutBrackets(text);
        Set<String> whole = byName.get(MedicineText.telling(MedicineText.words(outside), table.noise()));
        if (whole != null) {
            return whole;
        }
        Set<String> found = new TreeSet<>();
        boolean known = false;
        for (String part : MedicineText.parts(outside)) {
            Set<String> named = named(MedicineText.words(part));
            List<String> telling = MedicineText.telling(MedicineText.words(part), table.noise());
            known |= !named.isEmpty();
            if (!named.isEmpty()) {
                found.addAll(named);
            } else if (!telling.isEmpty()) {
                found.add(AS_WRITTEN + String.join(" ", telling));
            }
        }
        return known ? found : Set.of();
    }

    /** The longest names first: potassium chloride is not a salt of something. */
    private Set<String> named(List<String> words) {
        Set<String> found = new HashSet<>();
        int at = 0;
        while (at < words.size()) {
            int next = at + 1;
            for (int length = Math.min(longestName, words.size() - at); length > 0; length--) {
                Set<String> ingredients = byName.get(words.subList(at, at + length));
                if (ingredients != null) {
                    found.addAll(ingredients);
                    next = at + length;
                    break;
                }
            }
            at = next;
        }
        return found;
    }

    private static String plain(CodeableConcept concept) {
        return texts(concept).findFirst().map(MedicineText::withoutBrackets).orElse("");
    }

    static Stream<String> texts(CodeableConcept concept) {
        return Stream.concat(
                concept.hasText() ? Stream.of(concept.getText()) : Stream.empty(),
                concept.getCoding().stream().filter(Coding::hasDisplay).map(Coding::getDisplay));
    }
}
