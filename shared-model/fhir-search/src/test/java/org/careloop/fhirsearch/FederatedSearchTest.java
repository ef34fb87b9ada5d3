package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.FederatedSearch.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the gateway and a service write to each other is read as it was meant. */
class FederatedSearchTest {

    private static final String EVERY_KIND_OF_CONDITION =
            "status=requested&owner=Organization/1&_id=a,b&_lastUpdated=gt2026&authored-on=sa2026-11-24T10:00:00.123Z"
                    + "&patient:Patient.family:contains=x&patient:Patient.birthdate=le2000&status:not=draft"
                    + "&_has:Provenance:target:agent=Device/1&focus:missing=true&patient:Patient.name=a,b";

    static Stream<Condition> conditions() {
        return Stream.of(
                SearchParser.condition("Task", QueryParameter.parse(EVERY_KIND_OF_CONDITION)),
                SearchParser.condition("Observation", QueryParameter.parse("value-quantity=ap5.4||mg")),
                SearchParser.condition(
                        "Observation",
                        QueryParameter.parse("code:in=http://x.org/v&code:not-in=http://x.org/v&code:below=s|c"
                                + "&code-value-quantity=a$gt5&_profile:below=http://x.org&subject.identifier=1"
                                + "&value-quantity:missing=true&value-quantity=lt1e400")),
                new Condition.HasKey(Set.of(Long.MAX_VALUE, Long.MIN_VALUE)),
                new Condition.GrantedTo("agency", "asked"),
                new Condition.InCompartment("1"),
                Condition.NOTHING,
                Condition.EVERYTHING);
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void readsEveryConditionAsItWasWritten(Condition condition) {
        // Given
        SearchRequest request = new SearchRequest(
                Set.of("Task"),
                condition,
                new SearchRequest.Order(List.of(new SearchRequest.SortKey("authored-on", true))),
                20,
                true,
                List.of(new SearchRequest.Include(true, "Task", "focus", Optional.of("ServiceRequest"))),
                Optional.of(new SearchRequest.Cursor(1_764_000_000_000_001L, 7, "WzFd")),
                List.of(new QueryParameter("status", "requested")));
        FederatedSearch search = new FederatedSearch(request, Answer.PAGE, Set.of(-1L));
        // When
        FederatedSearch read = FederatedSearch.parse(search.toJson());
        // Then
        assertThat(read).isEqualTo(search);
    }

    @Test
    void readsPageAsItWasWritten() {
        // Given
        FederatedPage page = new FederatedPage(
                OptionalLong.of(3),
                true,
                List.of(new FederatedPage.Entry("Task", "t1", -5, true, new SearchRequest.Cursor(1, 2), 812)),
                Set.of(9L),
                Map.of(4L, Set.of(5L, 6L)));
        byte[] line = page.toLine();
        // When
        Optional<FederatedPage> read = FederatedPage.parse(line, line.length);
        // Then
        assertThat(read).contains(page);
        assertThat(new String(line, StandardCharsets.UTF_8)).endsWith("\n");
    }

    @Test
    void refusesWhatIsNoSearch() {
        assertThatThrownBy(() -> FederatedSearch.parse("{\"answer\":\"ALL\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_BODY));
    }
}
