package org.careloop.patients.domain.reconciliation;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What people write of medicines, folded: without case, marks, what brackets say, strength and form. */
final class MedicineText {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[[^\\]]*]|\\([^)]*\\)|\\{[^}]*}");
    private static final Pattern APART = Pattern.compile("[/+&,;-]|\\band\\b|\\bwith\\b");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9.]+");
    private static final Pattern DOTS = Pattern.compile("^[.]+|[.]+$");
    private static final Pattern STRENGTH =
            Pattern.compile("[0-9.]+(mg|mcg|ug|g|ml|meq|unt|units?|iu|%|hr|h)?|nda[0-9]+");
    private static final Pattern AMOUNT = Pattern.compile(
            "[0-9] ?(mg|mcg|ug|g|grams?|meq|unt|units?|iu|%)(?![a-z])|[0-9] ?[-/] ?[0-9]", Pattern.CASE_INSENSITIVE);

    private MedicineText() {}

    /** Returns the words of {@code text} in lower case, without marks. */
    static List<String> words(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return Arrays.stream(BETWEEN_WORDS.split(plain))
                .map(word -> DOTS.matcher(word).replaceAll(""))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Returns {@code text} without what brackets say, such as the brand; the whole of it where nothing else is told. */
    static String withoutBrackets(String text) {
        String outside = IN_BRACKETS.matcher(text).replaceAll(" ").strip();
        return words(outside).stream().allMatch(word -> STRENGTH.matcher(word).matches()) ? text : outside;
    }

    /** Returns the texts of the ingredients of a combination, of which {@code text} names each. */
    static List<String> parts(String text) {
        return Arrays.stream(APART.split(text.toLowerCase(Locale.ROOT)))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Whether {@code text} tells how much is in one of the product, or is taken, and not only how many of it. */
    static boolean tellsStrength(String text) {
        return AMOUNT.matcher(text).find();
    }

    /** Returns {@code words} without {@code noise} and strengths. */
    static List<String> without(Set<String> noise, List<String> words) {
        return words.stream()
                .filter(word -> !noise.contains(word) && !STRENGTH.matcher(word).matches())
                .toList();
    }
}
