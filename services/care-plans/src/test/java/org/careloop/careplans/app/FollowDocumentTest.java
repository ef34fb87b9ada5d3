package org.careloop.careplans.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Compositions are versions of the document of a stay. */
class FollowDocumentTest {

    private static final String OURS = "https://careloop.org/fhir/sid/transition-document";

    @Test
    void aVersionHasItsNumberBehindItsStay() {
        assertThat(FollowDocument.number(composition(OURS, "stay/12"), "stay")).contains(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stay/x",
                "stay/",
                "stay",
                "stay/0",
                "stay/-1",
                "stay/1.5",
                "stay/99999999999",
                "other/1",
                "stay/1/2"
            })
    void anythingElseIsNone(String value) {
        assertThat(FollowDocument.number(composition(OURS, value), "stay")).isEmpty();
    }

    @Test
    void whatIsNotOursOrSaysNothingIsNone() {
        assertThat(FollowDocument.number(composition("https://elsewhere.example.org", "stay/1"), "stay"))
                .isEmpty();
        assertThat(FollowDocument.number(composition(OURS, null), "stay")).isEqualTo(Optional.empty());
        assertThat(FollowDocument.number(new Composition(), "stay")).isEmpty();
    }

    private static Composition composition(String system, String value) {
        return new Composition()
                .setIdentifier(new Identifier().setSystem(system).setValue(value));
    }
}
