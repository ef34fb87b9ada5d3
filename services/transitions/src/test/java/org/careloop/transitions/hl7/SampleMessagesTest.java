package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.ruledata.RuleSource;
import org.careloop.transitions.domain.AdtFacts;
import org.junit.jupiter.api.Test;

/** Real messages of other products become facts or a clear rejection. */
class SampleMessagesTest {

    private static final SenderProfiles ANY = SenderProfiles.of(RuleSource.shipped(), List.of("any-sender"));

    @Test
    void mapsOrRejectsEachSample() throws IOException {
        // Given
        List<Path> samples = samples();
        // When
        Map<String, String> outcomes = new TreeMap<>();
        for (Path sample : samples) {
            outcomes.put(sample.getFileName().toString(), outcome(Files.readAllBytes(sample)));
        }
        // Then
        assertThat(outcomes)
                .containsEntry("ADT_A01_0045.hl7", "AE 103 PV1-2")
                .containsEntry("ADT_A01_0148.hl7", "AE 101 PV1-19")
                .containsEntry("ADT_A02_0003.hl7", "facts A02 MOVE PRENC")
                .containsEntry("ADT_A03_0031.hl7", "facts A03 DISCHARGE IMP")
                .containsEntry("ADT_A04_0006.hl7", "facts A04 PLAN PRENC")
                .containsEntry("ADT_A05_0008.hl7", "facts A05 PLAN PRENC")
                .containsEntry("ADT_A06_0011.hl7", "facts A06 RECLASS IMP")
                .containsEntry("ADT_A07_0013.hl7", "facts A07 RECLASS AMB")
                .containsEntry("ADT_A08_0090.hl7", "facts A08 UPDATE IMP")
                .containsEntry("ADT_A11_0020.hl7", "facts A11 CANCEL_ADMIT PRENC")
                .containsEntry("ADT_A13_0022.hl7", "facts A13 CANCEL_DISCHARGE PRENC")
                .containsEntry("ADT_A28_0037.hl7", "facts A28")
                .containsEntry("ADT_A31_0040.hl7", "facts A31")
                .containsEntry("ADT_A40_0042.hl7", "facts A40")
                .containsEntry("ADT_A40_0130.hl7", "facts A40, A40")
                .containsEntry("ADT_A60_0051.hl7", "AR 201 MSH-9.2");
        assertThat(outcomes.values()).allMatch(outcome -> outcome.matches("(facts|AE|AR) .+"));
    }

    private static String outcome(byte[] bytes) {
        try {
            Hl7Message message = Hl7Message.parse(bytes);
            return AdtMapping.map(message, ANY.require(message.header()), Instant.parse("2026-11-22T00:00:00Z"))
                    .stream()
                    .map(SampleMessagesTest::outcome)
                    .collect(Collectors.joining(", ", "facts ", ""));
        } catch (MessageRejection rejection) {
            return rejection.ackCode() + " " + rejection.errorCode().code() + " " + rejection.location();
        }
    }

    private static String outcome(AdtFacts facts) {
        return facts.event().code()
                + facts.event().step().map(step -> " " + step).orElse("")
                + facts.encounter()
                        .map(stay -> " " + stay.getClass_().getCode())
                        .orElse("");
    }

    private static List<Path> samples() throws IOException {
        String root = System.getProperty("careloop.root", ".");
        String shared = System.getenv().getOrDefault("CARELOOP_SHARED", root + "/../shared");
        Path folder = Path.of(shared, "samples", "adt");
        assumeTrue(Files.isDirectory(folder), "no samples at ../shared/samples/adt of the project's root");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".hl7"))
                    .sorted()
                    .toList();
        }
    }
}
