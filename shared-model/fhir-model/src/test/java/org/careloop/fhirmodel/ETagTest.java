package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/http.html#versioning">FHIR R4 versioning</a> */
class ETagTest {

    @ParameterizedTest
    @ValueSource(strings = {"W/\"42\"", "\"42\"", "  W/\"42\" "})
    void readsWeakAndStrongTags(String header) {
        assertThat(ETag.parse(header)).isEqualTo(new ETag(42));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "42", "*", "W/\"0\"", "W/\"-1\"", "W/\"1\", W/\"2\"", "w/\"1\"", "W/\"9999999999999999999\""
            })
    void refusesWhatIsNoVersion(String header) {
        assertThatThrownBy(() -> ETag.parse(header))
                .isInstanceOfSatisfying(
                        FhirProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_PARAMETER))
                .hasMessageEndingWith("If-Match: not an entity tag (expected: W/\"<version>\")");
    }

    @Test
    void isWrittenWeak() {
        assertThat(new ETag(7)).hasToString("W/\"7\"");
    }
}
