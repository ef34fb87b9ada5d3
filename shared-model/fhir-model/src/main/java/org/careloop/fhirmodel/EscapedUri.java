package org.careloop.fhirmodel;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * URLs as RFC 3986 writes them, out of those that clients send: FHIR's own {@code |} and other characters come raw, and the
 * {@code $} of an operation comes encoded, which it need not be.
 */
public final class EscapedUri {

    private static final String DOLLAR = "%24";
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private EscapedUri() {}

    /** Returns {@code uri}, path and query, such that every service reads it; the same text when there is nothing to do. */
    public static String of(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        String plain = path.contains(DOLLAR) ? path.replace(DOLLAR, "$") + uri.substring(path.length()) : uri;
        return plain.chars().allMatch(EscapedUri::isAllowed) ? plain : escaped(plain);
    }

    private static String escaped(String uri) {
        StringBuilder text = new StringBuilder(uri.length() + 16);
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (isAllowed(c)) {
                text.append(c);
            } else {
                // Bytes that are no ASCII arrive as a character each, whatever they were together.
                byte[] bytes = c <= 0xff
                        ? new byte[] {(byte) c}
                        : Character.toString(c).getBytes(StandardCharsets.UTF_8);
                for (byte each : bytes) {
                    text.append('%').append(HEX.toHexDigits(each));
                }
            }
        }
        return text.toString();
    }

    private static boolean isAllowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ALLOWED.indexOf(c) >= 0;
    }
}
