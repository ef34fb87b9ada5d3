package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirsearch.SearchRequest.Order;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/search.html#sort">FHIR R4 sorting</a> */
class SortedPlacesTest {

    private long rows;

    @Test
    void timesAreComparedAsNumbersAndWhatHasNoneComesLast() {
        Cursor early = place("900");
        Cursor late = place("1000");
        Cursor none = place((String) null);
        assertThat(sorted("Provenance", "recorded", none, late, early)).containsExactly(early, late, none);
        assertThat(sorted("Provenance", "-recorded", none, early, late)).containsExactly(late, early, none);
    }

    @Test
    void textsAreComparedByCodePointsAsTheStoreDoes() {
        Cursor upper = place("Z");
        Cursor lower = place("a");
        Cursor privateUse = place("\uE000");
        Cursor emoji = place("\uD83D\uDE00");
        assertThat(sorted("Patient", "family", emoji, privateUse, lower, upper))
                .containsExactly(upper, lower, privateUse, emoji);
    }

    @Test
    void numbersAreComparedAsSuch() {
        Cursor small = place("-1e3");
        Cursor large = place("20.5");
        assertThat(sorted("Observation", "value-quantity", large, small)).containsExactly(small, large);
    }

    @Test
    void equalOnesAreComparedByTheNextKeyAndElseStayAsTheyCame() {
        Cursor one = place("1", "b");
        Cursor two = place("1", "a");
        Cursor three = place("1", "a");
        assertThat(sorted("Provenance", "recorded,_id", one, two, three)).containsExactly(two, three, one);
    }

    @Test
    void severalTypesHaveNoOrderButThatOfChange() {
        assertThatThrownBy(() -> order("Patient", "family").acrossServices(Optional.empty()))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("several types");
        assertThat(Order.NEWEST_CHANGED.acrossServices(Optional.empty()).compare(new Cursor(2, 1), new Cursor(1, 1)))
                .isNegative();
    }

    private Cursor place(@Nullable String... values) {
        return new Cursor(1, ++rows, SortValues.write(Arrays.asList(values)));
    }

    private static List<Cursor> sorted(String type, String sort, Cursor... places) {
        Comparator<Cursor> order = order(type, sort).acrossServices(Optional.of(type));
        return Stream.of(places).sorted(order).toList();
    }

    private static Order order(String type, String sort) {
        return new SearchParser(1, 1)
                .parse(type, List.of(new QueryParameter("_sort", sort)))
                .order();
    }
}
