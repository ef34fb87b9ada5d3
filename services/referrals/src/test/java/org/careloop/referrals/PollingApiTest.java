package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What agencies poll for is answered from an index of its own; it finds what the same question finds without it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class PollingApiTest {

    private static final String EHR = Tokens.coordinator();

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String agency = "agency-" + mark;

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

    @BeforeEach
    void sixTasksOfTwoAgencies() {
        soon().until(() -> isFilled());
        Scene.known("p1");
        for (int i = 0; i < 5; i++) {
            put("t" + i, i == 3 ? "accepted" : "requested", agency, "first");
        }
        put("o1", "requested", "other-" + mark, "first");
        put("t1", "requested", agency, "changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "owner=Organization/{a}&status=requested",
                "owner={a}&status=requested",
                "owner=Organization/{a}&status=http://hl7.org/fhir/task-status%7Crequested",
                "owner=Organization/{a}&status=requested&_lastUpdated=gt2026-01-01",
                "owner=Organization/{a}&status:not=accepted",
                "owner=Organization/{a}&status=requested,draft"
            })
    void everySpellingFindsTheSame(String query) {
        assertThat(ids(search(EHR, query))).containsExactlyInAnyOrder("t0", "t1", "t2", "t4");
        assertThat(ids(search(Tokens.partner(agency), query))).containsExactlyInAnyOrder("t0", "t1", "t2", "t4");
        assertThat(ids(search(Tokens.partner("other-" + mark), query))).isEmpty();
    }

    @Test
    void newestChangeComesFirst() {
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=requested&_sort=-_lastUpdated")))
                .containsExactly("t1", "t4", "t2", "t0");
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=requested&_sort=_lastUpdated")))
                .containsExactly("t0", "t2", "t4", "t1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&_sort=-_lastUpdated", "&_sort=_lastUpdated"})
    void pagesHoldEachTaskOnce(String sort) {
        // Given
        List<String> seen = new ArrayList<>();
        Optional<String> page =
                Optional.of("/fhir/Task?owner=Organization/" + agency + "&status=requested&_count=3" + sort);
        // When
        while (page.isPresent()) {
            Response answer = as(EHR).urlEncodingEnabled(false).get(page.get());
            seen.addAll(ids(answer));
            page = answer.jsonPath().getList("link", Link.class).stream()
                    .filter(link -> link.relation.equals("next"))
                    .map(link -> link.url.substring(link.url.indexOf("/fhir/")))
                    .findFirst();
        }
        // Then
        assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t4");
    }

    @Test
    void whoSendsThePagesTagGetsNothingWhileNothingChanged() {
        // Given
        String query = "owner=Organization/{a}&status=requested";
        String partner = Tokens.partner(agency);
        String tag = search(partner, query).header("ETag");
        // Then
        Response again = polled(partner, query, tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body().asByteArray()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(polled(partner, query + "&_count=2", tag).statusCode()).isEqualTo(200);
        assertThat(polled(partner, query + "&_total=accurate", tag).statusCode())
                .isEqualTo(200);
        assertThat(polled(partner, query, "\"1\"").statusCode()).isEqualTo(200);
        // When a Task changes
        put("t2", "requested", agency, "second");
        // Then
        Response changed = polled(partner, query, tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(polled(partner, query, changed.header("ETag")).statusCode()).isEqualTo(304);
        // When one is gone, also where none is left
        put("t2", "cancelled", agency, "second");
        assertThat(polled(partner, query, changed.header("ETag")).statusCode()).isEqualTo(200);
        String empty = search(partner, query + "&_lastUpdated=gt2100-01-01").header("ETag");
        assertThat(polled(partner, query + "&_lastUpdated=gt2100-01-01", empty).statusCode())
                .isEqualTo(304);
    }

    private Response polled(String token, String query, String tag) {
        return as(token)
                .urlEncodingEnabled(false)
                .header("If-None-Match", tag)
                .get("/fhir/Task?" + query.replace("{a}", agency));
    }

    @Test
    void taskThatMovesOnIsNotFoundAnyMore() {
        // When
        put("t2", "cancelled", agency, "first");
        // Then
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=requested&_sort=-_lastUpdated")))
                .containsExactly("t1", "t4", "t0");
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=cancelled"))).containsExactly("t2");
    }

    @Test
    void deletedTaskIsNotFoundAnyMore() {
        // When
        as(EHR).delete("/fhir/Task/{id}", "t4-" + mark).then().statusCode(204);
        // Then
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=requested")))
                .containsExactlyInAnyOrder("t0", "t1", "t2");
    }

    @Test
    void whatWasStoredBeforeTheIndexIsFilledIn() throws SQLException {
        // Given
        execute("update resource set combined = null where type = 'Task'");
        execute("delete from combined_index");
        execute("delete from combined_index_filled");
        // When
        soon().until(() -> isFilled());
        Scene.known("p1");
        // Then
        assertThat(ids(search(EHR, "owner=Organization/{a}&status=requested&_sort=-_lastUpdated")))
                .containsExactly("t1", "t4", "t2", "t0");
    }

    private boolean isFilled() {
        try {
            return VertxContextSupport.subscribeAndAwait(store::areCombinedIndexesFilled);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One link of a Bundle. */
    public static final class Link {
        public String relation = "";
        public String url = "";
    }

    private Response search(String token, String query) {
        return as(token).urlEncodingEnabled(false).get("/fhir/Task?" + query.replace("{a}", agency));
    }

    private List<String> ids(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        List<String> ids = answer.jsonPath().getList("entry.resource.id");
        return ids == null
                ? List.of()
                : ids.stream().map(id -> id.replace("-" + mark, "")).toList();
    }

    private void put(String id, String status, String owner, String note) {
        Response answer =
                as(EHR).body("""
                {"resourceType":"Task","id":"%1$s-%2$s","status":"%3$s","intent":"order","statusReason":{"text":"why"},
                 "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                 "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%2$s"},
                 "for":{"reference":"Patient/p1"},"owner":{"reference":"Organization/%4$s"},
                 "requester":{"reference":"Organization/riverside-clinic"},"note":[{"text":"%5$s"}]}""".formatted(id, mark, status, owner, note)).put("/fhir/Task/{id}", id + "-" + mark);
        assertThat(answer.statusCode()).as(answer.asString()).isIn(200, 201);
    }
}
