package org.careloop.endtoend;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which of what must not be seen stands in a text, whatever its case; a part of a longer word is another word. */
final class Leaks {

    /** Any token at all, also one that no test asked for: services have their own. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}");

    private Leaks() {}

    /** Those of {@code values} that {@code text} holds. */
    static List<String> of(Collection<String> values, String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        return values.stream()
                .filter(value -> holds(folded, value.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** The secrets of {@code values} and any token that {@code text} holds. */
    static List<String> ofSecrets(Collection<String> values, String text) {
        return Stream.concat(
                        values.stream().filter(text::contains),
                        TOKEN.matcher(text).results().map(found -> "a token"))
                .toList();
    }

    private static boolean holds(String text, String value) {
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
            int end = at + value.length();
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }
}
