package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without patterns is what these patterns say. */
class ReferenceSyntaxTest {

    private static final String ID = "[A-Za-z0-9.-]{1,64}";
    private static final Pattern RELATIVE =
            Pattern.compile("([A-Z][A-Za-z]{1,63})/(" + ID + ")(?:/_history/" + ID + ")?");
    private static final String SIGNS = "Aaz/Z09.-_@[`{: é";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "Patient",
                "Patient/",
                "/1",
                "Patient/1",
                "P/1",
                "patient/1",
                "Patient/1/",
                "Patient/1/2",
                "Patient/1/_history/2",
                "Patient/1/_history/",
                "Patient/1/_history/2/3",
                "Patient//_history/2",
                "Pat1ent/1",
                "http://example.org/Patient/1",
                "#a",
                "urn:uuid:1",
                "Pa@ient/1",
                "Pa[ient/1",
                "Patient/ä"
            })
    void readsWhatThePatternMatches(String text) {
        assertThat(ResourceKey.parse(text).isPresent())
                .isEqualTo(RELATIVE.matcher(text).matches());
    }

    @Test
    void readsRandomTextsAsThePatternDoes() {
        // Given
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "Ab" : "A".repeat(random.nextInt(66)));
            text.append("/".repeat(random.nextInt(2))).append("9".repeat(random.nextInt(67)));
            for (int sign = random.nextInt(4); sign > 0; sign--) {
                text.insert(random.nextInt(text.length() + 1), SIGNS.charAt(random.nextInt(SIGNS.length())));
            }
            // Then
            assertThat(ResourceKey.parse(text.toString()).isPresent())
                    .as("%s", text)
                    .isEqualTo(RELATIVE.matcher(text).matches());
            assertThat(FhirId.isValid(text.toString()))
                    .as("%s", text)
                    .isEqualTo(text.toString().matches(ID));
        }
    }
}
