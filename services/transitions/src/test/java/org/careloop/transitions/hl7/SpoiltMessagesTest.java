package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.AdtFacts;
import org.junit.jupiter.api.Test;

/** Whatever arrives, the only failure is a rejection that can be acknowledged. */
class SpoiltMessagesTest {

    private static final int FLIPS = 1500;

    @Test
    void survivesEveryTruncation() {
        // Given
        byte[] message = Messages.bytes(Messages.admission());
        int rejected = 0;
        // When
        for (int length = 0; length < message.length; length++) {
            rejected += isRejected(Arrays.copyOf(message, length)) ? 1 : 0;
        }
        // Then
        assertThat(rejected).isBetween(1, message.length - 1);
    }

    @Test
    void survivesFlippedBytes() {
        // Given
        byte[] message = Messages.bytes(Messages.discharge());
        Random random = new Random(20261118);
        int rejected = 0;
        // When
        for (int round = 0; round < FLIPS; round++) {
            byte[] spoilt = message.clone();
            for (int flip = 0; flip <= round % 8; flip++) {
                spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            }
            rejected += isRejected(spoilt) ? 1 : 0;
        }
        // Then
        assertThat(rejected).isBetween(1, FLIPS - 1);
    }

    @Test
    void survivesSwappedDelimiters() {
        // Given
        byte[] message = Messages.bytes(Messages.admission());
        byte[] delimiters = Messages.bytes("|^~\\&\r\"0");
        Random random = new Random(7);
        int rejected = 0;
        // When
        for (int round = 0; round < FLIPS; round++) {
            byte[] spoilt = message.clone();
            for (int flip = 0; flip <= round % 8; flip++) {
                spoilt[random.nextInt(spoilt.length)] = delimiters[random.nextInt(delimiters.length)];
            }
            rejected += isRejected(spoilt) ? 1 : 0;
        }
        // Then
        assertThat(rejected).isBetween(1, FLIPS - 1);
    }

    private static boolean isRejected(byte[] bytes) {
        MessageHeader header = MessageHeader.glance(bytes);
        try {
            AdtFacts facts = Messages.facts(bytes).forPatient(new FhirId("rosa"));
            FhirJson.parse(FhirJson.write(facts.patient()));
            FhirJson.parse(FhirJson.write(facts.encounter().orElseThrow()));
            facts.related().conditions().forEach(each -> FhirJson.parse(FhirJson.write(each)));
            facts.related().coverages().forEach(each -> FhirJson.parse(FhirJson.write(each)));
            return false;
        } catch (MessageRejection rejection) {
            byte[] ack = Acknowledgement.rejected(rejection).toBytes(header, "1", Messages.RECEIVED);
            assertThat(MessageHeader.glance(ack).messageType()).isEqualTo("ACK");
            return true;
        }
    }
}
