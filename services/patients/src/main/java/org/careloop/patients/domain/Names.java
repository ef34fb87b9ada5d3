package org.careloop.patients.domain;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.apache.commons.codec.language.DoubleMetaphone;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** How names compare: alike by their letters (Jaro-Winkler) or by their sound (Double Metaphone). */
final class Names {

    private static final int MOST_OF_SOUND = 6;

    private final JaroWinklerSimilarity letters = new JaroWinklerSimilarity();
    private final DoubleMetaphone sound = new DoubleMetaphone();
    private final double similar;
    private final Map<String, String> forms;

    Names(MatchRules rules) {
        this.similar = rules.similarNames();
        this.forms = rules.formsOfNames();
        sound.setMaxCodeLen(MOST_OF_SOUND);
    }

    /** Of several names, such as that before a marriage, the two that agree best count. */
    Agreement family(Set<String> some, Set<String> others) {
        return best(some, others, (a, b) -> a.equals(b) || isPartOf(a, b) ? Agreement.SAME : likeness(a, b));
    }

    Agreement given(Set<String> some, Set<String> others) {
        return best(
                some,
                others,
                (a, b) -> a.equals(b)
                        ? Agreement.SAME
                        : form(a).equals(form(b)) || isInitial(a, b) ? Agreement.SIMILAR : likeness(a, b));
    }

    private static Agreement best(Set<String> some, Set<String> others, BiFunction<String, String, Agreement> compare) {
        return some.stream()
                .flatMap(one -> others.stream().map(other -> compare.apply(one, other)))
                .min(Enum::compareTo)
                .orElse(Agreement.MISSING);
    }

    /** Of two names, such as those of father and mother, one may be left out. */
    private static boolean isPartOf(String a, String b) {
        BiPredicate<String, String> within = (whole, part) ->
                whole.contains(" ") && part.length() > 2 && (" " + whole + " ").contains(" " + part + " ");
        return within.test(a, b) || within.test(b, a);
    }

    private static boolean isInitial(String a, String b) {
        return (a.length() == 1 || b.length() == 1) && a.charAt(0) == b.charAt(0);
    }

    private String form(String name) {
        return forms.getOrDefault(name, name);
    }

    private Agreement likeness(String a, String b) {
        return letters.apply(a, b) >= similar || sounds(a, b) ? Agreement.SIMILAR : Agreement.DIFFERENT;
    }

    private boolean sounds(String a, String b) {
        String heard = sound.doubleMetaphone(a);
        return heard != null
                && heard.length() > 1
                && heard.equals(sound.doubleMetaphone(b))
                && a.charAt(0) == b.charAt(0);
    }
}
