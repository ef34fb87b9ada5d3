package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirsearch.IndexEntries.DateEntry;
import org.careloop.fhirsearch.IndexEntries.NumberEntry;
import org.careloop.fhirsearch.IndexEntries.ReferenceEntry;
import org.careloop.fhirsearch.IndexEntries.StringEntry;
import org.careloop.fhirsearch.SearchParameter.Kind;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

/** Turns the elements that a parameter names into index entries. Each entry is a row to write: none is made that nobody asks for. */
final class IndexBuilder {

    private final String type;
    private final Set<Long> tokens = new LinkedHashSet<>();
    private final Set<ReferenceEntry> references = new LinkedHashSet<>();
    private final Set<StringEntry> strings = new LinkedHashSet<>();
    private final Set<DateEntry> dates = new LinkedHashSet<>();
    private final Set<NumberEntry> numbers = new LinkedHashSet<>();

    private final List<CombinedIndex> combined;
    private final Map<String, Set<Long>> codes = new HashMap<>();

    IndexBuilder(String type, List<CombinedIndex> combined) {
        this.type = type;
        this.combined = combined;
        combined.forEach(index -> codes.put(index.token(), new LinkedHashSet<>()));
    }

    IndexEntries build(Optional<String> patient) {
        Set<Long> pairs = new LinkedHashSet<>();
        combined.forEach(index -> pairs.addAll(index.keys(references, codes)));
        return new IndexEntries(tokens, references, strings, dates, numbers, pairs, patient);
    }

    void add(SearchParameter parameter, List<Base> elements) {
        List<Base> present =
                elements.stream().filter(element -> !element.isEmpty()).toList();
        if (parameter.kind() == Kind.COMPOSITE) {
            present.forEach(element -> composite(parameter, element));
            return;
        }
        int before = entries();
        present.forEach(element -> value(parameter.kind(), parameter.key(), element));
        if (parameter.kind() == Kind.TOKEN) {
            present.forEach(element -> token(parameter, element));
        }
        Aspect.mark(parameter.kind(), present.isEmpty(), entries() > before)
                .ifPresent(mark -> tokens.add(parameter.key().hash(mark)));
    }

    private int entries() {
        return strings.size() + dates.size() + numbers.size();
    }

    private void value(Kind kind, IndexKey key, Base element) {
        switch (kind) {
            case TOKEN ->
                TokenForms.of(element).stream()
                        .flatMap(code -> code.all().stream())
                        .forEach(form -> tokens.add(key.hash(form)));
            case REFERENCE -> reference(key, element);
            case STRING ->
                texts(element).forEach(text -> {
                    tokens.add(key.hash(text));
                    strings.add(new StringEntry(key.hash(), Folding.fold(text)));
                });
            case URI -> uri(key, element.primitiveValue());
            case DATE -> DateRange.of(element).ifPresent(range -> dates.add(new DateEntry(key.hash(), range)));
            case NUMBER, QUANTITY ->
                Quantities.index(
                        element,
                        (unit, low, high) ->
                                numbers.add(new NumberEntry(unit.isEmpty() ? key.hash() : key.hash(unit), low, high)));
            case COMPOSITE -> throw new IllegalStateException("a composite has no values of its own");
        }
    }

    /** What is kept of a token beside its codes. */
    private void token(SearchParameter parameter, Base element) {
        Set<Long> paired = codes.get(parameter.name());
        if (paired != null) {
            TokenForms.of(element).stream()
                    .filter(code -> code.code() != null)
                    .forEach(
                            code -> paired.add(parameter.key().hash(code.named().getFirst())));
        }
        if (parameter.unites().isEmpty()) {
            long text = parameter.key(Aspect.TEXT).hash();
            TokenForms.texts(element)
                    .filter(each -> !each.isBlank())
                    .forEach(each -> strings.add(new StringEntry(text, Folding.fold(each))));
        }
        if (element instanceof Identifier identifier && identifier.hasValue()) {
            identifier
                    .getType()
                    .getCoding()
                    .forEach(coding -> tokens.add(parameter
                            .key(Aspect.OF_TYPE)
                            .hash(TokenForms.ofType(coding.getSystem(), coding.getCode(), identifier.getValue()))));
        }
    }

    /** Each value of the second part, under each spelling of the first. */
    private void composite(SearchParameter parameter, Base element) {
        if (parameter.parts().isEmpty()) {
            return;
        }
        SearchParameter.Part second = parameter.parts().get(1);
        List<Base> values = present(second, element);
        if (values.isEmpty()) {
            return;
        }
        Set<String> first = new HashSet<>();
        present(parameter.parts().get(0), element)
                .forEach(each -> TokenForms.of(each).forEach(code -> first.addAll(code.named())));
        for (String form : first) {
            IndexKey key = parameter.key().and(form);
            values.forEach(value -> value(second.kind(), key, value));
        }
    }

    private static List<Base> present(SearchParameter.Part part, Base element) {
        return part.path().evaluate(element).stream()
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private void reference(IndexKey key, Base element) {
        if (element instanceof Reference reference) {
            target(key, reference.getReference());
            if (reference.hasIdentifier()) {
                value(Kind.TOKEN, key.of(Aspect.IDENTIFIER), reference.getIdentifier());
            }
        } else if (element instanceof PrimitiveType<?> canonical) {
            target(key, canonical.primitiveValue());
            int version = canonical.primitiveValue() == null
                    ? -1
                    : canonical.primitiveValue().indexOf('|');
            if (version > 0) {
                target(key, canonical.primitiveValue().substring(0, version));
            }
        }
    }

    private void target(IndexKey key, @Nullable String reference) {
        if (reference != null && !reference.startsWith("#")) {
            references.add(new ReferenceEntry(key.hash(), IndexHash.ofTarget(OwnServer.relative(reference))));
        }
    }

    private void uri(IndexKey key, @Nullable String uri) {
        if (uri != null && !uri.isBlank()) {
            tokens.add(key.hash(uri));
            strings.add(new StringEntry(key.of(Aspect.BELOW).hash(), uri.replace('\0', ' ')));
        }
    }

    private static Stream<String> texts(Base element) {
        Stream<String> texts = switch (element) {
            case HumanName name -> {
                List<@Nullable String> parts = new ArrayList<>(List.of());
                parts.add(name.getText());
                parts.add(name.getFamily());
                name.getGiven().forEach(given -> parts.add(given.getValue()));
                name.getPrefix().forEach(prefix -> parts.add(prefix.getValue()));
                name.getSuffix().forEach(suffix -> parts.add(suffix.getValue()));
                yield parts.stream();
            }
            case Address address -> {
                List<@Nullable String> parts = new ArrayList<>();
                parts.add(address.getText());
                address.getLine().forEach(line -> parts.add(line.getValue()));
                parts.add(address.getCity());
                parts.add(address.getDistrict());
                parts.add(address.getState());
                parts.add(address.getPostalCode());
                parts.add(address.getCountry());
                yield parts.stream();
            }
            default -> Stream.ofNullable(element.primitiveValue());
        };
        return texts.filter(text -> text != null && !text.isBlank());
    }
}
