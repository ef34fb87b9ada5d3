package org.careloop.transitions.hl7;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.ruledata.RuleSource;
import org.careloop.transitions.domain.AdtFacts;

/** Test messages of General Hospital, and ways to spoil them. */
final class Messages {

    static final Instant RECEIVED = Instant.parse("2026-11-18T19:15:03Z");
    static final SenderProfiles PROFILES = SenderProfiles.of(RuleSource.shipped(), List.of("ghadt-genhosp"));

    private Messages() {}

    static String admission() {
        return resource("hl7/a01-admission.hl7");
    }

    static String discharge() {
        return resource("hl7/a03-discharge.hl7");
    }

    static String resource(String name) {
        try (InputStream in = Messages.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace('\n', '\r');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AdtFacts facts(String message) {
        return facts(bytes(message));
    }

    static AdtFacts facts(byte[] bytes) {
        return parts(bytes).getFirst();
    }

    static List<AdtFacts> parts(String message) {
        return parts(bytes(message));
    }

    private static List<AdtFacts> parts(byte[] bytes) {
        Hl7Message message = Hl7Message.parse(bytes);
        return AdtMapping.map(message, PROFILES.require(message.header()), RECEIVED);
    }

    static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    /** Sets a field of the first segment of that name; numbers as in HL7. */
    static String with(String message, String segment, int field, String value) {
        boolean[] done = new boolean[1];
        return Arrays.stream(message.split("\r"))
                .map(line -> {
                    if (done[0] || !line.startsWith(segment + "|")) {
                        return line;
                    }
                    done[0] = true;
                    return set(line, segment.equals("MSH") ? field - 1 : field, value);
                })
                .collect(Collectors.joining("\r", "", "\r"));
    }

    private static String set(String line, int index, String value) {
        String[] fields = Arrays.copyOf(line.split("\\|", -1), Math.max(index + 1, line.split("\\|", -1).length));
        fields[index] = value;
        return Arrays.stream(fields).map(field -> field == null ? "" : field).collect(Collectors.joining("|"));
    }

    static String without(String message, String segment) {
        return Arrays.stream(message.split("\r"))
                .filter(line -> !line.startsWith(segment + "|"))
                .collect(Collectors.joining("\r", "", "\r"));
    }
}
