package org.careloop.careplans.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.careloop.careplans.domain.Discharges;
import org.careloop.careplans.domain.Protocol;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolLibraryTest {

    private final ProtocolLibrary library = ProtocolLibrary.bundled();

    @Test
    void appliesGeneralProtocolToEveryDischarge() {
        // When
        List<Protocol> protocols = library.protocolsFor(Discharges.of("01", Optional.empty()));
        // Then
        assertThat(protocols)
                .extracting(Protocol::canonical)
                .containsExactly("https://careloop.org/fhir/PlanDefinition/general-adult-discharge|2026.1.0");
    }

    @ParameterizedTest
    @CsvSource({"I50.9, true", "I509, true", "I11.0, true", "I110, true", "I13.2, true", "I11.9, false", "I48.0, false"
    })
    void addsHeartFailureProtocolByDiagnosis(String diagnosis, boolean isAdded) {
        // When
        List<Protocol> protocols = library.protocolsFor(Discharges.of("01", Optional.empty(), "K80.20", diagnosis));
        // Then
        assertThat(protocols.stream().map(Protocol::id).toList())
                .isEqualTo(
                        isAdded
                                ? List.of("general-adult-discharge", "heart-failure-discharge")
                                : List.of("general-adult-discharge"));
    }

    @Test
    void servesDefinitionsAsResources() {
        // When
        List<Resource> definitions = library.definitions();
        // Then
        assertThat(definitions.stream().filter(PlanDefinition.class::isInstance))
                .hasSize(2);
        assertThat(definitions.stream().filter(ActivityDefinition.class::isInstance))
                .hasSize(6);
        assertThat(definitions).allSatisfy(definition -> {
            String json = new String(FhirJson.write(definition), StandardCharsets.UTF_8);
            assertThat(json).isEqualToIgnoringWhitespace(file(definition));
        });
        assertThat(library.version()).isEqualTo("2026.1.0");
    }

    @Test
    void handsOutCopiesOfDefinitions() {
        // When
        library.definitions().getFirst().setId("spoilt");
        // Then
        assertThat(library.definitions().getFirst().getIdElement().getIdPart()).isEqualTo("general-adult-discharge");
    }

    private static String file(Resource definition) {
        String folder = definition instanceof ActivityDefinition ? "/protocols/activity/" : "/protocols/";
        String name = folder + definition.getIdElement().getIdPart() + ".json";
        try (InputStream file = ProtocolLibraryTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                          | file: not a mapping",
                "{protocols: []}                                             | version: missing",
                "{version: '1'}                                              | protocols: not a list",
                "{version: '1', protocols: [{when: []}]}                     | protocol: missing",
                "{version: '1', protocols: [{protocol: a, when: {}}]}        | when: not a list",
                "{version: '1', protocols: [{protocol: a, when: [{fact: weather, in: [sun]}]}]}   | fact: unknown",
                "{version: '1', protocols: [{protocol: a, when: [{fact: disposition, in: []}]}]}  | in: missing",
                "{version: '1', protocols: [{protocol: a, when: [{fact: disposition, in: [06]}]}]} | in: not a text",
            })
    void refusesFaultySelection(String yaml, String problem) {
        // When, Then
        assertThatThrownBy(() -> SelectionFile.read(yaml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem);
    }
}
