package org.careloop.transitions.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.GenericMessage;
import ca.uhn.hl7v2.model.GenericSegment;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.transitions.domain.TriggerEvent;

/**
 * A message of a kind that we take (ADT, a supported event and version), split into segments and fields by HAPI.
 *
 * <p>Segments are read one by one without a structure of a version, so that 2.3 to 2.8 read alike and a segment in an
 * unusual place is not lost.
 */
public final class Hl7Message {

    private static final Set<String> VERSIONS =
            Set.of("2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2");
    private static final int LONGEST_CONTROL_ID = 199;
    private static final Pattern SEGMENT_END = Pattern.compile("[\r\n]+");
    private static final Pattern SEGMENT_NAME = Pattern.compile("[A-Z][A-Z0-9]{2}");
    private static final Set<String> AT_MOST_ONCE = Set.of("MSH", "EVN", "PID", "PD1", "PV1", "PV2");

    private final MessageHeader header;
    private final TriggerEvent event;
    private final List<Hl7Segment> segments;

    private Hl7Message(MessageHeader header, TriggerEvent event, List<Hl7Segment> segments) {
        this.header = header;
        this.event = event;
        this.segments = List.copyOf(segments);
    }

    /**
     * Reads {@code bytes}, one message without its MLLP frame; segments may end with CR, LF or both.
     *
     * <p>Fails with {@link MessageRejection} and nothing else.
     */
    public static Hl7Message parse(byte[] bytes) {
        MessageHeader header = MessageHeader.glance(bytes);
        TriggerEvent event = checkHeader(header);
        Charset charset = MessageCharset.named(header.charsetName())
                .orElseThrow(() -> MessageRejection.error(
                        ErrorCode.TABLE_VALUE_NOT_FOUND,
                        MessageLocation.of("MSH", 18),
                        "unknown character set (expected: UNICODE UTF-8, ASCII or 8859/n)"));
        String text = MessageHeader.withoutLead(MessageCharset.decode(bytes, charset));
        return new Hl7Message(header, event, segments(header, text));
    }

    /** The header. */
    public MessageHeader header() {
        return header;
    }

    /** The event, MSH-9.2. */
    public TriggerEvent event() {
        return event;
    }

    Optional<Hl7Segment> segment(String name) {
        return segments.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Hl7Segment> segments(String name) {
        return segments.stream().filter(each -> each.name().equals(name)).toList();
    }

    private static TriggerEvent checkHeader(MessageHeader header) {
        if (!header.readable()) {
            throw MessageRejection.refusal(
                    ErrorCode.SEGMENT_SEQUENCE,
                    MessageLocation.of("MSH"),
                    "missing or without usable delimiters (expected: a message that starts with MSH|^~\\&)");
        }
        if (!header.messageType().equals("ADT")) {
            throw MessageRejection.refusal(
                    ErrorCode.UNSUPPORTED_MESSAGE_TYPE,
                    MessageLocation.of("MSH", 9, 1),
                    "message type is not supported (expected: ADT)");
        }
        TriggerEvent event = TriggerEvent.of(header.triggerEvent())
                .orElseThrow(() -> MessageRejection.refusal(
                        ErrorCode.UNSUPPORTED_EVENT,
                        MessageLocation.of("MSH", 9, 2),
                        "event is not supported (expected: A01, A02, A03, A04, A08, A11 or A13)"));
        if (!VERSIONS.contains(header.version())) {
            throw MessageRejection.refusal(
                    ErrorCode.UNSUPPORTED_VERSION,
                    MessageLocation.of("MSH", 12),
                    "version is not supported (expected: 2.3 to 2.8.2)");
        }
        if (header.controlId().isEmpty()) {
            throw MessageRejection.missing(MessageLocation.of("MSH", 10), "a control id");
        }
        if (header.controlId().length() > LONGEST_CONTROL_ID) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE, MessageLocation.of("MSH", 10), "too long (expected: up to 199 characters)");
        }
        return event;
    }

    private static List<Hl7Segment> segments(MessageHeader header, String text) {
        EncodingCharacters encoding = new EncodingCharacters(
                header.delimiters().charAt(0), header.delimiters().substring(1));
        Message parent = new GenericMessage.V25(new GenericModelClassFactory());
        PipeParser parser = new PipeParser(new GenericModelClassFactory());
        Map<String, Integer> seen = new HashMap<>();
        List<Hl7Segment> segments = new ArrayList<>();
        String before = "MSH";
        for (String line : SEGMENT_END.split(text)) {
            String name = name(line, encoding.getFieldSeparator(), before);
            int occurrence = seen.merge(name, 1, Integer::sum);
            if (occurrence > 1 && AT_MOST_ONCE.contains(name)) {
                throw MessageRejection.error(
                        ErrorCode.SEGMENT_SEQUENCE,
                        new MessageLocation(name, occurrence, 0, 0),
                        "repeated (expected: one " + name + ")");
            }
            if (!name.equals("MSH")) {
                segments.add(segment(parser, new GenericSegment(parent, name), line, encoding, occurrence));
            }
            before = name;
        }
        return segments;
    }

    private static String name(String line, char separator, String before) {
        int end = line.indexOf(separator);
        String name = end < 0 ? line.strip() : line.substring(0, end);
        if (!SEGMENT_NAME.matcher(name).matches()) {
            throw MessageRejection.error(
                    ErrorCode.SEGMENT_SEQUENCE,
                    MessageLocation.of(before),
                    "the line after it is not a segment (expected: a name of three letters or digits)");
        }
        return name;
    }

    private static Hl7Segment segment(
            PipeParser parser, GenericSegment segment, String line, EncodingCharacters encoding, int occurrence) {
        String name = segment.getName();
        try {
            parser.parse(segment, line, encoding);
            return new Hl7Segment(name, occurrence, segment);
        } catch (HL7Exception | RuntimeException e) {
            // HAPI's text may quote the value that it stumbled over, so none of it is passed on.
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE,
                    new MessageLocation(name, occurrence, 0, 0),
                    "cannot be parsed (expected: fields of HL7 v2)");
        }
    }
}
