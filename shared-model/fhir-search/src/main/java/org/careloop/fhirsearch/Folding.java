package org.careloop.fhirsearch;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** How strings are compared: without case, accents, control characters and doubled white space. */
final class Folding {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");
    private static final int LONGEST = 200;

    private Folding() {}

    static String fold(String text) {
        String plain = isAscii(text)
                ? text
                : MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        String folded = SPACE.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        return folded.length() > LONGEST ? folded.substring(0, LONGEST) : folded;
    }

    /** Most texts are, and have nothing to take apart. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }
}
