package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/datatypes.html#id">FHIR R4 id</a> */
class FhirIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "A-Z.a-z.0-9", "..", "0123456789012345678901234567890123456789012345678901234567890123"})
    void takesWhatFhirCallsAnId(String id) {
        assertThat(new FhirId(id)).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a_b",
                "a/b",
                "ä",
                "a\n",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void refusesWhatIsNoId(String id) {
        assertThatThrownBy(() -> new FhirId(id))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_ID))
                .hasMessage("INVALID_ID: id has invalid syntax (expected: 1-64 of A-Z a-z 0-9 - .)");
    }

    @Test
    void nextIsAVersion7UuidOfNow() {
        // Given
        long before = System.currentTimeMillis();
        // When
        UUID id = UUID.fromString(FhirId.next().value());
        // Then
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void nextSortsAfterThoseOfEarlierMilliseconds() {
        // Given
        String earlier = FhirId.next().value();
        for (int i = 0; i < 20; i++) {
            awaitNextMillisecond();
            // When
            String later = FhirId.next().value();
            // Then
            assertThat(later).isGreaterThan(earlier);
            earlier = later;
        }
    }

    @Test
    void nextDoesNotRepeat() {
        // Given
        Set<FhirId> seen = new HashSet<>();
        // When
        for (int i = 0; i < 10_000; i++) {
            seen.add(FhirId.next());
        }
        // Then
        assertThat(seen).hasSize(10_000);
    }

    @Test
    void derivedIdStaysTheSameForEver() {
        // Then: stored resources carry these ids, so the algorithm may never change.
        assertThat(FhirId.derivedFrom("GHADT", "MRN-1")).hasToString("dfe4f072-5564-88d9-b53b-412ba6c2e22b");
        assertThat(UUID.fromString(FhirId.derivedFrom("x").value()).version()).isEqualTo(8);
        assertThat(UUID.fromString(FhirId.derivedFrom("x").value()).variant()).isEqualTo(2);
    }

    @Test
    void derivedIdTellsPartsApart() {
        assertThat(Set.of(
                        FhirId.derivedFrom("ab", "c"),
                        FhirId.derivedFrom("a", "bc"),
                        FhirId.derivedFrom("abc"),
                        FhirId.derivedFrom("abc", ""),
                        FhirId.derivedFrom("c", "ab")))
                .hasSize(5);
    }

    private static void awaitNextMillisecond() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() == now) {
            Thread.onSpinWait();
        }
    }
}
