package org.careloop.fhirvalidation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code invariants.txt} has for each invariant a resource that breaks it; what keeps them all is in SamplesTest. */
class InvariantsTest {

    static Stream<Arguments> breaches() throws IOException {
        String file = new String(
                InvariantsTest.class.getResourceAsStream("/invariants.txt").readAllBytes(), StandardCharsets.UTF_8);
        return file.lines().map(line -> Arguments.of((Object[]) line.split(" ", 2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void tellsTheInvariantThatIsBroken(String key, String json) {
        // Given
        Resource resource = FhirJson.parse(json.getBytes(StandardCharsets.UTF_8));
        // When
        var faults = StructureRules.faults(resource, resource.fhirType());
        // Then
        assertThat(faults)
                .extracting(fault -> fault.diagnostics())
                .anyMatch(text -> text.contains(": breaks " + key + " (expected: "));
    }

    @Test
    void everyInvariantHasABreach() throws IOException {
        Set<String> told = breaches().map(row -> (String) row.get()[0]).collect(Collectors.toCollection(TreeSet::new));
        // HAPI's parser does not take a contained resource in a contained one.
        told.add("dom-2");
        assertThat(told).isEqualTo(new TreeSet<>(Invariants.checked()));
    }
}
