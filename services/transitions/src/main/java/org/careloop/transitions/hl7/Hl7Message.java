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
import java.util.stream.IntStream;
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
    private static final int MOST_MERGES = 20;
    private static final Set<String> ONCE = Set.of("MSH", "EVN");
    private static final Set<String> ONCE_FOR_A_PATIENT = Set.of("PID", "PD1", "PV1", "PV2", "MRG");

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
        return new Hl7Message(header, event, segments(header, event, text));
    }

    /** The header. */
    public MessageHeader header() {
        return header;
    }

    /** The event, MSH-9.2. */
    public TriggerEvent event() {
        return event;
    }

    /**
     * What it says of each patient, one message for each: a swap of beds speaks of two, a merge may of several. What
     * stands before the first patient belongs to all.
     */
    public List<Hl7Message> parts() {
        List<Integer> starts = IntStream.range(0, segments.size())
                .filter(each -> segments.get(each).name().equals("PID"))
                .boxed()
                .toList();
        if (starts.size() < 2) {
            return List.of(this);
        }
        List<Hl7Segment> common = segments.subList(0, starts.getFirst());
        List<Hl7Message> parts = new ArrayList<>();
        for (int each = 0; each < starts.size(); each++) {
            int end = each + 1 < starts.size() ? starts.get(each + 1) : segments.size();
            List<Hl7Segment> part = new ArrayList<>(common);
            part.addAll(segments.subList(starts.get(each), end));
            parts.add(new Hl7Message(header, event, part));
        }
        return parts;
    }

    Optional<Hl7Segment> segment(String name) {
        return segments.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Hl7Segment> segments(String name) {
        return segments.stream().filter(each -> each.name().equals(name)).toList();
    }

    /** The segments {@code name} that stand before the first {@code mark}; all where there is none. */
    List<Hl7Segment> before(String mark, String name) {
        return segments.stream()
                .takeWhile(each -> !each.name().equals(mark))
                .filter(each -> each.name().equals(name))
                .toList();
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
                        "event is not supported (expected: " + TriggerEvent.list() + ")"));
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

    private static List<Hl7Segment> segments(MessageHeader header, TriggerEvent event, String text) {
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
            if (occurrence > mostOf(name, event)) {
                throw MessageRejection.error(
                        ErrorCode.SEGMENT_SEQUENCE,
                        new MessageLocation(name, occurrence, 0, 0),
                        "repeated (expected: " + mostOf(name, event) + " " + name + ")");
            }
            if (!name.equals("MSH")) {
                segments.add(segment(parser, new GenericSegment(parent, name), line, encoding, occurrence));
            }
            before = name;
        }
        return segments;
    }

    /** A swap is of two patients, a merge may be of several pairs. */
    private static int mostOf(String name, TriggerEvent event) {
        if (ONCE.contains(name)) {
            return 1;
        }
        if (!ONCE_FOR_A_PATIENT.contains(name)) {
            return Integer.MAX_VALUE;
        }
        return event.isMerge() ? MOST_MERGES : event == TriggerEvent.A17 ? 2 : 1;
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
