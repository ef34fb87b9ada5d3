package org.careloop.fhirmodel;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The text around the entries of a Bundle. Entries hold stored bytes as they are, so a Bundle is put together, never
 * encoded.
 */
public final class BundleText {

    /** Comes before the first entry. */
    public static final String FIRST_ENTRY = ",\"entry\":[";

    /** Ends a Bundle that has entries. */
    public static final String END = "]}";

    private BundleText() {}

    /** Starts a Bundle of {@code type} with its total, if known, and its links, relation to URL. */
    public static String start(String type, OptionalLong total, Map<String, String> links) {
        StringBuilder text = new StringBuilder("{\"resourceType\":\"Bundle\",\"meta\":{\"lastUpdated\":\"")
                .append(Instant.now())
                .append("\"},\"type\":\"")
                .append(type)
                .append('"');
        total.ifPresent(number -> text.append(",\"total\":").append(number));
        if (!links.isEmpty()) {
            text.append(",\"link\":[");
            links.forEach((relation, url) -> text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
                    .append("{\"relation\":\"")
                    .append(relation)
                    .append("\",\"url\":\"")
                    .append(url)
                    .append("\"}"));
            text.append(']');
        }
        return text.toString();
    }
}
