package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and batches of messages. */
class Hl7BatchTest {

    private static final String BATCH = "BHS|^~\\&|GHADT|GENHOSP|CARELOOP|CARELOOP|20261118||||B1\r";

    @Test
    void isNoneWhereThereIsOneMessage() {
        assertThat(Hl7Batch.of(Messages.bytes(Messages.admission()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BTS|2\r", "BTS\r", "BTS||all\r", ""})
    void holdsItsMessagesAsTheyCame(String trailer) {
        // When
        Hl7Batch batch = of(BATCH + Messages.admission() + Messages.discharge() + trailer);
        // Then
        assertThat(batch.messages())
                .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .containsExactly(Messages.admission(), Messages.discharge());
    }

    @Test
    void mayBeAFileOfBatches() {
        // When
        Hl7Batch batch = of("FHS|^~\\&|GHADT|GENHOSP\r" + BATCH + Messages.admission() + "BTS|1\r" + BATCH
                + Messages.discharge() + "BTS|1\rFTS|2\r");
        // Then
        assertThat(batch.messages()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BTS|3\r", "BTS|2\rFTS|2\r"})
    void refusesACountThatIsWrong(String trailer) {
        // When
        MessageRejection rejection = catchThrowableOfType(
                MessageRejection.class, () -> of(BATCH + Messages.admission() + Messages.discharge() + trailer));
        // Then
        assertThat(rejection.ackCode()).isEqualTo(AckCode.AE);
        assertThat(rejection.text()).contains("(expected: ");
    }

    @Test
    void keepsBytesOfAnyCharacterSet() {
        // Given
        byte[] bytes = (BATCH + Messages.admission().replace("Rosa", "Ros\u00e9")).getBytes(StandardCharsets.UTF_8);
        // When
        byte[] message = Hl7Batch.of(bytes).orElseThrow().messages().getFirst();
        // Then
        assertThat(new String(message, StandardCharsets.UTF_8)).contains("Ros\u00e9");
    }

    @Test
    void isAnsweredByABatch() {
        // When
        byte[] answer = of(BATCH + Messages.admission())
                .answer(List.of(Messages.bytes("MSH|a\r")), "C1", Instant.parse("2026-11-18T19:15:03Z"));
        // Then
        assertThat(new String(answer, StandardCharsets.UTF_8))
                .isEqualTo("BHS|^~\\&|CARELOOP|CARELOOP|GHADT|GENHOSP|20261118191503+0000||||C1|B1\rMSH|a\rBTS|1\r");
    }

    private static Hl7Batch of(String text) {
        return Hl7Batch.of(Messages.bytes(text)).orElseThrow();
    }
}
