package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.careloop.transitions.hl7.Messages.admission;
import static org.careloop.transitions.hl7.Messages.discharge;
import static org.careloop.transitions.hl7.Messages.with;
import static org.careloop.transitions.hl7.Messages.without;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageRejectionTest {

    static Stream<Arguments> spoilt() {
        return Stream.of(
                Arguments.of("no MSH", without(admission(), "MSH"), "AR", "100", "MSH"),
                Arguments.of("delimiters", admission().replace("MSH|^~\\&", "MSH|^^\\&"), "AR", "100", "MSH"),
                Arguments.of("type", with(admission(), "MSH", 9, "ORU^R01"), "AR", "200", "MSH-9.1"),
                Arguments.of("no type", with(admission(), "MSH", 9, ""), "AR", "200", "MSH-9.1"),
                Arguments.of("event", with(admission(), "MSH", 9, "ADT^A60"), "AR", "201", "MSH-9.2"),
                Arguments.of("version", with(admission(), "MSH", 12, "3.0"), "AR", "203", "MSH-12"),
                Arguments.of("control id", with(admission(), "MSH", 10, ""), "AE", "101", "MSH-10"),
                Arguments.of("long id", with(admission(), "MSH", 10, "7".repeat(200)), "AE", "102", "MSH-10"),
                Arguments.of("processing id", with(admission(), "MSH", 11, "D"), "AR", "202", "MSH-11"),
                Arguments.of("charset", with(admission(), "MSH", 18, "KLINGON"), "AE", "103", "MSH-18"),
                Arguments.of("application", with(admission(), "MSH", 3, "OTHER"), "AR", "103", "MSH-3"),
                Arguments.of("facility", with(admission(), "MSH", 4, "OTHER"), "AR", "103", "MSH-4"),
                Arguments.of("no EVN, no time", with(without(admission(), "EVN"), "MSH", 7, ""), "AE", "101", "EVN-2"),
                Arguments.of("EVN-6", with(admission(), "EVN", 6, "yesterday"), "AE", "102", "EVN-6"),
                Arguments.of("future", with(admission(), "EVN", 6, "20290101"), "AE", "102", "EVN-6"),
                Arguments.of("merge", with(admission(), "MSH", 9, "ADT^A40"), "AE", "100", "MRG"),
                Arguments.of("merged", with(admission(), "MSH", 9, "ADT^A40") + "MRG|^^^X\r", "AE", "101", "MRG-1"),
                Arguments.of("no PID", without(admission(), "PID"), "AE", "100", "PID"),
                Arguments.of("two PID", admission() + "PID|2||1||A^B\r", "AE", "100", "PID"),
                Arguments.of("PID-3", with(admission(), "PID", 3, ""), "AE", "101", "PID-3"),
                Arguments.of("PID-3 number", with(admission(), "PID", 3, "^^^GENHOSP^MR"), "AE", "101", "PID-3"),
                Arguments.of("PID-3 cleared", with(admission(), "PID", 3, "\"\""), "AE", "101", "PID-3"),
                Arguments.of("PID-5", with(admission(), "PID", 5, ""), "AE", "101", "PID-5"),
                Arguments.of("PID-7", with(admission(), "PID", 7, "17/03/1948"), "AE", "102", "PID-7"),
                Arguments.of("PID-7 day", with(admission(), "PID", 7, "19480231"), "AE", "102", "PID-7"),
                Arguments.of("no PV1", without(admission(), "PV1"), "AE", "100", "PV1"),
                Arguments.of("PV1-2", with(admission(), "PV1", 2, ""), "AE", "101", "PV1-2"),
                Arguments.of("PV1-2 code", with(admission(), "PV1", 2, "ff"), "AE", "103", "PV1-2"),
                Arguments.of("PV1-19", with(admission(), "PV1", 19, ""), "AE", "101", "PV1-19"),
                Arguments.of("PV1-44", with(admission(), "PV1", 44, "soon"), "AE", "102", "PV1-44"),
                Arguments.of("PV1-36", with(discharge(), "PV1", 36, ""), "AE", "101", "PV1-36"),
                Arguments.of("PV1-36 code", with(discharge(), "PV1", 36, "99"), "AE", "103", "PV1-36"),
                Arguments.of("PV1-45", with(discharge(), "PV1", 45, "x"), "AE", "102", "PV1-45"),
                Arguments.of("PV1-45 early", with(discharge(), "PV1", 45, "20261101"), "AE", "102", "PV1-45"),
                Arguments.of("PV1-45 future", with(discharge(), "PV1", 45, "20270101"), "AE", "102", "PV1-45"),
                Arguments.of(
                        "no discharge time", with(without(discharge(), "EVN"), "PV1", 45, ""), "AE", "101", "PV1-45"),
                Arguments.of("DG1-3", with(discharge(), "DG1", 3, ""), "AE", "101", "DG1-3"),
                Arguments.of("DG1-3 code", with(discharge(), "DG1", 3, "HEART^^I10"), "AE", "102", "DG1-3.1"),
                Arguments.of("AL1-3", with(discharge(), "AL1", 3, ""), "AE", "101", "AL1-3"),
                Arguments.of("NK1-2", with(discharge(), "NK1", 2, ""), "AE", "101", "NK1-2"),
                Arguments.of(
                        "control character",
                        admission().replace("Rivera^Rosa", "Riv\u0000era^Rosa"),
                        "AE",
                        "102",
                        "PID-5.1"),
                Arguments.of("broken line", admission().replace("Apt 4", "Apt\r4"), "AE", "100", "PID"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoilt")
    void namesSegmentFieldAndCondition(String name, String message, String ack, String condition, String location) {
        // Given
        byte[] bytes = Messages.bytes(message);
        // When
        MessageRejection rejection = catchThrowableOfType(MessageRejection.class, () -> Messages.facts(bytes));
        // Then
        assertThat(rejection).isNotNull();
        assertThat(rejection.ackCode().name()).isEqualTo(ack);
        assertThat(rejection.errorCode().code()).isEqualTo(condition);
        assertThat(rejection.location()).hasToString(location);
        assertThat(rejection.text()).startsWith(location + ": ").contains("(expected: ");
    }

    @Test
    void countsTheOccurrenceOfARepeatedSegment() {
        // Given
        String message = discharge().replace("E11.22^", "2211E^");
        // When
        MessageRejection rejection =
                catchThrowableOfType(MessageRejection.class, () -> Messages.facts(Messages.bytes(message)));
        // Then
        assertThat(rejection.location()).isEqualTo(new MessageLocation("DG1", 3, 3, 1));
    }

    @Test
    void refusesBytesThatDoNotFitTheCharacterSet() {
        // Given
        byte[] bytes = admission().replace("Rosa", "Rosé").getBytes(StandardCharsets.ISO_8859_1);
        // When
        MessageRejection rejection = catchThrowableOfType(MessageRejection.class, () -> Hl7Message.parse(bytes));
        // Then
        assertThat(rejection.location()).hasToString("MSH-18");
        assertThat(rejection.errorCode()).isEqualTo(ErrorCode.DATA_TYPE);
    }

    @Test
    void neverQuotesAValue() {
        // Given
        String message = with(admission(), "PID", 7, "born-in-Springfield");
        // When
        MessageRejection rejection =
                catchThrowableOfType(MessageRejection.class, () -> Messages.facts(Messages.bytes(message)));
        // Then
        assertThat(rejection.text()).isEqualTo("PID-7: not a time stamp (expected: YYYYMMDD[HHMM[SS]][+/-ZZZZ])");
    }
}
