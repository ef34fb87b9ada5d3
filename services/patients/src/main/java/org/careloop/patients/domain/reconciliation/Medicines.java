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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.patients.domain.reconciliation.MedicineTable.Therapy;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** Tells which medicine a code or a text is of. */
public final class Medicines {

    static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

    private static final String NDC = "http://hl7.org/fhir/sid/ndc";

    /** Before an ingredient of which only the text is known. */
    private static final String AS_WRITTEN = "text:";

    private final MedicineTable table;
    private final Map<String, Set<String>> byCode = new HashMap<>();
    private final Set<String> products = new HashSet<>();
    private final MedicineNames byName = new MedicineNames();
    private final Map<String, Set<String>> groupsByCode = new HashMap<>();
    private final MedicineNames groupsByName = new MedicineNames();

    public Medicines(MedicineTable table) {
        this.table = table;
        table.ingredients().forEach((key, ingredient) -> {
            ingredient.numbers().forEach(code -> byCode.put(code, Set.of(key)));
            ingredient.allNames(key).forEach(name -> byName.put(name, Set.of(key)));
            ingredient.productNumbers().forEach(products::add);
        });
        table.combinations().forEach(each -> {
            each.numbers().forEach(code -> byCode.put(code, Set.copyOf(each.ingredients())));
            each.names().forEach(name -> byName.put(name, Set.copyOf(each.ingredients())));
            products.addAll(each.products());
        });
        table.allergyGroups().forEach(each -> {
            each.rxnorm().forEach(code -> groupsByCode.put(code, Set.copyOf(each.ingredients())));
            each.names().forEach(name -> groupsByName.put(name, Set.copyOf(each.ingredients())));
        });
    }

    /** The version of the table. */
    public String version() {
        return table.version();
    }

    /** Returns which medicine {@code concept} is of. */
    public MedicineIdentity identify(CodeableConcept concept) {
        return identify(concept, Set.of());
    }

    /** As {@link #identify}, of what an allergy is to: "frobnicol allergy" is to frobnicol. */
    MedicineIdentity identifyAllergen(CodeableConcept concept) {
        return identify(concept, table.allergyWords());
    }

    private MedicineIdentity identify(CodeableConcept concept, Set<String> beside) {
        Set<String> codes = concept.getCoding().stream()
                .filter(coding -> coding.hasSystem() && coding.hasCode())
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .collect(Collectors.toUnmodifiableSet());
        Set<String> ofProducts = concept.getCoding().stream()
                .filter(coding -> NDC.equals(coding.getSystem())
                        || RXNORM.equals(coding.getSystem()) && products.contains(coding.getCode()))
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .collect(Collectors.toUnmodifiableSet());
        String name = String.join(" ", telling(MedicineText.without(beside, MedicineText.words(plain(concept)))));
        Optional<Set<String>> coded = coded(concept, byCode).findFirst();
        return coded.map(ingredients -> new MedicineIdentity(ingredients, MatchedBy.RXNORM, codes, ofProducts, name))
                .orElseGet(() -> new MedicineIdentity(written(concept), MatchedBy.TEXT, codes, ofProducts, name));
    }

    /** Returns the ingredients, also those of a group, to which an allergy to {@code concept} is one. */
    public Set<String> allergens(CodeableConcept concept) {
        Set<String> allergens = new TreeSet<>();
        Stream.of(byCode, groupsByCode).flatMap(known -> coded(concept, known)).forEach(allergens::addAll);
        // "PCN - hives" and "allergy to sulfa drugs" name the group as well as its name alone does.
        texts(concept)
                .map(MedicineText::words)
                .forEach(words -> Stream.of(byName, groupsByName)
                        .flatMap(names -> names.in(words).stream())
                        .forEach(named -> allergens.addAll(named.ingredients())));
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

    private static Stream<Set<String>> coded(CodeableConcept concept, Map<String, Set<String>> known) {
        return concept.getCoding().stream()
                .filter(coding -> RXNORM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .filter(known::containsKey)
                .map(known::get);
    }

    private Set<String> written(CodeableConcept concept) {
        return texts(concept)
                .map(this::written)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    /**
     * Of a combination all parts count: one that is not known here must not be taken for continued. So does what is left beside a name,
     * "HCT" and "PM" are ingredients. Names come before the parts: "co-trimoxazole" and "Humulin 70/30" are one.
     */
    private Set<String> written(String text) {
        List<List<String>> parts = MedicineText.parts(MedicineText.withoutBrackets(text)).stream()
                .map(MedicineText::words)
                .toList();
        List<String> words = parts.stream().flatMap(List::stream).toList();
        List<MedicineNames.Named> named = byName.in(words);
        Set<String> found = new TreeSet<>();
        named.forEach(each -> found.addAll(each.ingredients()));
        int from = 0;
        for (List<String> part : parts) {
            int start = from;
            int end = from + part.size();
            List<String> left = IntStream.range(start, end)
                    .filter(at -> named.stream().noneMatch(each -> each.covers(at)))
                    .mapToObj(words::get)
                    .toList();
            List<String> telling = left.size() == part.size() ? telling(left) : withoutSalts(left);
            if (!telling.isEmpty()) {
                found.add(AS_WRITTEN + String.join(" ", telling));
            }
            from = end;
        }
        return named.isEmpty() ? Set.of() : found;
    }

    /** Of "sodium chloride" and "magnesium citrate" the salt is the medicine, of "losartan potassium" it is not. */
    private List<String> telling(List<String> words) {
        List<String> telling = withoutSalts(words);
        return table.counterIons().containsAll(telling) ? MedicineText.without(table.noise(), words) : telling;
    }

    private List<String> withoutSalts(List<String> words) {
        return MedicineText.without(table.salts(), MedicineText.without(table.noise(), words));
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
