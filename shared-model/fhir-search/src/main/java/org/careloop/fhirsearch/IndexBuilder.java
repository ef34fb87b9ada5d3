package org.careloop.fhirsearch;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirsearch.IndexEntries.DateEntry;
import org.careloop.fhirsearch.IndexEntries.NumberEntry;
import org.careloop.fhirsearch.IndexEntries.ReferenceEntry;
import org.careloop.fhirsearch.IndexEntries.StringEntry;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Enumeration;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;

/** Turns the elements that a parameter names into index entries. */
final class IndexBuilder {

    /** Suffix of a reference parameter under which the logical identifier of the target is indexed as a token. */
    static final String IDENTIFIER = ":identifier";

    /** Form that marks a parameter without a value, for {@code :missing}. */
    static final String ABSENT = ":missing";

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
        if (present.isEmpty()) {
            value(parameter.name(), ABSENT);
        }
        for (Base element : present) {
            switch (parameter.kind()) {
                case TOKEN -> token(parameter.name(), element);
                case REFERENCE -> reference(parameter.name(), element);
                case STRING -> string(parameter.name(), element);
                case URI -> value(parameter.name(), element.primitiveValue());
                case DATE ->
                    DateRange.of(element).ifPresent(range -> dates.add(new DateEntry(key(parameter.name()), range)));
                case NUMBER -> number(parameter.name(), element);
                case QUANTITY -> quantity(parameter.name(), element);
            }
        }
    }

    private void token(String parameter, Base element) {
        switch (element) {
            case CodeableConcept concept -> concept.getCoding().forEach(coding -> token(parameter, coding));
            case Coding coding -> code(parameter, coding.getSystem(), coding.getCode());
            case Identifier identifier -> code(parameter, identifier.getSystem(), identifier.getValue());
            case ContactPoint contact -> code(parameter, null, contact.getValue());
            case Enumeration<?> code when code.hasValue() -> code(parameter, code.getSystem(), code.primitiveValue());
            case PrimitiveType<?> primitive -> code(parameter, null, primitive.primitiveValue());
            default -> {}
        }
    }

    private void code(String parameter, String system, String code) {
        if (code != null) {
            value(parameter, code);
            Set<Long> paired = codes.get(parameter);
            if (paired != null) {
                paired.add(IndexHash.ofValue(type, parameter, code));
            }
            value(parameter, (system == null ? "" : system) + "|" + code);
        }
        if (system != null) {
            value(parameter, system + "|");
        }
    }

    private void reference(String parameter, Base element) {
        if (element instanceof Reference reference) {
            if (reference.hasReference()) {
                // A resource elsewhere is not the one here that happens to have the same id.
                target(
                        parameter,
                        reference.getReferenceElement().isAbsolute()
                                ? reference.getReference()
                                : reference
                                        .getReferenceElement()
                                        .toVersionless()
                                        .getValue());
            }
            if (reference.hasIdentifier()) {
                token(parameter + IDENTIFIER, reference.getIdentifier());
            }
        } else if (element.isPrimitive()) {
            target(parameter, element.primitiveValue());
        }
    }

    private void target(String parameter, String reference) {
        if (reference != null && !reference.startsWith("#")) {
            references.add(new ReferenceEntry(key(parameter), IndexHash.ofTarget(reference)));
        }
    }

    private void string(String parameter, Base element) {
        switch (element) {
            case HumanName name -> {
                text(parameter, name.getText());
                text(parameter, name.getFamily());
                name.getGiven().forEach(given -> text(parameter, given.getValue()));
                name.getPrefix().forEach(prefix -> text(parameter, prefix.getValue()));
                name.getSuffix().forEach(suffix -> text(parameter, suffix.getValue()));
            }
            case Address address -> {
                text(parameter, address.getText());
                address.getLine().forEach(line -> text(parameter, line.getValue()));
                text(parameter, address.getCity());
                text(parameter, address.getDistrict());
                text(parameter, address.getState());
                text(parameter, address.getPostalCode());
                text(parameter, address.getCountry());
            }
            default -> text(parameter, element.primitiveValue());
        }
    }

    private void text(String parameter, String text) {
        if (text != null && !text.isBlank()) {
            value(parameter, text);
            strings.add(new StringEntry(key(parameter), Folding.fold(text)));
        }
    }

    private void number(String parameter, Base element) {
        switch (element) {
            case IntegerType integer
            when integer.hasValue() -> interval(key(parameter), new BigDecimal(integer.getValue()));
            case DecimalType decimal when decimal.hasValue() -> interval(key(parameter), decimal.getValue());
            default -> {}
        }
    }

    private void quantity(String parameter, Base element) {
        if (element instanceof Quantity quantity && quantity.getValue() != null) {
            interval(key(parameter), quantity.getValue());
            if (quantity.hasCode()) {
                interval(IndexHash.ofValue(type, parameter, "|" + quantity.getCode()), quantity.getValue());
                if (quantity.hasSystem()) {
                    interval(
                            IndexHash.ofValue(type, parameter, quantity.getSystem() + "|" + quantity.getCode()),
                            quantity.getValue());
                }
            }
        }
    }

    private void interval(long key, BigDecimal value) {
        numbers.add(new NumberEntry(key, value.doubleValue(), value.doubleValue()));
    }

    private void value(String parameter, String form) {
        if (form != null) {
            tokens.add(IndexHash.ofValue(type, parameter, form));
        }
    }

    private long key(String parameter) {
        return IndexHash.ofParameter(type, parameter);
    }
}
