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
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** Turns the elements that a parameter names into index entries. Each entry is a row to write: none is made that nobody asks for. */
final class IndexBuilder {

    private final Set<Long> tokens = new LinkedHashSet<>();
    private final Set<ReferenceEntry> references = new LinkedHashSet<>();
    private final Set<StringEntry> strings = new LinkedHashSet<>();
    private final Set<DateEntry> dates = new LinkedHashSet<>();
    private final Set<NumberEntry> numbers = new LinkedHashSet<>();

    private final List<CombinedIndex> combined;
    private final Map<String, Set<Long>> codes = new HashMap<>();

    IndexBuilder(List<CombinedIndex> combined) {
        this.combined = combined;
        combined.forEach(index -> codes.put(index.token(), new LinkedHashSet<>()));
    }

    IndexEntries build(Optional<String> patient) {
        Set<Long> pairs = new LinkedHashSet<>();
        combined.forEach(index -> pairs.addAll(index.keys(references, codes)));
        return new IndexEntries(tokens, references, strings, dates, numbers, pairs, patient);
    }

    void add(IndexedParameter indexed, List<Base> elements) {
        SearchParameter parameter = indexed.parameter();
        List<Base> present = present(elements);
        if (present.isEmpty()) {
            if (parameter.kind() == Kind.TOKEN || parameter.kind() == Kind.REFERENCE) {
                tokens.add(indexed.absent());
            }
            return;
        }
        int before = entries();
        for (Base element : present) {
            switch (parameter.kind()) {
                case COMPOSITE -> composite(indexed, element);
                case TOKEN -> token(indexed, element);
                case REFERENCE, STRING, DATE, NUMBER, QUANTITY, URI -> value(parameter.kind(), indexed.key(), element);
            }
        }
        if (Aspect.marksUnreadable(parameter.kind()) && entries() == before) {
            tokens.add(indexed.unreadable());
        }
    }

    private int entries() {
        return strings.size() + dates.size() + numbers.size();
    }

    private void value(Kind kind, IndexKey key, Base element) {
        switch (kind) {
            case TOKEN -> codes(key, TokenForms.of(element));
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

    private void codes(IndexKey key, List<TokenForms> forms) {
        for (TokenForms code : forms) {
            for (String form : code.all()) {
                tokens.add(key.hash(form));
            }
        }
    }

    /** The codes, and what is kept of a token beside them. */
    private void token(IndexedParameter indexed, Base element) {
        List<TokenForms> forms = TokenForms.of(element);
        codes(indexed.key(), forms);
        Set<Long> paired = codes.get(indexed.parameter().name());
        if (paired != null) {
            forms.stream()
                    .filter(code -> code.code() != null)
                    .forEach(code -> paired.add(indexed.key().hash(code.named().getFirst())));
        }
        if (indexed.parameter().unites().isEmpty()) {
            for (String text : TokenForms.texts(element)) {
                if (!text.isBlank()) {
                    strings.add(new StringEntry(indexed.text(), Folding.fold(text)));
                }
            }
        }
        if (element instanceof Identifier identifier && identifier.hasValue()) {
            for (Coding coding : identifier.getType().getCoding()) {
                tokens.add(indexed.ofType()
                        .hash(TokenForms.ofType(coding.getSystem(), coding.getCode(), identifier.getValue())));
            }
        }
    }

    /** Each value of the second part, under each spelling of the first. */
    private void composite(IndexedParameter indexed, Base element) {
        List<SearchParameter.Part> parts = indexed.parameter().parts();
        SearchParameter.Part second = parts.get(1);
        List<Base> values = present(second.path().evaluate(element));
        if (values.isEmpty()) {
            return;
        }
        Set<String> first = new HashSet<>();
        present(parts.get(0).path().evaluate(element))
                .forEach(each -> TokenForms.of(each).forEach(code -> first.addAll(code.named())));
        for (String form : first) {
            IndexKey key = indexed.key().and(form);
            values.forEach(value -> value(second.kind(), key, value));
        }
    }

    /** An element that holds nothing counts as absent; few do. */
    private static List<Base> present(List<Base> elements) {
        for (Base element : elements) {
            if (element.isEmpty()) {
                return elements.stream().filter(each -> !each.isEmpty()).toList();
            }
        }
        return elements;
    }

    private void reference(IndexKey key, Base element) {
        if (element instanceof Reference reference) {
            target(key, reference.getReference());
            if (reference.hasIdentifier()) {
                value(Kind.TOKEN, key.of(Aspect.IDENTIFIER), reference.getIdentifier());
            }
        } else if (element instanceof Resource held
                && held.hasIdElement()
                && held.getIdElement().hasIdPart()) {
            // A document's Composition, which the Bundle holds and does not refer to.
            target(key, held.fhirType() + "/" + held.getIdElement().getIdPart());
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
