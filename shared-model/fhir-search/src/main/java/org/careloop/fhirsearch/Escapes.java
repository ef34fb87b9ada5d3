package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;

/**
 * The escapes of search values: a backslash before {@code , | $} or a backslash makes it part of the value.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#escaping">FHIR R4 escaping search parameters</a>
 */
final class Escapes {

    private static final String ESCAPED = ",|$\\";

    private Escapes() {}

    /** Splits at each {@code separator} that is not escaped, into at most {@code most} parts; escapes stay. */
    static List<String> split(String text, char separator, int most) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i)) {
                i++;
            } else if (text.charAt(i) == separator && parts.size() < most - 1) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** Takes the escapes out. */
    static String plain(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            plain.append(text.charAt(isEscape(text, i) ? ++i : i));
        }
        return plain.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '\\' && at + 1 < text.length() && ESCAPED.indexOf(text.charAt(at + 1)) >= 0;
    }
}
