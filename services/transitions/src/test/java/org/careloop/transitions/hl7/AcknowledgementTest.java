package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.careloop.transitions.hl7.Messages.admission;
import static org.careloop.transitions.hl7.Messages.with;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {

    private static final Instant AT = Instant.parse("2026-11-18T19:15:04Z");

    @Test
    void acceptsWithSenderAndReceiverSwapped() {
        // Given
        MessageHeader header = MessageHeader.glance(Messages.bytes(admission()));
        // When
        String ack = text(Acknowledgement.accepted().toBytes(header, "CL1", AT));
        // Then
        assertThat(ack)
                .isEqualTo("MSH|^~\\&|CARELOOP|CARELOOP|GHADT|GENHOSP|20261118191504+0000||ACK^A01^ACK|CL1|P|2.5.1"
                        + "||||||UNICODE UTF-8\rMSA|AA|GH0000001|\r");
    }

    @Test
    void locatesAnErrorInErr2() {
        // Given
        String message = with(admission(), "PID", 7, "x");
        // When
        String ack = answer(message);
        // Then
        assertThat(ack.split("\r")[1]).isEqualTo("MSA|AE|GH0000001|");
        assertThat(ack.split("\r")[2])
                .isEqualTo("ERR||PID^1^7^1|102^Data type error^HL70357|E||||"
                        + "PID-7: not a time stamp (expected: YYYYMMDD[HHMM[SS]][+/-ZZZZ])");
    }

    @Test
    void locatesAnErrorInErr1ForVersionsBefore25() {
        // Given
        String message = with(with(admission(), "PV1", 19, ""), "MSH", 12, "2.3.1");
        // When
        String ack = answer(message);
        // Then
        assertThat(ack.split("\r")[0]).contains("|ACK^A01^ACK|CL1|P|2.3.1|");
        assertThat(ack.split("\r")[1]).isEqualTo("MSA|AE|GH0000001|PV1-19: missing (expected: a visit number)");
        assertThat(ack.split("\r")[2]).isEqualTo("ERR|PV1^1^19^101&Required field missing&HL70357");
    }

    @Test
    void answersAMessageWithoutAReadableHeader() {
        // Given
        String message = "hello";
        // When
        String ack = answer(message);
        // Then
        assertThat(ack.split("\r")[0]).isEqualTo("MSH|^~\\&|||||20261118191504+0000||ACK|CL1|P|2.5.1||||||");
        assertThat(ack.split("\r")[1]).isEqualTo("MSA|AR||");
        assertThat(ack.split("\r")[2]).startsWith("ERR||MSH^1|100^Segment sequence error^HL70357|E||||MSH: ");
    }

    @Test
    void usesTheDelimitersOfTheMessage() {
        // Given
        String message = "MSH#:*!%#GHADT#GENHOSP#A#B#20261118##ORU:R01#7#P#2.6";
        // When
        String ack = answer(message);
        // Then
        assertThat(ack.split("\r")[0])
                .startsWith("MSH#:*!%#A#B#GHADT#GENHOSP#20261118191504+0000##ACK:R01:ACK#CL1#P#2.6#");
        assertThat(ack.split("\r")[2])
                .startsWith("ERR##MSH:1:9:1:1#200:Unsupported message type:HL70357#E####MSH-9.1!S! ");
    }

    @Test
    void showsNoControlCharacterOfTheHeader() {
        // Given
        String message = with(with(admission(), "MSH", 10, "GH\u0000\u000b7"), "PV1", 19, "");
        // When
        String ack = answer(message);
        // Then
        assertThat(ack.split("\r")[1]).isEqualTo("MSA|AE|GH??7|");
    }

    @Test
    void isItselfAReadableMessage() {
        // Given
        byte[] ack = Acknowledgement.accepted().toBytes(MessageHeader.glance(Messages.bytes(admission())), "CL1", AT);
        // When
        MessageHeader header = MessageHeader.glance(ack);
        // Then
        assertThat(header.readable()).isTrue();
        assertThat(header.messageType()).isEqualTo("ACK");
        assertThat(header.controlId()).isEqualTo("CL1");
    }

    private static String answer(String message) {
        byte[] bytes = Messages.bytes(message);
        MessageRejection rejection = catchThrowableOfType(MessageRejection.class, () -> Messages.facts(bytes));
        return text(Acknowledgement.rejected(rejection).toBytes(MessageHeader.glance(bytes), "CL1", AT));
    }

    private static String text(byte[] ack) {
        return new String(ack, StandardCharsets.UTF_8);
    }
}
