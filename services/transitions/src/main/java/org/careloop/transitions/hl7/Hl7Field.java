package org.careloop.transitions.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.util.Terser;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One repetition of a field: components and subcomponents from 1, absent = empty text. */
final class Hl7Field {

    private static final String CLEARED = "\"\"";
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\r\n\t]]|[\\uD800-\\uDFFF\\uFFFE\\uFFFF]");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final MessageLocation location;
    private final @Nullable Type type;

    Hl7Field(MessageLocation location, @Nullable Type type) {
        this.location = location;
        this.type = type;
    }

    MessageLocation location() {
        return location;
    }

    MessageLocation location(int component) {
        return new MessageLocation(location.segment(), location.occurrence(), location.field(), component);
    }

    /** The first subcomponent of a component; empty when absent or cleared. */
    String text(int component) {
        return text(component, 1);
    }

    /** A subcomponent, with surrounding blanks removed; fails (AE, 102) when it holds a control character. */
    String text(int component, int subcomponent) {
        String raw = raw(component, subcomponent);
        String value =
                raw.equals(CLEARED) ? "" : BLANKS.matcher(raw).replaceAll(" ").strip();
        if (CONTROL.matcher(value).find()) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE, location(component), "holds a control character (expected: text)");
        }
        return value;
    }

    /** Whether the sender emptied the field ({@code ""}), which is not the same as leaving it out. */
    boolean isCleared() {
        return raw(1, 1).equals(CLEARED);
    }

    /** Whether there is nothing in the first {@code components} components. */
    boolean isEmpty(int components) {
        for (int component = 1; component <= components; component++) {
            if (!text(component).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The time in the first component; empty when absent. Fails (AE, 102) when it is not a time. */
    Optional<Hl7Time> time() {
        return time(1);
    }

    Optional<Hl7Time> time(int component) {
        String text = text(component);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Hl7Time> time = Hl7Time.parse(text);
        if (time.isEmpty()) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE,
                    component == 1 ? location : location(component),
                    "not a time stamp (expected: YYYYMMDD[HHMM[SS]][+/-ZZZZ])");
        }
        return time;
    }

    private String raw(int component, int subcomponent) {
        if (type == null) {
            return "";
        }
        String value = Terser.getPrimitive(type, component, subcomponent).getValue();
        return value == null ? "" : value;
    }

    static Hl7Field of(MessageLocation location, ca.uhn.hl7v2.model.Segment segment, int repetition) {
        try {
            return new Hl7Field(location, segment.getField(location.field(), repetition));
        } catch (HL7Exception e) {
            throw MessageRejection.error(ErrorCode.DATA_TYPE, location, "cannot be read (expected: a field)");
        }
    }
}
