package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {

    @ParameterizedTest
    @CsvSource({
        "Ångström, angstrom",
        "'  Mc  Donald ', mc donald",
        "O'BRIEN-Núñez, o'brien-nunez",
        "İstanbul, istanbul",
        "山田, 山田",
        "Ελένη, ελενη"
    })
    void foldsCaseAccentsAndSpace(String text, String folded) {
        assertThat(Folding.fold(text)).isEqualTo(folded);
    }

    @Test
    void cutsWhatIsTooLongForAnIndex() {
        assertThat(Folding.fold("x".repeat(10_000))).hasSize(200);
    }

    @Test
    void aFoldedTextStaysAsItIs() {
        String folded = Folding.fold("É  \u0000\t Ş");
        assertThat(folded).isEqualTo("e s");
        assertThat(Folding.fold(folded)).isEqualTo(folded);
    }
}
