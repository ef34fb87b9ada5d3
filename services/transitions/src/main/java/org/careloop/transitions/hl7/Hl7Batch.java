package org.careloop.transitions.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Several messages in one: a file (FHS to FTS) or a batch (BHS to BTS). Each is a message of its own, with an acknowledgement of its
 * own; the answer is a batch of those.
 *
 * @see <a href="http://www.hl7.eu/HL7v2x/v251/std251/ch02.html">HL7 v2.5.1, chapter 2.10.3</a>
 */
public final class Hl7Batch {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");

    private final boolean file;
    private final MessageHeader header;
    private final List<byte[]> messages;

    private Hl7Batch(boolean file, MessageHeader header, List<byte[]> messages) {
        this.file = file;
        this.header = header;
        this.messages = List.copyOf(messages);
    }

    /**
     * Reads {@code bytes}; empty when they are one message. Fails with {@link MessageRejection} when a trailer counts other messages
     * than there are: then some were lost on the way.
     */
    public static Optional<Hl7Batch> of(byte[] bytes) {
        List<String> lines = lines(bytes);
        String first = lines.isEmpty() ? "" : lines.getFirst();
        if (!first.startsWith("FHS") && !first.startsWith("BHS")) {
            return Optional.empty();
        }
        List<byte[]> messages = messages(lines);
        // FHS and BHS have the sender where MSH has it.
        MessageHeader header = MessageHeader.glance(latin("MSH" + first.substring(3)));
        long batches = lines.stream().filter(line -> line.startsWith("BHS")).count();
        if (batches <= 1) {
            requireCount(lines, "BTS", messages.size());
        }
        requireCount(lines, "FTS", batches);
        return Optional.of(new Hl7Batch(first.startsWith("FHS"), header, messages));
    }

    private static void requireCount(List<String> lines, String trailer, long expected) {
        Predicate<String> wrong = count -> !count.isEmpty() && !count.equals(Long.toString(expected));
        lines.stream()
                .filter(line -> line.startsWith(trailer) && line.length() > trailer.length())
                .map(line -> line.split(Pattern.quote(line.substring(3, 4)), -1)[1].strip())
                .filter(wrong)
                .findFirst()
                .ifPresent(count -> {
                    throw MessageRejection.error(
                            ErrorCode.SEGMENT_SEQUENCE,
                            MessageLocation.of(trailer, 1),
                            "not what there is (expected: " + expected + ")");
                });
    }

    /** ISO 8859-1 leaves each byte as it is, so that each message still has the bytes that it came with. */
    private static List<String> lines(byte[] bytes) {
        String text = MessageHeader.withoutLead(new String(bytes, StandardCharsets.ISO_8859_1));
        return List.of(text.split("[\r\n]+"));
    }

    private static List<byte[]> messages(List<String> lines) {
        List<byte[]> messages = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : lines) {
            boolean envelope = line.matches("(?s)(FHS|BHS|BTS|FTS).*");
            if ((envelope || line.startsWith("MSH")) && !current.isEmpty()) {
                messages.add(latin(current.toString()));
                current.setLength(0);
            }
            if (!envelope && !line.isBlank()) {
                current.append(line).append('\r');
            }
        }
        if (!current.isEmpty()) {
            messages.add(latin(current.toString()));
        }
        return messages;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The messages, in order. */
    public List<byte[]> messages() {
        return messages;
    }

    /** Returns the batch that answers: with the acknowledgement of each message, in their order. */
    public byte[] answer(List<byte[]> acknowledgements, String controlId, Instant at) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (file) {
            out.writeBytes(latin(header("FHS", controlId, at)));
        }
        out.writeBytes(latin(header("BHS", controlId, at)));
        acknowledgements.forEach(out::writeBytes);
        out.writeBytes(latin("BTS" + separator() + acknowledgements.size() + "\r"));
        if (file) {
            out.writeBytes(latin("FTS" + separator() + "1\r"));
        }
        return out.toByteArray();
    }

    private String header(String segment, String controlId, Instant at) {
        return String.join(
                        separator(),
                        segment,
                        header.delimiters().substring(1),
                        header.field(5),
                        header.field(6),
                        header.field(3),
                        header.field(4),
                        at.atOffset(ZoneOffset.UTC).format(TIME),
                        "",
                        "",
                        "",
                        controlId,
                        header.field(11))
                + "\r";
    }

    private String separator() {
        return header.delimiters().substring(0, 1);
    }
}
