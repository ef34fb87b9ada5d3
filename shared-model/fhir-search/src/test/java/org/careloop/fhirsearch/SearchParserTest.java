package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#return">FHIR R4 search results</a> */
class SearchParserTest {

    private static final SearchParser PARSER = new SearchParser(50, 500);

    @Test
    void withoutParametersEverythingIsAskedForPageByPage() {
        // When
        SearchRequest request = parse("Patient", "");
        // Then
        assertThat(request)
                .isEqualTo(new SearchRequest(
                        Set.of("Patient"),
                        Condition.EVERYTHING,
                        SearchRequest.Order.NEWEST_CREATED,
                        50,
                        false,
                        List.of(),
                        Optional.empty(),
                        List.of()));
    }

    @Test
    void filtersMustAllHold() {
        assertThat(parse("Patient", "gender=male&gender:not=female").condition())
                .isEqualTo(new Condition.AllOf(List.of(
                        ConditionParser.parse("Patient", "gender", "male"),
                        ConditionParser.parse("Patient", "gender:not", "female"))));
    }

    @ParameterizedTest
    @CsvSource({"_count=10, 10", "_count=0, 0", "_count=500, 500", "_count=9999, 500", "_summary=count, 0"})
    void countIsCutDown(String query, int count) {
        assertThat(parse("Patient", query).count()).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({
        "_total=accurate, true",
        "_total=estimate, true",
        "_total=none, false",
        "_summary=count, true",
        "_count=5, false"
    })
    void totalIsCountedOnlyWhenAskedFor(String query, boolean total) {
        assertThat(parse("Patient", query).total()).isEqualTo(total);
    }

    @Test
    void sortsByTheTimeOfChange() {
        assertThat(parse("Patient", "_sort=_lastUpdated").order()).isEqualTo(SearchRequest.Order.OLDEST_CHANGED);
        assertThat(parse("Patient", "_sort=-_lastUpdated").order()).isEqualTo(SearchRequest.Order.NEWEST_CHANGED);
        assertThat(parse("Patient", "_sort=-_lastupdated").order()).isEqualTo(SearchRequest.Order.NEWEST_CHANGED);
    }

    @Test
    void sortsByAnyParameter() {
        // When
        SearchRequest.Order order =
                parse("Patient", "_sort=family,-birthdate&_sort=_id").order();
        // Then
        assertThat(order.keys())
                .containsExactly(
                        new SearchRequest.SortKey("family", false),
                        new SearchRequest.SortKey("birthdate", true),
                        new SearchRequest.SortKey("_id", false));
        assertThat(order.isOfRows()).isFalse();
    }

    @Test
    void theCursorOfASortedPageHoldsWhatItWasSortedBy() {
        // Given
        String sortedBy = SortValues.write(Arrays.asList("núñez", null, "1"));
        SearchRequest.Cursor cursor = new SearchRequest.Cursor(1, 2, sortedBy);
        // Then
        assertThat(parse("Patient", "_sort=family,given,_id&_cursor=" + cursor).cursor())
                .contains(cursor);
        assertThat(SortValues.read(sortedBy, 3)).contains(Arrays.asList("núñez", null, "1"));
        assertThat(SortValues.read(sortedBy, 2)).isEmpty();
        assertThat(SortValues.read("AAAA", 1)).isEmpty();
    }

    @Test
    void includesOfAllParametersAreOneForEach() {
        assertThat(parse("Task", "_include=*").includes())
                .isEqualTo(parse("Task", "_include=Task:*").includes())
                .contains(
                        new SearchRequest.Include(false, "Task", "focus", Optional.empty()),
                        new SearchRequest.Include(false, "Task", "owner", Optional.empty()));
        assertThat(parse("Patient", "_revinclude:iterate=Task:*:Practitioner").includes())
                .contains(new SearchRequest.Include(true, "Task", "owner", Optional.of("Practitioner"), true))
                .noneMatch(include -> include.parameter().equals("patient"));
    }

    @Test
    void includesOfAllThatIterateAreOneForEveryType() {
        assertThat(parse("Task", "_include:iterate=*").includes())
                .isEqualTo(parse("Patient", "_include:recurse=*").includes())
                .containsExactly(SearchRequest.Include.ALL_OF_ALL);
    }

    @Test
    void includesThatIterateHaveAnOlderName() {
        assertThat(parse("Task", "_include:recurse=Task:part-of").includes())
                .isEqualTo(parse("Task", "_include:iterate=Task:part-of").includes())
                .containsExactly(new SearchRequest.Include(false, "Task", "part-of", Optional.empty(), true));
    }

    @Test
    void includesNameTypeParameterAndTarget() {
        assertThat(parse("Observation", "_include=Observation:subject:Patient&_revinclude=Provenance:target")
                        .includes())
                .containsExactly(
                        new SearchRequest.Include(false, "Observation", "subject", Optional.of("Patient")),
                        new SearchRequest.Include(true, "Provenance", "target", Optional.empty()));
    }

    @Test
    void theCursorIsReadBackAndLeftOutOfTheSelfLink() {
        // When
        SearchRequest request = parse("Patient", "gender=male&_cursor=1780000000000000-42");
        // Then
        assertThat(request.cursor()).contains(new SearchRequest.Cursor(1780000000000000L, 42));
        assertThat(request.cursor().orElseThrow()).hasToString("1780000000000000-42");
        assertThat(request.applied()).containsExactly(new QueryParameter("gender", "male"));
    }

    @Test
    void formatIsLeftToHttp() {
        assertThat(parse("Patient", "_format=json&_pretty=true").condition()).isEqualTo(Condition.EVERYTHING);
    }

    @ParameterizedTest
    @CsvSource({
        "_count=x, INVALID_PARAMETER",
        "_count=-1, INVALID_PARAMETER",
        "_count=99999999999, INVALID_PARAMETER",
        "_count=, INVALID_PARAMETER",
        "_sort=nonsense, UNSUPPORTED_PARAMETER",
        "_sort=, UNSUPPORTED_PARAMETER",
        "_sort=deceased, UNSUPPORTED_PARAMETER",
        "_total=some, UNSUPPORTED_PARAMETER",
        "_summary=short, UNSUPPORTED_PARAMETER",
        "_summary=text&_include=*, INVALID_PARAMETER",
        "_revinclude:iterate=Observation:subject&_summary=text, INVALID_PARAMETER",
        "_include=Observation, INVALID_PARAMETER",
        "_revinclude=*, INVALID_PARAMETER",
        "_revinclude:iterate=*, INVALID_PARAMETER",
        "_include=Observation:code, INVALID_PARAMETER",
        "_include=Observation:nonsense, UNSUPPORTED_PARAMETER",
        "_include=Zyxwvut:subject, INVALID_PARAMETER",
        "_include:other=Observation:subject, UNSUPPORTED_PARAMETER",
        "_revinclude=Observation:subject:Patient:x, INVALID_PARAMETER",
        "_contained=true, UNSUPPORTED_PARAMETER",
        "_cursor=x, INVALID_PARAMETER",
        "_cursor=1-2-3, INVALID_PARAMETER",
        "gender=%zz, INVALID_PARAMETER",
        "gender, INVALID_PARAMETER"
    })
    void refusesWhatItDoesNotUnderstand(String query, ProblemCode code) {
        assertThatThrownBy(() -> parse("Patient", query))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(code))
                .hasMessageNotContaining("%zz");
    }

    @Test
    void refusesTooManyParameters() {
        assertThatThrownBy(() -> parse("Patient", String.join("&", Collections.nCopies(101, "gender=male"))))
                .hasMessageStartingWith("TOO_COSTLY");
    }

    @Test
    void criteriaAreFiltersAlone() {
        assertThatThrownBy(() -> SearchParser.condition("Patient", QueryParameter.parse("gender=male&_count=0")))
                .hasMessageStartingWith("UNSUPPORTED_PARAMETER");
    }

    @Test
    void aQueryStringIsDecoded() {
        assertThat(QueryParameter.parse("a=1&&b=%C3%A9+x&c&d=1%3D2&=e"))
                .containsExactly(
                        new QueryParameter("a", "1"),
                        new QueryParameter("b", "é x"),
                        new QueryParameter("c", ""),
                        new QueryParameter("d", "1=2"),
                        new QueryParameter("", "e"));
    }

    private static SearchRequest parse(String type, String query) {
        return PARSER.parse(type, QueryParameter.parse(query));
    }
}
