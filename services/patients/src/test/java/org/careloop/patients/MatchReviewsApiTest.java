package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Merging.merge;
import static org.careloop.patients.Merging.parameters;
import static org.careloop.patients.Merging.unmerge;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.store.MatchReviews;
import org.careloop.patients.store.MatchReviews.Review;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** The queue of pairs that a person decides. */
@QuarkusTest
class MatchReviewsApiTest {

    @Inject
    ResourceStore store;

    @Inject
    MatchReviews reviews;

    @Test
    void whoWasToldApartFromOneWhoWasMergedIsNotAskedForAgain() throws Exception {
        // Given
        String one = create(Persons.patient("female"));
        String survivor = create(Persons.patient("female"));
        String other = create(Persons.patient("female"));
        ask(one, other);
        as(Tokens.service())
                .urlEncodingEnabled(false)
                .body(parameters(one, other))
                .post("/fhir/Patient/$keep-apart")
                .then()
                .statusCode(200);
        // When
        merge(one, survivor).then().statusCode(200);
        ask(survivor, other);
        // Then
        assertThat(pairs(500)).noneMatch(pair -> pair.contains("Patient/" + other));
        // When they are two again, nothing was decided of these two
        unmerge(one).then().statusCode(200);
        ask(survivor, other);
        // Then
        assertThat(pairs(500)).contains(Set.of("Patient/" + survivor, "Patient/" + other));
    }

    @Test
    void theQueueIsReadPageByPageByLinks() throws Exception {
        // Given
        String one = create(Persons.patient("female"));
        List<Set<String>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String other = create(Persons.patient("female"));
            ask(one, other);
            asked.add(Set.of("Patient/" + one, "Patient/" + other));
        }
        // When
        List<Set<String>> pairs = pairs(2);
        // Then
        assertThat(pairs).containsAll(asked).doesNotHaveDuplicates();
        assertThat(pairs.stream().filter(asked::contains).toList()).isEqualTo(asked);
        // When another follows the link
        String next = page("Patient/$match-reviews?_count=2").path("parameter.find { it.name == 'next' }.valueUri");
        // Then
        problem(
                as(Tokens.coordinator()).urlEncodingEnabled(false).get(next.substring(next.indexOf("/fhir/"))),
                ProblemCode.FORBIDDEN);
        assertThat(next).doesNotContain(one);
    }

    private void ask(String one, String other) throws Exception {
        LeaderLoop.await(() -> store.inUnit(
                unit -> reviews.ask(unit, new Review(one, other, 0.5, "possible", "test", Instant.now()))));
    }

    /** The pairs of all pages of {@code most}. */
    private static List<Set<String>> pairs(int most) {
        List<Set<String>> pairs = new ArrayList<>();
        String next = "Patient/$match-reviews?_count=" + most;
        while (next != null) {
            Response page = page(next);
            List<List<String>> found = page.path(
                    "parameter.findAll { it.name == 'review' }.collect { it.part.findAll { it.name == 'patient' }"
                            + ".valueReference.reference }");
            List<List<String>> these = found == null ? List.of() : found;
            assertThat(these).hasSizeLessThanOrEqualTo(most);
            these.forEach(pair -> pairs.add(new HashSet<>(pair)));
            String link = page.path("parameter.find { it.name == 'next' }?.valueUri");
            next = link == null ? null : link.substring(link.indexOf("/fhir/") + "/fhir/".length());
        }
        return pairs;
    }

    private static Response page(String url) {
        Response answer = as(Tokens.service()).urlEncodingEnabled(false).get("/fhir/" + url);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer;
    }
}
