package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Enumeration;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * A code with its system, each of which may be absent, and the spellings under which it is indexed and asked for: {@code
 * code}, {@code system|code}, {@code |code} for a code without system, {@code system|}.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4 token search</a>
 */
record TokenForms(@Nullable String system, @Nullable String code) {

    /** Returns the codes of {@code element}. */
    static List<TokenForms> of(Base element) {
        return switch (element) {
            case CodeableConcept concept -> {
                List<TokenForms> codes = new ArrayList<>();
                concept.getCoding().forEach(coding -> codes.add(of(coding)));
                yield codes;
            }
            case Coding coding -> List.of(of(coding));
            case Identifier identifier -> List.of(new TokenForms(identifier.getSystem(), identifier.getValue()));
            case ContactPoint contact -> List.of(new TokenForms(null, contact.getValue()));
            case Enumeration<?> code
            when code.hasValue() -> List.of(new TokenForms(code.getSystem(), code.primitiveValue()));
            case PrimitiveType<?> primitive -> List.of(new TokenForms(null, primitive.primitiveValue()));
            default -> List.of();
        };
    }

    private static TokenForms of(Coding coding) {
        return new TokenForms(coding.getSystem(), coding.getCode());
    }

    /** Returns the spellings that name a code. */
    List<String> named() {
        return code == null
                ? List.of()
                : List.of(part(code), part(Objects.requireNonNullElse(system, "")) + "|" + part(code));
    }

    /** Returns all spellings. */
    List<String> all() {
        List<String> all = new ArrayList<>(named());
        if (system != null) {
            all.add(part(system) + "|");
        }
        return all;
    }

    /** Returns the spelling that a search value, with its escapes, asks for. */
    static String asked(String value) {
        List<String> parts = Escapes.split(value, '|', 2);
        return parts.size() == 1
                ? part(Escapes.plain(value))
                : part(Escapes.plain(parts.get(0))) + "|" + part(Escapes.plain(parts.get(1)));
    }

    /** The spelling under which {@code system|type|value} of an identifier is indexed and asked for. */
    static String ofType(@Nullable String system, @Nullable String type, String value) {
        return part(Objects.requireNonNullElse(system, "")) + "|" + part(Objects.requireNonNullElse(type, "")) + "|"
                + part(value);
    }

    /** A bar that belongs to a code is not the one after a system. */
    private static String part(String text) {
        return text.indexOf('|') < 0 && text.indexOf('\\') < 0
                ? text
                : text.replace("\\", "\\\\").replace("|", "\\|");
    }

    /** Returns the texts that people read for what {@code element} codes. */
    static List<String> texts(Base element) {
        List<String> texts = new ArrayList<>();
        switch (element) {
            case CodeableConcept concept -> {
                addTo(texts, concept.getText());
                concept.getCoding().forEach(coding -> addTo(texts, coding.getDisplay()));
            }
            case Coding coding -> addTo(texts, coding.getDisplay());
            case Identifier identifier -> addTo(texts, identifier.getType().getText());
            default -> {}
        }
        return texts;
    }

    private static void addTo(List<String> texts, @Nullable String text) {
        if (text != null) {
            texts.add(text);
        }
    }
}
