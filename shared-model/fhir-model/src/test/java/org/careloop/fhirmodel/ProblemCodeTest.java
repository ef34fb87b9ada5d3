package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemCodeTest {

    @Test
    void everyNumberNamesOneProblem() {
        assertThat(ProblemCode.values()).extracting(ProblemCode::number).doesNotHaveDuplicates();
    }

    @Test
    void numbersFollowTheOrderOfTheTable() {
        assertThat(ProblemCode.values()).extracting(ProblemCode::number).isSorted();
    }

    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void theDocumentationTellsNumberStatusAndIssueType(ProblemCode code) throws IOException {
        // Given
        List<String> rows;
        try (var lines = Files.lines(document())) {
            rows = lines.filter(line -> line.startsWith("| " + code.number() + " |"))
                    .toList();
        }
        // Then
        assertThat(rows).hasSize(1);
        List<String> cells =
                Arrays.stream(rows.getFirst().split("\\|")).map(String::strip).toList();
        assertThat(cells.subList(1, 5))
                .containsExactly(
                        Integer.toString(code.number()),
                        code.name(),
                        Integer.toString(code.status()),
                        code.issueType().toCode());
        assertThat(cells.subList(5, 7)).allSatisfy(cell -> assertThat(cell).isNotBlank());
    }

    @Test
    void theDocumentationTellsNoOthers() throws IOException {
        try (var lines = Files.lines(document())) {
            assertThat(lines.filter(line -> line.matches("\\| \\d+ \\|.*"))).hasSize(ProblemCode.values().length);
        }
    }

    private static Path document() {
        return Path.of(System.getProperty("careloop.root", "../.."), "docs", "api", "problems.md");
    }
}
