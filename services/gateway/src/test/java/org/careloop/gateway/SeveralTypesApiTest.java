package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches of several types, of compartments and of all that there is of a patient: which services are asked for what. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class SeveralTypesApiTest {

    private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";
    private static final Set<Long> ADA = Set.of(IndexHash.ofTarget("Patient/ada"));

    @BeforeEach
    void forget() {
        FakeServices.searches();
    }

    @ParameterizedTest
    @CsvSource({
        "?_type=Task, referrals",
        "/?_type=Task, referrals",
        "?_type=Task%2CPatient&_lastUpdated=gt2026, patients referrals",
        "?_id=1, care-plans patients referrals transitions",
        "/Patient/ada/Task, referrals",
        "/Patient/ada/*?_type=Task%2CGoal, care-plans referrals",
        "/Encounter/1/Observation, patients",
        "/Patient/ada/$everything?_type=Task, referrals",
        "/Patient/ada/%24everything?_type=Task, referrals",
        "/Patient/$everything?_type=Task, patients referrals"
    })
    void asksWhoHoldsTheTypes(String url, String services) {
        // When
        Response answer = coordinator().urlEncodingEnabled(false).get("/fhir" + url);
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("type")).isEqualTo("searchset");
        assertThat(FakeServices.searches()).containsOnlyKeys(services.split(" "));
    }

    @Test
    void compartmentIsWhatRefersToItsResource() {
        // When
        coordinator().get("/fhir/Patient/ada/Observation?status=final");
        // Then
        FederatedSearch asked = FakeServices.searches().get("patients");
        assertThat(asked.request().types()).containsExactly("Observation");
        assertThat(asked.request().condition().conjuncts())
                .containsExactlyInAnyOrder(
                        SearchParser.condition("Observation", QueryParameter.parse("status=final"))
                                .conjuncts()
                                .getFirst(),
                        new Condition.AnyOf(List.of(
                                new Condition.RefersTo(IndexHash.ofParameter("Observation", "performer"), ADA),
                                new Condition.RefersTo(IndexHash.ofParameter("Observation", "subject"), ADA))));
    }

    @Test
    void parameterMeansInEachTypeWhatTheTypeSays() {
        // When
        coordinator().get("/fhir?_type=Task,ServiceRequest&status=active&status:not=completed");
        // Then
        List<Condition> conditions =
                FakeServices.searches().get("referrals").request().condition().conjuncts();
        assertThat(conditions)
                .contains(new Condition.AnyOf(
                        List.of(filter("ServiceRequest", "status=active"), filter("Task", "status=active"))))
                .contains(filter("ServiceRequest", "status:not=completed"), filter("Task", "status:not=completed"));
    }

    private static Condition filter(String type, String query) {
        return SearchParser.condition(type, QueryParameter.parse(query))
                .conjuncts()
                .getFirst();
    }

    @Test
    void searchByFormIsTheSame() {
        // When
        Response answer =
                coordinator().contentType(FORM).body("_type=Task&_id=1").post("/fhir/_search");
        // Then
        assertThat(answer.jsonPath().getString("link[0].url")).endsWith("/fhir?_id=1&_type=Task");
        assertThat(FakeServices.searches()).containsOnlyKeys("referrals");
    }

    @ParameterizedTest
    @CsvSource({
        "/Organization/1/Task, UNSUPPORTED_PARAMETER",
        "/Patient/ada/Organization, UNSUPPORTED_PARAMETER",
        "/Patient/ada/Claim, UNKNOWN_TYPE",
        "/Patient/ada/*?_type=Organization, INVALID_PARAMETER",
        "?_type=Claim, INVALID_PARAMETER",
        "?_type=Task&family=x, UNSUPPORTED_PARAMETER",
        "?family=x, UNSUPPORTED_PARAMETER",
        "/Patient/ada/$everything?family=x, UNSUPPORTED_PARAMETER",
        "/Patient/ada/$everything?start=x, INVALID_PARAMETER",
        "/Patient/gone/$everything, RESOURCE_GONE",
        "/_history?_cursor=1, UNSUPPORTED_PARAMETER",
        "/_history?_page=AAAA, INVALID_PARAMETER"
    })
    void refusesWhatItCannotAnswer(String url, ProblemCode code) {
        problem(coordinator().urlEncodingEnabled(false).get("/fhir" + url), code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_type=Task", "/Patient/ada/Task", "/Patient/ada/$everything"})
    void needsAToken(String url) {
        assertThat(RestAssured.given()
                        .urlEncodingEnabled(false)
                        .get("/fhir" + url)
                        .statusCode())
                .isEqualTo(401);
        assertThat(FakeServices.searches()).isEmpty();
    }

    @Test
    void serviceWithNothingOpenAddsNothing() {
        FakeServices.withClosed("Goal", () -> {
            assertThat(coordinator().get("/fhir?_type=Goal,Task").statusCode()).isEqualTo(200);
            problem(coordinator().get("/fhir?_type=Goal"), ProblemCode.FORBIDDEN);
        });
    }

    @Test
    void everythingAsksWhoIsNamedToo() {
        // When
        coordinator().get("/fhir/Patient/ada/$everything?_type=Observation,Practitioner&_since=2026-01-01&_count=7");
        // Then
        Map<String, FederatedSearch> asked = FakeServices.searches();
        assertThat(asked).containsOnlyKeys("patients");
        assertThat(asked.get("patients").request().count()).isEqualTo(7);
        assertThat(asked.get("patients").parameters())
                .contains(IndexHash.ofParameter("Observation", "performer"))
                .doesNotContain(IndexHash.ofParameter("Observation", "encounter"));
    }

    @Test
    void formatInTheFormOfASearchIsLookedAt() {
        // When
        Response answer = coordinator()
                .contentType(FORM)
                .body("patient.family=x&_format=xml")
                .post("/fhir/Task/_search");
        // Then
        assertThat(answer.contentType()).startsWith("application/fhir+xml");
        assertThat(answer.asString()).startsWith("<Bundle xmlns=\"http://hl7.org/fhir\">");
    }

    @Test
    void capabilitiesAreToldInXmlToo() {
        assertThat(RestAssured.get("/fhir/metadata").jsonPath().getList("rest[0].interaction.code"))
                .contains("search-system");
        assertThat(RestAssured.get("/fhir/metadata")
                        .<String>path("rest[0].resource.find { it.type == 'Patient' }.operation[0].name"))
                .isEqualTo("everything");
        assertThat(RestAssured.get("/fhir/metadata?_format=xml").asString()).startsWith("<CapabilityStatement");
    }

    @Test
    void linkOpensForItsCallerAlone() {
        // When
        String link = coordinator().get("/fhir/_history?_count=2").path("link.find { it.relation == 'next' }.url");
        String page = link.substring(link.indexOf("/fhir"));
        // Then
        assertThat(page).matches("/fhir/_history\\?_page=[A-Za-z0-9_-]+");
        Response next = coordinator().urlEncodingEnabled(false).get(page);
        assertThat(next.jsonPath().getString("link[0].url")).endsWith("/fhir/_history?_count=2");
        assertThat(next.jsonPath().getList("entry")).hasSize(2);
        problem(as(Tokens.supervisor()).urlEncodingEnabled(false).get(page), ProblemCode.FORBIDDEN);
        problem(
                coordinator().urlEncodingEnabled(false).get(page.replace("/_history", "/Provenance/_history")),
                ProblemCode.INVALID_PARAMETER);
        problem(coordinator().urlEncodingEnabled(false).get(page + "&_count=3"), ProblemCode.INVALID_PARAMETER);
    }
}
