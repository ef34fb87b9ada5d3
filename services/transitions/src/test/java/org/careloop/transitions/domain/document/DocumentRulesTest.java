package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.transitions.domain.document.DocumentRules.Section;
import org.careloop.transitions.domain.document.DocumentRules.Source;
import org.junit.jupiter.api.Test;

/** A name that is misspelt in the data would silently leave something out. */
class DocumentRulesTest {

    private final DocumentRules rules = DocumentRules.shipped();

    @Test
    void everyQuestionIsOneThatItsTypeAnswers() {
        assertThat(rules.sources()).allSatisfy(source -> {
            assertThat(SearchParameters.find(source.type(), "patient"))
                    .as(source.type())
                    .isPresent();
            assertThat(source.since() == null
                            || SearchParameters.find(source.type(), "date").isPresent())
                    .as(source.type())
                    .isTrue();
        });
    }

    @Test
    void everyEntryIsOfWhatIsReadAndAsksForParametersThatItsTypeHas() {
        Set<String> read = Stream.concat(
                        rules.sources().stream().map(Source::type), Stream.of("Encounter", "RiskAssessment"))
                .collect(Collectors.toSet());
        assertThat(rules.sections()).flatExtracting(Section::entries).allSatisfy(rule -> {
            assertThat(read).contains(rule.type());
            Stream.concat(rule.where().keySet().stream(), rule.unless().keySet().stream())
                    .forEach(parameter -> assertThat(SearchParameters.find(rule.type(), parameter))
                            .as(rule.type() + "." + parameter)
                            .isPresent());
        });
    }

    @Test
    void everyPartIsFoundInSectionsThatThereAre() {
        Set<String> keys = rules.sections().stream().map(Section::key).collect(Collectors.toSet());
        assertThat(keys).hasSize(15);
        assertThat(rules.parts()).hasSize(6).allSatisfy(part -> {
            assertThat(keys).containsAll(part.sections());
            assertThat(!part.sections().isEmpty()
                            || !part.participants().isEmpty()
                            || !part.diagnoses().isEmpty())
                    .isTrue();
        });
    }
}
