package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.FederatedSearch.Answer;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest.SortKey;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.TokenTrust;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which services the gateway asks for what, where one cannot answer alone. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class FederationApiTest {

    @BeforeEach
    void forget() {
        FakeServices.searches();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Task?owner=Organization/1&status=requested",
                "Task?focus:ServiceRequest.status=active",
                "Task?_include=Task:owner:Organization",
                "ServiceRequest?_revinclude=Task:focus",
                "Organization?_has:Task:owner:status=requested"
            })
    void whatOneServiceCanAnswerIsLeftToIt(String query) {
        // When
        Response answer = Fhir.coordinator().urlEncodingEnabled(false).get("/fhir/" + query);
        // Then
        assertThat(answer.header("Seen-Uri")).isEqualTo("/fhir/" + query);
        assertThat(FakeServices.searches()).isEmpty();
    }

    @Test
    void chainToAnotherServiceBecomesKeys() {
        // When
        Response answer = Fhir.coordinator().get("/fhir/Task?patient.family=x&status=requested");
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, FederatedSearch> asked = FakeServices.searches();
        assertThat(asked).containsOnlyKeys("patients", "referrals");
        FederatedSearch patients = asked.get("patients");
        assertThat(patients.answer()).isEqualTo(Answer.KEYS);
        assertThat(patients.request().condition())
                .isEqualTo(SearchParser.condition("Patient", QueryParameter.parse("family=x"))
                        .conjuncts()
                        .getFirst());
        assertThat(asked.get("referrals").request().condition().conjuncts())
                .contains(new Condition.RefersTo(IndexHash.ofParameter("Task", "patient"), Set.of()));
    }

    @Test
    void reverseChainToAnotherServiceBecomesTargets() {
        // When
        Fhir.coordinator().get("/fhir/Patient?_has:Task:patient:status=requested");
        // Then
        Map<String, FederatedSearch> asked = FakeServices.searches();
        assertThat(asked.get("referrals").answer()).isEqualTo(Answer.TARGETS);
        assertThat(asked.get("referrals").parameters()).containsExactly(IndexHash.ofParameter("Task", "patient"));
        assertThat(asked.get("patients").request().condition().conjuncts()).contains(new Condition.HasKey(Set.of()));
    }

    @Test
    void chainToSeveralTypesAsksTheServiceOfEach() {
        // When
        Response answer = Fhir.coordinator().get("/fhir/Observation?subject.name=x");
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, FederatedSearch> asked = FakeServices.searches();
        assertThat(asked).containsOnlyKeys("patients", "referrals");
        assertThat(asked.get("referrals").answer()).isEqualTo(Answer.KEYS);
        long subject = IndexHash.ofParameter("Observation", "subject");
        assertThat(asked.get("patients").request().condition().conjuncts())
                .contains(new Condition.AnyOf(List.of(
                        new Condition.RefersTo(subject, Set.of()),
                        new Condition.Chain(
                                subject,
                                "Patient",
                                SearchParser.condition("Patient", QueryParameter.parse("name=x"))
                                        .conjuncts()
                                        .getFirst()))));
    }

    @Test
    void typeOfSeveralHoldersIsSortedByEachOfThem() {
        // When
        Response answer = Fhir.coordinator().get("/fhir/Provenance?_sort=-recorded,_id");
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(FakeServices.searches().values())
                .hasSize(4)
                .allSatisfy(search -> assertThat(search.request().order().keys())
                        .containsExactly(new SortKey("recorded", true), new SortKey("_id", false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_type=Patient,Task&_sort=_id", "?_type=Task,ServiceRequest&_sort=status"})
    void severalTypesAreSortedByChangeOnly(String query) {
        Fhir.problem(Fhir.coordinator().get("/fhir" + query), ProblemCode.UNSUPPORTED_PARAMETER);
        assertThat(FakeServices.searches()).isEmpty();
    }

    @Test
    void typeOfSeveralHoldersIsAskedOfAll() {
        // When
        Response answer = Fhir.coordinator().get("/fhir/Provenance?target=Patient/1");
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(FakeServices.searches()).containsOnlyKeys("patients", "care-plans", "referrals", "transitions");
    }

    @ParameterizedTest
    @CsvSource({"Patient/1, patients", "Goal/1, care-plans", "Task/1, referrals", "Encounter/1, transitions"})
    void newProvenanceGoesBesideItsTarget(String target, String service) {
        // When
        Response answer = Fhir.coordinator()
                .contentType(ContentType.JSON)
                .body("{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"" + target + "\"}]}")
                .post("/fhir/Provenance");
        // Then
        assertThat(answer.header("Seen-Service")).isEqualTo(service);
        assertThat(answer.asString()).contains(target);
    }

    @Test
    void provenanceIsNotChangedByCriteria() {
        Fhir.problem(Fhir.coordinator().delete("/fhir/Provenance?target=Patient/1"), ProblemCode.METHOD_NOT_ALLOWED);
    }

    @Test
    void refusalOfAServiceIsTheAnswer() {
        FakeServices.withClosed("Task", () -> {
            Response answer = Fhir.coordinator().get("/fhir/Task?patient.family=x");
            Fhir.problem(answer, ProblemCode.FORBIDDEN);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Task?patient.family=x", "Patient?_has:Task:patient:status=requested"})
    void aHopThatIsShutIsRefusedAcrossServicesToo(String query) {
        for (String closed : List.of("Patient", "Task")) {
            FakeServices.withClosed(
                    closed, () -> Fhir.problem(Fhir.coordinator().get("/fhir/" + query), ProblemCode.FORBIDDEN));
        }
    }

    /** Its subject may also be a Group, a Device or a Location. */
    @Test
    void ofTheTypesToWhichAChainMayLeadOneThatIsOpenIsEnough() {
        FakeServices.withClosed(
                "Patient",
                () -> assertThat(Fhir.coordinator()
                                .get("/fhir/ServiceRequest?subject.identifier=x")
                                .statusCode())
                        .isEqualTo(200));
    }

    @Test
    void serviceThatCannotBeReachedIsToldNotLeftOut() {
        FakeServices.without("transitions", () -> {
            Fhir.problem(Fhir.coordinator().get("/fhir/Provenance?target=Patient/1"), ProblemCode.UNAVAILABLE);
            Fhir.problem(Fhir.coordinator().get("/fhir/Provenance/1"), ProblemCode.UNAVAILABLE);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Task?patient.nonsense=1", "Patient?_has:Task:nonsense:status=1", "Provenance?nonsense=1"})
    void whatCannotBeReadIsRefusedAsByAService(String query) {
        Fhir.problem(Fhir.coordinator().get("/fhir/" + query), ProblemCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void crossingSearchNeedsATokenToo() {
        Response answer = io.restassured.RestAssured.get("/fhir/Task?patient.family=x");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(FakeServices.searches()).isEmpty();
    }
}
