package org.careloop.fhirsearch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.careloop.fhirsearch.SearchParameter.Kind;
import org.careloop.fhirsearch.SearchRequest.SortKey;

/** How the values of one key of an order are written in a cursor, and compared: in the store and across services alike. */
public enum SortForm {

    /** By code points, as PostgreSQL's collation C does. */
    TEXT,

    /** A time in microseconds since 1970. */
    MICROS,

    NUMBER;

    /** Returns the form of {@code key}, by which a search of {@code type} is sorted. */
    public static SortForm of(String type, SortKey key) {
        return switch (key.parameter()) {
            case SortKey.ID -> TEXT;
            case SortKey.CHANGED -> MICROS;
            default ->
                of(SearchParameters.find(type, key.parameter()).orElseThrow().kind());
        };
    }

    private static SortForm of(Kind kind) {
        return switch (kind) {
            case STRING, URI, TOKEN, REFERENCE -> TEXT;
            case DATE -> MICROS;
            case NUMBER, QUANTITY -> NUMBER;
            case COMPOSITE -> throw new IllegalStateException("nothing is sorted by a composite");
        };
    }

    /** Returns the value that {@code text} writes; fails with {@link NumberFormatException}. */
    public Object read(String text) {
        return switch (this) {
            case TEXT -> text;
            case MICROS -> Long.valueOf(text);
            case NUMBER -> Double.valueOf(text);
        };
    }

    /** Compares two values by their texts. */
    int compare(String one, String other) {
        return switch (this) {
            case TEXT ->
                Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
            case MICROS -> Long.compare(Long.parseLong(one), Long.parseLong(other));
            case NUMBER -> Double.compare(Double.parseDouble(one), Double.parseDouble(other));
        };
    }
}
