package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.included;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4 search</a> */
@QuarkusTest
class SearchApiTest {

    @Inject
    DataSource database;

    private final String mark = UUID.randomUUID().toString();
    private String ada = "";
    private String ben = "";
    private String pulse = "";
    private String weight = "";

    @BeforeEach
    void storePeopleAndFindings() {
        ada = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"" + mark
                + "\"}],\"active\":true,\"name\":[{\"family\":\"Núñez Ortiz\",\"given\":[\"Ada\"]}],\"gender\":\"female\","
                + "\"birthDate\":\"1950-07-04\",\"managingOrganization\":{\"identifier\":{\"value\":\"o-" + mark
                + "\"}}}");
        ben = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark
                + "\"}],\"name\":[{\"family\":\"Ortiz\"}],\"gender\":\"male\",\"birthDate\":\"1951\"}");
        pulse = create(observation(ada, "8867-4", 72, "/min", "2026-11-01T10:00:00Z"));
        weight = create(observation(ada, "29463-7", 60.5, "kg", "2026-11-02"));
        create(observation(ben, "29463-7", 90, "kg", "2026-11-03"));
    }

    @Test
    void findsByToken() {
        assertThat(found("Patient?identifier=urn:mrn%7C" + mark)).containsExactly(ada);
        assertThat(found("Patient?identifier=%7C" + mark)).containsExactly(ben);
        assertThat(found("Patient?identifier=" + mark)).containsExactly(ben, ada);
        assertThat(found(mine("gender=male,female"))).containsExactly(ben, ada);
        assertThat(found(mine("gender=male&gender=female"))).isEmpty();
        assertThat(found(mine("gender:not=male"))).containsExactly(ada);
        assertThat(found(mine("active=true"))).containsExactly(ada);
        assertThat(found(mine("active:missing=true"))).containsExactly(ben);
        assertThat(found(mine("active:missing=false"))).containsExactly(ada);
    }

    @Test
    void findsByString() {
        assertThat(found(mine("family=nunez"))).containsExactly(ada);
        assertThat(found(mine("family=ORT"))).containsExactly(ben);
        assertThat(found(mine("family:contains=ort"))).containsExactly(ben, ada);
        assertThat(found(mine("family:exact=Ortiz"))).containsExactly(ben);
        assertThat(found(mine("family:exact=ortiz"))).isEmpty();
        assertThat(found(mine("name=ada"))).containsExactly(ada);
        assertThat(found(mine("family=%25"))).isEmpty();
        assertThat(found(mine("family:contains=_"))).isEmpty();
    }

    @Test
    void findsByDate() {
        assertThat(found(mine("birthdate=1950"))).containsExactly(ada);
        assertThat(found(mine("birthdate=1950-07-04"))).containsExactly(ada);
        assertThat(found(mine("birthdate=1951-05"))).isEmpty();
        assertThat(found(mine("birthdate=ap1951-05"))).containsExactly(ben, ada);
        assertThat(found(mine("birthdate=ap1938"))).isEmpty();
        assertThat(found(mine("birthdate=ne1950"))).containsExactly(ben);
        assertThat(found(mine("birthdate=gt1950"))).containsExactly(ben);
        assertThat(found(mine("birthdate=ge1950-07-04"))).containsExactly(ben, ada);
        assertThat(found(mine("birthdate=lt1951"))).containsExactly(ada);
        assertThat(found(mine("birthdate=sa1950-07"))).containsExactly(ben);
        assertThat(found(mine("birthdate=eb1951"))).containsExactly(ada);
        assertThat(found(mine("birthdate=gt1950-01&birthdate=lt1950-12"))).containsExactly(ada);
    }

    @Test
    void findsByQuantity() {
        assertThat(found(findings("value-quantity=72"))).containsExactly(pulse);
        assertThat(found(findings("value-quantity=60.5||kg"))).containsExactly(weight);
        assertThat(found(findings("value-quantity=60.5|http://unitsofmeasure.org|kg")))
                .containsExactly(weight);
        assertThat(found(findings("value-quantity=60.5||lb"))).isEmpty();
        assertThat(found(findings("value-quantity=60"))).isEmpty();
        assertThat(found(findings("value-quantity=gt60.5"))).containsExactly(pulse);
        assertThat(found(findings("value-quantity=ge60.5"))).containsExactly(weight, pulse);
        assertThat(found(findings("value-quantity=lt70"))).containsExactly(weight);
        assertThat(found(findings("value-quantity=ap70"))).containsExactly(pulse);
        assertThat(found(findings("value-quantity=ne72"))).containsExactly(weight);
    }

    @Test
    void findsByReference() {
        assertThat(found("Observation?subject=Patient/" + ada)).containsExactly(weight, pulse);
        assertThat(found("Observation?subject:Patient=" + ada)).containsExactly(weight, pulse);
        assertThat(found("Observation?patient=" + ada)).containsExactly(weight, pulse);
        assertThat(found("Observation?patient=" + ada + "," + ben)).hasSize(3);
        assertThat(found("Observation?subject:Group=" + ada)).isEmpty();
        assertThat(found("Patient?organization:identifier=o-" + mark)).containsExactly(ada);
    }

    @Test
    void findsByChainsInBothDirections() {
        assertThat(found("Observation?subject:Patient.identifier=urn:mrn%7C" + mark))
                .containsExactly(weight, pulse);
        assertThat(found("Observation?patient.gender=male&patient.identifier=" + mark))
                .hasSize(1);
        assertThat(found(mine("_has:Observation:patient:code=8867-4"))).containsExactly(ada);
        assertThat(found(mine("_has:Observation:patient:code=29463-7"))).containsExactly(ben, ada);
        assertThat(found("Observation?patient._has:Observation:patient:code=8867-4&patient.identifier=" + mark))
                .containsExactly(weight, pulse);
    }

    @Test
    void findsByIdAndTimeOfChange() {
        String changed = coordinator().get("/fhir/Patient/{id}", ada).path("meta.lastUpdated");
        String encoded = changed.replace("+", "%2B");
        assertThat(found("Patient?_id=" + ada + ",none")).containsExactly(ada);
        assertThat(found(mine("_lastUpdated=" + encoded))).contains(ada);
        await().untilAsserted(() ->
                assertThat(found(mine("_lastUpdated=ge" + encoded))).contains(ada));
        assertThat(found(mine("_lastupdated=gt" + encoded))).doesNotContain(ada);
        assertThat(found(mine("_lastUpdated=lt" + encoded))).doesNotContain(ada);
        assertThat(found(mine("_lastUpdated=lt2020"))).isEmpty();
    }

    @Test
    void aPollShowsNothingNewerThanAnOpenTransaction() throws SQLException {
        // Given
        String before = Instant.now().minusMillis(1).toString();
        String cleo;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_current_xact_id()");
            }
            // When
            cleo = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}]}");
            // Then: the open transaction may still commit an older change, so the newer one waits
            assertThat(found(mine("_lastUpdated=gt" + before))).isEmpty();
            assertThat(found("Patient?identifier=" + mark)).contains(cleo);
            connection.rollback();
            connection.setAutoCommit(true);
        }
        await().untilAsserted(() ->
                assertThat(found(mine("_lastUpdated=gt" + before))).containsExactly(cleo));
    }

    @Test
    void updateChangesExactlyWhatIsFound() {
        // When
        coordinator()
                .body("{\"resourceType\":\"Patient\",\"id\":\"" + ada
                        + "\",\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\""
                        + mark + "\"}],\"active\":false,\"name\":[{\"family\":\"Kim\"}],\"birthDate\":\"1960\","
                        + "\"managingOrganization\":{\"reference\":\"Organization/new-" + mark + "\"}}")
                .put("/fhir/Patient/{id}", ada)
                .then()
                .statusCode(200);
        // Then
        for (String old : List.of("active=true", "family=nunez", "name=ada", "birthdate=1950", "gender=female")) {
            assertThat(found(mine(old))).as(old).doesNotContain(ada);
        }
        assertThat(found("Patient?organization:identifier=o-" + mark)).isEmpty();
        for (String now : List.of(
                "active=false",
                "family=kim",
                "birthdate=1960",
                "gender:missing=true",
                "identifier=urn:mrn%7C" + mark)) {
            assertThat(found(mine(now))).as(now).contains(ada);
        }
        assertThat(found("Patient?organization=Organization/new-" + mark)).containsExactly(ada);
        assertThat(found(mine("organization:missing=true"))).containsExactly(ben);
    }

    @Test
    void includesWhatIsReferredToAndWhatRefers() {
        assertThat(included(search(Tokens.coordinator(), findings("_include=Observation:subject"))))
                .containsExactly("Patient/" + ada);
        assertThat(included(search(Tokens.coordinator(), findings("_include=Observation:subject:Group"))))
                .isEmpty();
        assertThat(included(search(Tokens.coordinator(), mine("gender=female&_revinclude=Observation:subject"))))
                .containsExactlyInAnyOrder("Observation/" + pulse, "Observation/" + weight);
        assertThat(included(search(Tokens.coordinator(), findings("_count=1&_include=Observation:subject"))))
                .containsExactly("Patient/" + ada);
    }

    @Test
    void sortsByTheTimeOfChange() {
        // Given
        coordinator()
                .body("{\"resourceType\":\"Patient\",\"id\":\"" + ada + "\",\"identifier\":[{\"value\":\"" + mark
                        + "\"}]}")
                .put("/fhir/Patient/{id}", ada)
                .then()
                .statusCode(200);
        // Then
        assertThat(found(mine("_sort=_lastUpdated"))).containsExactly(ben, ada);
        assertThat(found(mine("_sort=-_lastUpdated"))).containsExactly(ada, ben);
    }

    @Test
    void countsOnlyWhenAskedFor() {
        search(Tokens.coordinator(), mine("_count=1")).then().body("total", nullValue());
        search(Tokens.coordinator(), mine("_count=1&_total=accurate"))
                .then()
                .body("total", equalTo(2))
                .body("entry.size()", equalTo(1));
        search(Tokens.coordinator(), mine("_summary=count"))
                .then()
                .body("total", equalTo(2))
                .body("entry", nullValue());
        search(Tokens.coordinator(), mine("_count=0")).then().body("entry", nullValue());
    }

    @Test
    void findsByPostAsByGet() {
        // When
        Response answer = Fhir.as(Tokens.coordinator())
                .contentType("application/x-www-form-urlencoded;charset=UTF-8")
                .formParam("identifier", mark)
                .formParam("family:contains", "ñ")
                .post("/fhir/Patient/_search?gender=female");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(matches(answer)).containsExactly(ada);
    }

    @Test
    void pagesHaveNeitherGapsNorRepeatsWhileOthersWrite() throws Exception {
        // Given
        String tag = UUID.randomUUID().toString();
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            stored.addFirst(create(tagged(tag, i)));
        }
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            writer.submit(() -> {
                for (int i = 100; !done.get() && i < 400; i++) {
                    create(tagged(tag, i));
                }
            });
            try {
                for (String order : List.of("", "&_sort=_lastUpdated")) {
                    // When
                    List<String> seen = allPages("Patient?identifier=" + tag + "&_count=4" + order, stored);
                    // Then
                    assertThat(new HashSet<>(seen)).hasSize(seen.size());
                    assertThat(seen).containsAll(stored);
                }
            } finally {
                done.set(true);
            }
        }
    }

    @Test
    void theSelfLinkTellsWhatWasUnderstood() {
        // When
        String self = search(Tokens.coordinator(), mine("family:contains=%C3%B1%22%26&_count=3"))
                .path("link.find { it.relation == 'self' }.url");
        // Then
        assertThat(self)
                .isEqualTo("http://localhost:8080/fhir/Patient?identifier=" + mark
                        + "&family:contains=%C3%B1%22%26&_count=3");
    }

    /** Follows next links to the last page, or until all of {@code wanted} were seen: others write on. */
    private static List<String> allPages(String url, List<String> wanted) {
        List<String> seen = new ArrayList<>();
        Response page = search(Tokens.coordinator(), url);
        seen.addAll(matches(page));
        String next = page.path("link.find { it.relation == 'next' }?.url");
        while (next != null && !seen.containsAll(wanted)) {
            page = search(Tokens.coordinator(), next.substring(next.indexOf("/fhir/") + 6));
            seen.addAll(matches(page));
            next = page.path("link.find { it.relation == 'next' }?.url");
        }
        return seen;
    }

    private String mine(String query) {
        return "Patient?identifier=" + mark + "&" + query;
    }

    private String findings(String query) {
        return "Observation?subject=Patient/" + ada + "&" + query.replace("|", "%7C");
    }

    private static String tagged(String tag, int number) {
        return "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + tag + "\"},{\"value\":\"n" + number
                + "\"}]}";
    }

    private static String observation(String patient, String code, double value, String unit, String when) {
        return "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\","
                + "\"code\":\"" + code + "\"}]},\"subject\":{\"reference\":\"Patient/" + patient
                + "\"},\"effectiveDateTime\":\"" + when
                + "\",\"valueQuantity\":{\"value\":" + value + ",\"system\":\"http://unitsofmeasure.org\",\"code\":\""
                + unit + "\"}}";
    }
}
