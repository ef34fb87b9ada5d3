package org.careloop.transitions.hl7;

import ca.uhn.hl7v2.parser.DefaultEscaping;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.Escaping;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The answer to a message: {@code ACK}, with sender and receiver swapped, in the version, delimiters and character
 * set of the message. Any message can be answered, even one whose header cannot be read.
 *
 * @param code AA, AE or AR
 * @param rejection why not AA
 */
public record Acknowledgement(AckCode code, Optional<MessageRejection> rejection) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final Escaping ESCAPING = new DefaultEscaping();
    private static final String FALLBACK_VERSION = "2.5.1";
    private static final Pattern VERSION = Pattern.compile("2\\.(\\d)(?:\\.\\d)?");
    private static final int FIRST_MINOR_WITH_ERR_2 = 5;

    /** The message was taken, or it is a repeat of one that was. */
    public static Acknowledgement accepted() {
        return new Acknowledgement(AckCode.AA, Optional.empty());
    }

    /** The message was not taken. */
    public static Acknowledgement rejected(MessageRejection rejection) {
        return new Acknowledgement(rejection.ackCode(), Optional.of(rejection));
    }

    /**
     * Returns the message that says so, CR after each segment, without a frame.
     *
     * @param header of the message that is answered
     * @param controlId our own, for MSH-10
     * @param at for MSH-7
     */
    public byte[] toBytes(MessageHeader header, String controlId, Instant at) {
        StringBuilder text = new StringBuilder();
        append(text, header, msh(header, controlId, at));
        append(text, header, msa(header));
        rejection.ifPresent(reason -> append(text, header, err(header, reason)));
        Charset charset = MessageCharset.named(header.charsetName()).orElse(StandardCharsets.UTF_8);
        return text.toString().getBytes(charset);
    }

    private static void append(StringBuilder text, MessageHeader header, String[] fields) {
        String separator = header.delimiters().substring(0, 1);
        text.append(String.join(separator, fields)).append('\r');
    }

    private static String[] msh(MessageHeader header, String controlId, Instant at) {
        String component = component(header);
        String event = header.triggerEvent();
        String type = event.isEmpty() ? "ACK" : "ACK" + component + event + component + "ACK";
        return new String[] {
            "MSH",
            header.delimiters().substring(1),
            header.field(5),
            header.field(6),
            header.field(3),
            header.field(4),
            at.atOffset(ZoneOffset.UTC).format(TIME),
            "",
            type,
            escape(header, controlId),
            header.processingId().isEmpty() ? "P" : header.field(11),
            version(header),
            "",
            "",
            "",
            "",
            "",
            header.field(18)
        };
    }

    private String[] msa(MessageHeader header) {
        String text =
                usesErr2(header) ? "" : rejection.map(MessageRejection::text).orElse("");
        return new String[] {"MSA", code.name(), header.field(10), escape(header, text)};
    }

    private static String[] err(MessageHeader header, MessageRejection reason) {
        String component = component(header);
        MessageLocation at = reason.location();
        ErrorCode error = reason.errorCode();
        if (!usesErr2(header)) {
            String sub = header.delimiters().substring(4, 5);
            String condition = String.join(sub, error.code(), error.text(), "HL70357");
            return new String[] {
                "ERR", String.join(component, at.segment(), number(at.occurrence()), number(at.field()), condition)
            };
        }
        String location = String.join(
                component,
                at.segment(),
                number(at.occurrence()),
                number(at.field()),
                at.field() == 0 ? "" : "1",
                number(at.component()));
        String condition = String.join(component, error.code(), error.text(), "HL70357");
        return new String[] {
            "ERR", "", trimmed(location, component), condition, "E", "", "", "", escape(header, reason.text())
        };
    }

    private static String trimmed(String joined, String component) {
        String text = joined;
        while (text.endsWith(component)) {
            text = text.substring(0, text.length() - component.length());
        }
        return text;
    }

    private static String number(int value) {
        return value == 0 ? "" : Integer.toString(value);
    }

    private static String component(MessageHeader header) {
        return header.delimiters().substring(1, 2);
    }

    private static String version(MessageHeader header) {
        return VERSION.matcher(header.version()).matches() ? header.version() : FALLBACK_VERSION;
    }

    /** ERR-2 to ERR-8 exist from version 2.5 on; before, ERR-1 and MSA-3 say it. */
    private static boolean usesErr2(MessageHeader header) {
        var matcher = VERSION.matcher(version(header));
        return matcher.matches() && Integer.parseInt(matcher.group(1)) >= FIRST_MINOR_WITH_ERR_2;
    }

    private static String escape(MessageHeader header, String text) {
        String delimiters = header.delimiters();
        return ESCAPING.escape(text, new EncodingCharacters(delimiters.charAt(0), delimiters.substring(1)));
    }
}
