package org.careloop.fhirsearch;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** How strings are compared: without case, accents, control characters and doubled white space. */
final class Folding {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");
    private static final int LONGEST = 200;

    /** The last of ASCII, a control character. */
    private static final char DELETE = 127;

    private Folding() {}

    static String fold(String text) {
        String folded = isAscii(text) ? ofAscii(text) : ofAny(text);
        return folded.length() > LONGEST ? folded.substring(0, LONGEST) : folded;
    }

    private static String ofAny(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        return SPACE.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    /** Most texts are, and have nothing to take apart. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > DELETE) {
                return false;
            }
        }
        return true;
    }

    /** The same without patterns. */
    private static String ofAscii(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each <= ' ' || each == DELETE) {
                space = true;
                continue;
            }
            if (space && !folded.isEmpty()) {
                folded.append(' ');
            }
            space = false;
            folded.append(each >= 'A' && each <= 'Z' ? (char) (each + 'a' - 'A') : each);
        }
        return folded.toString();
    }
}
