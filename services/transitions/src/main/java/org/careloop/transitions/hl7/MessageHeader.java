package org.careloop.transitions.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields of MSH as text, as far as they can be read: enough to answer any message, even one that is refused.
 * Control characters are shown as {@code ?}, so that the fields can be stored and logged.
 *
 * @param delimiters field separator and encoding characters, the defaults where MSH-1 and MSH-2 are not usable
 * @param readable whether the message starts with MSH and usable delimiters
 * @param fields MSH-1, MSH-2, ...; empty when not readable
 */
public record MessageHeader(String delimiters, boolean readable, List<String> fields) {

    static final String DEFAULT_DELIMITERS = "|^~\\&";
    private static final Pattern USABLE = Pattern.compile("[!-/:-@\\[-`{-~]{5,6}");
    private static final Pattern LINE_END = Pattern.compile("[\r\n]");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int GLANCE = 4096;

    /** Copies its list. */
    public MessageHeader {
        fields = List.copyOf(fields);
    }

    /** Reads the header; never fails. */
    public static MessageHeader glance(byte[] bytes) {
        String latin = header(bytes, StandardCharsets.ISO_8859_1);
        MessageHeader first = read(latin);
        Charset charset = MessageCharset.named(first.charsetName()).orElse(StandardCharsets.UTF_8);
        return read(header(bytes, charset));
    }

    private static String header(byte[] bytes, Charset charset) {
        String start = new String(bytes, 0, Math.min(bytes.length, GLANCE), charset);
        return LINE_END.split(withoutLead(start), 2)[0];
    }

    /** Removes what some senders put before MSH: a byte order mark, a start-of-block character, empty lines. */
    static String withoutLead(String text) {
        int start = 0;
        while (start < text.length()
                && (text.charAt(start) <= ' ' || "\uFEFF\u00EF\u00BB\u00BF".indexOf(text.charAt(start)) >= 0)) {
            start++;
        }
        return text.substring(start);
    }

    private static MessageHeader read(String line) {
        if (!line.startsWith("MSH") || line.length() < 8) {
            return new MessageHeader(DEFAULT_DELIMITERS, false, List.of());
        }
        String separator = line.substring(3, 4);
        String[] rest = line.substring(4).split(Pattern.quote(separator), -1);
        String delimiters = separator + rest[0];
        boolean usable = USABLE.matcher(delimiters).matches()
                && delimiters.chars().distinct().count() == delimiters.length();
        if (!usable) {
            return new MessageHeader(DEFAULT_DELIMITERS, false, List.of());
        }
        String[] fields = new String[rest.length + 1];
        fields[0] = separator;
        for (int each = 0; each < rest.length; each++) {
            fields[each + 1] = CONTROL.matcher(rest[each]).replaceAll("?");
        }
        return new MessageHeader(delimiters, true, Arrays.asList(fields));
    }

    /** MSH-{@code number} as sent, without surrounding blanks; empty when absent. */
    public String field(int number) {
        return number <= fields.size() ? fields.get(number - 1).strip() : "";
    }

    /** The {@code component}-th component of the first repetition of MSH-{@code number}; empty when absent. */
    public String component(int number, int component) {
        String first = field(number).split(Pattern.quote(delimiters.substring(2, 3)), -1)[0];
        String[] components = first.split(Pattern.quote(delimiters.substring(1, 2)), -1);
        return component <= components.length ? components[component - 1].strip() : "";
    }

    /** MSH-3.1. */
    public String sendingApplication() {
        return component(3, 1);
    }

    /** MSH-4.1. */
    public String sendingFacility() {
        return component(4, 1);
    }

    /** MSH-7; empty when absent or not a time. */
    public Optional<Instant> sentAt(ZoneId zone) {
        return Hl7Time.parse(component(7, 1)).map(time -> time.toInstant(zone));
    }

    /** MSH-9.1. */
    public String messageType() {
        return component(9, 1);
    }

    /** MSH-9.2. */
    public String triggerEvent() {
        return component(9, 2);
    }

    /** MSH-10; with the sender it tells a repeat. */
    public String controlId() {
        return component(10, 1);
    }

    /** MSH-11.1. */
    public String processingId() {
        return component(11, 1);
    }

    /** MSH-12.1. */
    public String version() {
        return component(12, 1);
    }

    String charsetName() {
        return component(18, 1);
    }
}
