package org.careloop.transitions.api;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes messages out of the bytes of a connection: {@code 0x0B message 0x1C 0x0D}. Bytes may come in any pieces.
 *
 * @see <a href="https://www.hl7.org/implement/standards/product_brief.cfm?product_id=55">HL7 MLLP release 1</a>
 */
final class MllpFraming {

    private static final byte START = 0x0B;
    private static final byte END = 0x1C;
    private static final byte CARRIAGE_RETURN = 0x0D;
    private static final byte LINE_FEED = 0x0A;

    private final int maxMessageSize;
    private Buffer current = Buffer.buffer();
    private boolean inside;
    private boolean ended;

    MllpFraming(int maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    /**
     * What bytes gave.
     *
     * @param messages those that are complete now, in order
     * @param fault how the bytes break the framing; the connection cannot go on then, because nobody knows where the next
     *     message starts
     */
    record Taken(List<byte[]> messages, Optional<String> fault) {}

    /** Returns {@code message} in a frame. */
    static Buffer frame(byte[] message) {
        return Buffer.buffer(message.length + 3)
                .appendByte(START)
                .appendBytes(message)
                .appendByte(END)
                .appendByte(CARRIAGE_RETURN);
    }

    /** Takes the next bytes of the connection. */
    Taken take(Buffer bytes) {
        List<byte[]> messages = new ArrayList<>();
        Optional<String> fault = Optional.empty();
        for (int i = 0; i < bytes.length() && fault.isEmpty(); i++) {
            byte next = bytes.getByte(i);
            if (!inside) {
                fault = start(next);
            } else if (ended) {
                fault = end(next, messages);
            } else if (next == END) {
                ended = true;
            } else {
                int to = contentEnd(bytes, i);
                fault = content(bytes, i, to);
                i = to - 1;
            }
        }
        return new Taken(messages, fault);
    }

    private Optional<String> start(byte next) {
        if (next == START) {
            inside = true;
            return Optional.empty();
        }
        return next == CARRIAGE_RETURN || next == LINE_FEED ? Optional.empty() : Optional.of("bytes outside a block");
    }

    private Optional<String> end(byte next, List<byte[]> messages) {
        if (next != CARRIAGE_RETURN) {
            return Optional.of("end of block without carriage return");
        }
        messages.add(current.getBytes());
        current = Buffer.buffer();
        inside = false;
        ended = false;
        return Optional.empty();
    }

    private static int contentEnd(Buffer bytes, int from) {
        int to = from;
        while (to < bytes.length() && bytes.getByte(to) != END && bytes.getByte(to) != START) {
            to++;
        }
        return to;
    }

    private Optional<String> content(Buffer bytes, int from, int to) {
        if (to < bytes.length() && bytes.getByte(to) == START) {
            return Optional.of("start of block inside a block");
        }
        if (current.length() + to - from > maxMessageSize) {
            return Optional.of("message longer than " + maxMessageSize + " bytes");
        }
        current.appendBuffer(bytes, from, to - from);
        return Optional.empty();
    }
}
