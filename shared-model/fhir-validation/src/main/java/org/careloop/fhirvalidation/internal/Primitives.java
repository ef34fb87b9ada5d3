package org.careloop.fhirvalidation.internal;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.IntegerType;

/**
 * The formats of primitive values that HAPI's parser does not check.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#primitive">FHIR R4 primitive types</a>
 */
final class Primitives {

    private static final int LONGEST = 1024 * 1024;

    private static final String DATE = "(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])";
    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?";
    private static final String ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

    private static final Map<String, Pattern> PATTERNS = Map.of(
            "date", Pattern.compile(DATE + ")?)?"),
            "dateTime", Pattern.compile(DATE + "(T" + TIME + ZONE + ")?)?)?"),
            "instant", Pattern.compile("(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T" + TIME + ZONE),
            "time", Pattern.compile(TIME),
            "id", Pattern.compile("[A-Za-z0-9.-]{1,64}"),
            "oid", Pattern.compile("urn:oid:[0-2](\\.(0|[1-9][0-9]*))+"),
            "uuid", Pattern.compile("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"));

    private Primitives() {}

    /** Returns what was expected, if {@code value} is not that. */
    static Optional<String> fault(Base value) {
        String type = value.fhirType();
        return switch (type) {
            case "base64Binary", "boolean", "decimal", "integer", "xhtml" -> Optional.empty();
            case "positiveInt" -> unless(atLeast(value, 1), "a number from 1 on");
            case "unsignedInt" -> unless(atLeast(value, 0), "a number from 0 on");
            case "string", "markdown" -> unless(length(value) <= LONGEST, "at most 1 MiB");
            case "code" -> unless(isCode(value.primitiveValue()), "a code without blanks around it");
            case "uri", "url", "canonical" -> unless(hasNoBlank(value.primitiveValue()), "a URI without blanks");
            default -> {
                Pattern pattern = PATTERNS.get(type);
                String text = value.primitiveValue();
                yield unless(
                        pattern == null || text == null || pattern.matcher(text).matches(),
                        "a value of the form of " + type);
            }
        };
    }

    private static Optional<String> unless(boolean good, String expected) {
        return good ? Optional.empty() : Optional.of(expected);
    }

    private static boolean atLeast(Base value, int least) {
        Integer number = ((IntegerType) value).getValue();
        return number == null || number >= least;
    }

    private static int length(Base value) {
        String text = value.primitiveValue();
        return text == null ? 0 : text.length();
    }

    /** One blank between words is allowed. */
    private static boolean isCode(String code) {
        if (code == null || code.isEmpty()) {
            return true;
        }
        boolean blank = true;
        for (int i = 0; i < code.length(); i++) {
            boolean now = Character.isWhitespace(code.charAt(i));
            if (now && blank) {
                return false;
            }
            blank = now;
        }
        return !blank;
    }

    private static boolean hasNoBlank(String uri) {
        for (int i = 0; uri != null && i < uri.length(); i++) {
            if (Character.isWhitespace(uri.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
