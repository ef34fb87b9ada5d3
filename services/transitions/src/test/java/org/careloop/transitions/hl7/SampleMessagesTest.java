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
import java.util.stream.Stream;
import org.careloop.ruledata.RuleData;
import org.junit.jupiter.api.Test;

/** Real messages of other products become facts or a clear rejection. */
class SampleMessagesTest {

    private static final SenderProfile PERMISSIVE = RuleData.fromText(
            SenderProfile.class,
            "permissive-profile.yaml",
            Messages.resource("permissive-profile.yaml").replace('\r', '\n'));

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
                .containsEntry("ADT_A02_0003.hl7", "facts A02 in-progress PRENC")
                .containsEntry("ADT_A03_0031.hl7", "AE 101 PID-5")
                .containsEntry("ADT_A04_0006.hl7", "facts A04 planned PRENC")
                .containsEntry("ADT_A11_0020.hl7", "facts A11 cancelled PRENC")
                .containsEntry("ADT_A13_0022.hl7", "facts A13 in-progress PRENC")
                .containsEntry("ADT_A08_0090.hl7", "facts A08 unknown IMP")
                .containsEntry("ADT_A40_0130.hl7", "AR 201 MSH-9.2");
        assertThat(outcomes.values()).allMatch(outcome -> outcome.matches("(facts|AE|AR) .+"));
    }

    private static String outcome(byte[] bytes) {
        try {
            AdtFacts facts = AdtMapping.map(Hl7Message.parse(bytes), PERMISSIVE, Instant.parse("2026-11-22T00:00:00Z"));
            return "facts " + facts.event().code() + " "
                    + facts.encounter().getStatus().toCode() + " "
                    + facts.encounter().getClass_().getCode();
        } catch (MessageRejection rejection) {
            return rejection.ackCode() + " " + rejection.errorCode().code() + " " + rejection.location();
        }
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
