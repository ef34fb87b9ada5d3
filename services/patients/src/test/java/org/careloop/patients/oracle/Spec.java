package org.careloop.patients.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Timing;

/**
 * What one search value means for one element, as the standard says; naive, and of no code that the server runs.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4 search</a>
 */
final class Spec {

    private static final String BASE = "http://localhost:8080/fhir/";
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final Map<String, BigDecimal> GRAMS =
            Map.of("g", BigDecimal.ONE, "kg", new BigDecimal("1000"), "mg", new BigDecimal("0.001"));

    private Spec() {}

    static Predicate<Base> plain(Parameter.Kind kind, String value) {
        return switch (kind) {
            case TOKEN -> element -> codes(element).anyMatch(code -> token(code, value));
            case STRING -> element -> texts(element).anyMatch(text -> fold(text).startsWith(fold(plain(value))));
            case URI -> element -> plain(value).equals(element.primitiveValue());
            case REFERENCE -> element -> reference(element, plain(value));
            case DATE -> element -> date(element, value);
            case QUANTITY -> element -> quantity(element, value);
        };
    }

    static Predicate<Base> modified(String modifier, String value) {
        String plain = plain(value);
        return switch (modifier) {
            case "exact" -> element -> texts(element).anyMatch(plain::equals);
            case "contains" ->
                element -> texts(element).anyMatch(text -> fold(text).contains(fold(plain)));
            case "text" ->
                element -> displays(element).anyMatch(text -> fold(text).startsWith(fold(plain)));
            case "below" ->
                element -> {
                    String uri = element.primitiveValue();
                    return uri.equals(plain) || uri.startsWith(plain.endsWith("/") ? plain : plain + "/");
                };
            case "above" ->
                element -> {
                    String uri = element.primitiveValue();
                    return uri.equals(plain) || plain.startsWith(uri.endsWith("/") ? uri : uri + "/");
                };
            case "of-type" ->
                element -> {
                    List<String> parts = split(value, '|');
                    Identifier identifier = (Identifier) element;
                    return plain(parts.get(2)).equals(identifier.getValue())
                            && identifier.getType().getCoding().stream()
                                    .anyMatch(coding ->
                                            plain(parts.get(0)).equals(coding.hasSystem() ? coding.getSystem() : "")
                                                    && plain(parts.get(1)).equals(coding.getCode()));
                };
            default -> throw new IllegalArgumentException(modifier);
        };
    }

    record Code(String system, String code) {}

    static Stream<Code> codes(Base element) {
        return switch (element) {
            case CodeableConcept concept -> concept.getCoding().stream().flatMap(Spec::codes);
            case Coding coding -> Stream.of(new Code(coding.getSystem(), coding.getCode()));
            case Identifier identifier -> Stream.of(new Code(identifier.getSystem(), identifier.getValue()));
            case ContactPoint contact -> Stream.of(new Code(null, contact.getValue()));
            default -> Stream.of(new Code("*", element.primitiveValue()));
        };
    }

    private static boolean token(Code code, String value) {
        List<String> parts = split(value, '|');
        if (parts.size() == 1) {
            return plain(value).equals(code.code());
        }
        String system = plain(parts.get(0));
        return (parts.get(1).isEmpty() || plain(parts.get(1)).equals(code.code()))
                && (system.isEmpty() ? code.system() == null : system.equals(code.system()));
    }

    static Stream<String> texts(Base element) {
        Stream<String> texts = switch (element) {
            case HumanName name ->
                Stream.concat(
                        Stream.of(name.getText(), name.getFamily()),
                        Stream.of(name.getGiven(), name.getPrefix(), name.getSuffix())
                                .flatMap(List::stream)
                                .map(each -> each.getValue()));
            case Address address ->
                Stream.concat(
                        Stream.of(address.getText(), address.getCity()),
                        address.getLine().stream().map(each -> each.getValue()));
            default -> Stream.of(element.primitiveValue());
        };
        return texts.filter(text -> text != null);
    }

    private static Stream<String> displays(Base element) {
        Stream<String> texts = switch (element) {
            case CodeableConcept concept ->
                Stream.concat(
                        Stream.ofNullable(concept.getText()),
                        concept.getCoding().stream().flatMap(Spec::displays));
            case Coding coding -> Stream.ofNullable(coding.getDisplay());
            case Identifier identifier -> Stream.ofNullable(identifier.getType().getText());
            default -> Stream.empty();
        };
        return texts;
    }

    static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
    }

    static String target(Base element) {
        String reference = element instanceof Reference r ? r.getReference() : element.primitiveValue();
        return reference.startsWith(BASE) ? reference.substring(BASE.length()) : reference;
    }

    private static boolean reference(Base element, String value) {
        String wanted = value.startsWith(BASE) ? value.substring(BASE.length()) : value;
        return wanted.contains("/")
                ? target(element).equals(wanted)
                : target(element).endsWith("/" + wanted);
    }

    /** From {@code low} up to but not including {@code high}, in milliseconds. */
    record Span(long low, long high) {
        boolean within(Span other) {
            return low >= other.low && high <= other.high;
        }
    }

    static Optional<Span> span(Base element) {
        return switch (element) {
            case Period period ->
                Optional.of(new Span(
                        period.hasStart()
                                ? span(period.getStartElement().getValueAsString())
                                        .low()
                                : Long.MIN_VALUE,
                        period.hasEnd()
                                ? span(period.getEndElement().getValueAsString())
                                        .high()
                                : Long.MAX_VALUE));
            case Timing timing ->
                timing.getEvent().stream()
                        .map(event -> span(event.getValueAsString()))
                        .reduce((a, b) -> new Span(Math.min(a.low(), b.low()), Math.max(a.high(), b.high())));
            default -> Optional.ofNullable(element.primitiveValue()).map(Spec::span);
        };
    }

    private static Span span(String text) {
        if (text.length() <= 10) {
            LocalDate low = LocalDate.parse((text + "-01-01").substring(0, 10));
            LocalDate high =
                    text.length() == 4 ? low.plusYears(1) : text.length() == 7 ? low.plusMonths(1) : low.plusDays(1);
            return new Span(millis(low), millis(high));
        }
        long low = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        return new Span(low, low + (text.contains(".") ? 1 : 1000));
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    private static boolean date(Base element, String value) {
        String prefix = prefix(value);
        Span wanted = span(value.substring(prefix.length()));
        Optional<Span> span = span(element);
        if (span.isEmpty()) {
            return false;
        }
        Span has = span.get();
        return switch (prefix) {
            case "", "eq" -> has.within(wanted);
            case "ne" -> !has.within(wanted);
            case "gt" -> has.high() > wanted.high();
            case "lt" -> has.low() < wanted.low();
            case "ge" -> has.high() > wanted.high() || has.within(wanted);
            case "le" -> has.low() < wanted.low() || has.within(wanted);
            case "sa" -> has.low() >= wanted.high();
            case "eb" -> has.high() <= wanted.low();
            default -> {
                long now = System.currentTimeMillis();
                long tenth = Math.max(0, Math.max(wanted.low() - now, now - wanted.high())) / 10;
                yield has.low() < wanted.high() + tenth && wanted.low() - tenth < has.high();
            }
        };
    }

    private static boolean quantity(Base element, String value) {
        String prefix = prefix(value);
        List<String> parts = split(value.substring(prefix.length()), '|');
        BigDecimal asked = new BigDecimal(parts.get(0));
        String system = parts.size() > 1 ? parts.get(1) : "";
        String unit = parts.size() > 1 ? parts.get(2) : "";
        Quantity low = element instanceof Range range ? range.getLow() : (Quantity) element;
        Quantity high = element instanceof Range range ? range.getHigh() : (Quantity) element;
        Quantity named = low.hasValue() ? low : high;
        BigDecimal factor = BigDecimal.ONE;
        if (!unit.isEmpty()) {
            boolean ucum = UCUM.equals(named.getSystem()) && (system.isEmpty() || system.equals(UCUM));
            if (ucum && GRAMS.containsKey(named.getCode()) && GRAMS.containsKey(unit)) {
                factor = GRAMS.get(named.getCode()).divide(GRAMS.get(unit), 12, RoundingMode.UNNECESSARY);
            } else if (!unit.equals(named.getCode()) || !system.isEmpty() && !system.equals(named.getSystem())) {
                return false;
            }
        }
        BigDecimal l = low.hasValue() ? low.getValue().multiply(factor) : new BigDecimal("-1e99");
        BigDecimal h = high.hasValue() ? high.getValue().multiply(factor) : new BigDecimal("1e99");
        BigDecimal half = new BigDecimal("0.5").movePointLeft(asked.scale());
        BigDecimal tenth = asked.abs().movePointLeft(1);
        boolean equal = l.compareTo(asked.subtract(half)) >= 0 && h.compareTo(asked.add(half)) < 0;
        return switch (prefix) {
            case "", "eq" -> equal;
            case "ne" -> !equal;
            case "gt" -> h.compareTo(asked) > 0;
            case "lt" -> l.compareTo(asked) < 0;
            case "ge" -> h.compareTo(asked) >= 0;
            case "le" -> l.compareTo(asked) <= 0;
            case "sa" -> l.compareTo(asked) > 0;
            case "eb" -> h.compareTo(asked) < 0;
            default -> l.compareTo(asked.add(tenth)) <= 0 && h.compareTo(asked.subtract(tenth)) >= 0;
        };
    }

    private static String prefix(String value) {
        return value.matches("(eq|ne|gt|lt|ge|le|sa|eb|ap).*") ? value.substring(0, 2) : "";
    }

    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>(List.of(""));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                parts.set(parts.size() - 1, parts.getLast() + c + text.charAt(++i));
            } else if (c == separator) {
                parts.add("");
            } else {
                parts.set(parts.size() - 1, parts.getLast() + c);
            }
        }
        return parts;
    }

    static String plain(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }

    static String escaped(String text) {
        return text.replaceAll("([,|$\\\\])", "\\\\$1");
    }
}
