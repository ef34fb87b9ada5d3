package org.careloop.transitions.api;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

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

    /** The bytes break the framing; the connection cannot go on, because nobody knows where the next message starts. */
    static final class FramingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FramingException(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns {@code message} in a frame. */
    static Buffer frame(byte[] message) {
        return Buffer.buffer(message.length + 3)
                .appendByte(START)
                .appendBytes(message)
                .appendByte(END)
                .appendByte(CARRIAGE_RETURN);
    }

    /** Returns the messages that {@code bytes} complete, in order; fails with {@link FramingException}. */
    List<byte[]> take(Buffer bytes) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < bytes.length(); i++) {
            byte next = bytes.getByte(i);
            if (!inside) {
                start(next);
            } else if (ended) {
                if (next != CARRIAGE_RETURN) {
                    throw new FramingException("end of block without carriage return");
                }
                messages.add(current.getBytes());
                current = Buffer.buffer();
                inside = false;
                ended = false;
            } else if (next == END) {
                ended = true;
            } else {
                i = content(bytes, i);
            }
        }
        return messages;
    }

    private void start(byte next) {
        if (next == START) {
            inside = true;
        } else if (next != CARRIAGE_RETURN && next != LINE_FEED) {
            throw new FramingException("bytes outside a block");
        }
    }

    /** Appends content up to the end of block or of the bytes; returns the place of its last byte. */
    private int content(Buffer bytes, int from) {
        int to = from;
        while (to < bytes.length() && bytes.getByte(to) != END) {
            if (bytes.getByte(to) == START) {
                throw new FramingException("start of block inside a block");
            }
            to++;
        }
        if (current.length() + to - from > maxMessageSize) {
            throw new FramingException("message longer than " + maxMessageSize + " bytes");
        }
        current.appendBuffer(bytes, from, to - from);
        return to - 1;
    }
}
