package org.careloop.transitions.hl7;

/**
 * A place in a message, written {@code PID-3} or {@code PID-3.4}.
 *
 * @param segment the segment's name
 * @param occurrence 1 = the first segment of that name
 * @param field 0 = the segment as a whole
 * @param component 0 = the field as a whole
 */
public record MessageLocation(String segment, int occurrence, int field, int component) {

    /** A whole segment. */
    public static MessageLocation of(String segment) {
        return new MessageLocation(segment, 1, 0, 0);
    }

    /** A field of the first segment of that name. */
    public static MessageLocation of(String segment, int field) {
        return new MessageLocation(segment, 1, field, 0);
    }

    /** A component of a field of the first segment of that name. */
    public static MessageLocation of(String segment, int field, int component) {
        return new MessageLocation(segment, 1, field, component);
    }

    @Override
    public String toString() {
        String path = field == 0 ? segment : segment + "-" + field;
        return component == 0 ? path : path + "." + component;
    }
}
