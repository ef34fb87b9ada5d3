package org.careloop.transitions.hl7;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** HL7 table 0211: the character sets of MSH-18 that are read. */
final class MessageCharset {

    private static final Map<String, Charset> BY_NAME = Map.ofEntries(
            // ASCII is read as its superset, because senders that say ASCII are known to send UTF-8.
            Map.entry("", StandardCharsets.UTF_8),
            Map.entry("ASCII", StandardCharsets.UTF_8),
            Map.entry("UTF-8", StandardCharsets.UTF_8),
            Map.entry("UNICODE UTF-8", StandardCharsets.UTF_8),
            Map.entry("8859/1", StandardCharsets.ISO_8859_1),
            Map.entry("8859/2", Charset.forName("ISO-8859-2")),
            Map.entry("8859/3", Charset.forName("ISO-8859-3")),
            Map.entry("8859/4", Charset.forName("ISO-8859-4")),
            Map.entry("8859/5", Charset.forName("ISO-8859-5")),
            Map.entry("8859/6", Charset.forName("ISO-8859-6")),
            Map.entry("8859/7", Charset.forName("ISO-8859-7")),
            Map.entry("8859/8", Charset.forName("ISO-8859-8")),
            Map.entry("8859/9", Charset.forName("ISO-8859-9")),
            Map.entry("8859/15", Charset.forName("ISO-8859-15")));

    private MessageCharset() {}

    static Optional<Charset> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.strip()));
    }

    /** Decodes strictly: bytes that do not fit are an error of the sender, not question marks in a name. */
    static String decode(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE,
                    MessageLocation.of("MSH", 18),
                    "bytes do not fit the character set (expected: what MSH-18 says, UTF-8 where it is empty)");
        }
    }
}
