package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.included;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a patient consented to decides, in every interaction, what an agency sees of what its referral opens. */
@QuarkusTest
class ConsentApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ETHUD =
            "{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"ETHUD\"}";

    private final String harbor = "harbor-" + UUID.randomUUID();
    private final String token = Tokens.partner(harbor);
    private String patient;

    @BeforeEach
    void aReferralOpensThePatient() {
        patient = create("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Consent\"}]}");
        String task = "t-" + patient;
        Events.tell(
                "referrals",
                Events.event(
                        ResourceKey.of("Task", task),
                        Change.UPDATED,
                        1,
                        "Patient/" + patient,
                        "{\"resourceType\":\"Task\",\"id\":\"" + task
                                + "\",\"status\":\"in-progress\",\"intent\":\"order\",\"for\":{\"reference\":\"Patient/"
                                + patient + "\"},\"owner\":{\"reference\":\"Organization/" + harbor + "\"}}"));
        await().atMost(PATIENCE)
                .until(() -> as(token).get("/fhir/Patient/{id}", patient).statusCode() == 200);
    }

    @Test
    void aDenialShutsEveryInteractionAtOnceAndItsWithdrawalOpensThem() {
        // Given
        String observation = observation("HR", harbor);
        assertThat(matches(search(token, "Observation?patient=" + patient))).containsExactly(observation);
        // When
        String consent = consent("\"provision\":{\"type\":\"deny\",\"actor\":[" + actor(harbor) + "]}");
        // Then
        problem(as(token).get("/fhir/Patient/{id}", patient), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/Patient/{id}/_history", patient), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/Patient/{id}/_history/1", patient), ProblemCode.RESOURCE_NOT_FOUND);
        search(token, "Patient?_id=" + patient + "&_total=accurate")
                .then()
                .body("total", equalTo(0))
                .body("entry", nullValue());
        assertThat(included(search(token, "Observation?patient=" + patient + "&_include=Observation:subject")))
                .isEmpty();
        assertThat(matches(search(token, "Observation?subject:Patient.name=consent")))
                .isEmpty();
        // An agency of which the consent says nothing, and who is not asked for it.
        coordinator().get("/fhir/Patient/{id}", patient).then().statusCode(200);
        // When
        coordinator().delete("/fhir/Consent/{id}", consent).then().statusCode(204);
        // Then
        as(token).get("/fhir/Patient/{id}", patient).then().statusCode(200);
    }

    @Test
    void theDeepestRuleDecidesAndADenialAmongConsents() {
        consent(
                "\"policyRule\":{\"coding\":[{\"code\":\"OPTOUT\"}]},\"provision\":{\"provision\":["
                        + "{\"type\":\"permit\",\"actor\":[" + actor(harbor) + "],\"provision\":["
                        + "{\"type\":\"deny\",\"class\":[{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Procedure\"}]}]}]}");
        as(token).get("/fhir/Patient/{id}", patient).then().statusCode(200);
        // When
        consent(
                "\"provision\":{\"type\":\"deny\",\"class\":[{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Patient\"}]}");
        // Then
        problem(as(token).get("/fhir/Patient/{id}", patient), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aConsentThatNamesOthersOrIsOverOrHasNotBegunSaysNothing() {
        consent("\"provision\":{\"type\":\"deny\",\"actor\":[" + actor("someone-else") + "]}");
        consent("\"provision\":{\"type\":\"deny\",\"period\":{\"end\":\"2020-01-01\"}}");
        consent("\"provision\":{\"type\":\"deny\",\"period\":{\"start\":\"2100-01-01\"}}");
        consent("\"provision\":{\"type\":\"deny\",\"purpose\":[{\"code\":\"HMARKT\"}]}");
        as(token).get("/fhir/Patient/{id}", patient).then().statusCode(200);
    }

    @Test
    void whatIsSensitiveIsLabelledAndOpenToAConsentThatNamesItAlone() {
        // Given: made by the clinic, about work of the agency
        String opioid = observation("F11.20", harbor);
        String pulse = observation("I10", harbor);
        String both = "Observation?patient=" + patient;
        coordinator()
                .get("/fhir/Observation/{id}", opioid)
                .then()
                .body("meta.security.code", equalTo(List.of("ETHUD")));
        // Then
        assertThat(matches(search(token, both))).containsExactly(pulse);
        problem(as(token).get("/fhir/Observation/{id}", opioid), ProblemCode.RESOURCE_NOT_FOUND);
        search(token, both + "&_summary=count").then().body("total", equalTo(1));
        // When
        consent("\"provision\":{\"type\":\"permit\",\"actor\":[" + actor(harbor) + "]}");
        // Then: permitting all is not permitting that
        assertThat(matches(search(token, both))).containsExactly(pulse);
        // When
        consent("\"provision\":{\"type\":\"permit\",\"actor\":[" + actor(harbor) + "],\"securityLabel\":[" + ETHUD
                + "]}");
        // Then
        assertThat(matches(search(token, both))).containsExactlyInAnyOrder(pulse, opioid);
        // When: it is deleted, and its labels with it
        coordinator().delete("/fhir/Observation/{id}", opioid).then().statusCode(204);
        // Then
        problem(as(token).get("/fhir/Observation/{id}/_history/1", opioid), ProblemCode.RESOURCE_NOT_FOUND);
    }

    /** A code that was corrected is still told by the versions before. */
    @Test
    void anEarlierVersionIsOpenOnlyIfItToldNoMoreThanTheCurrentOne() {
        // Given
        String corrected = observation("F11.20", harbor);
        String denied = observation("Z59.0", harbor);
        String pulse = observation("I10", harbor);
        recode(corrected, "F11.20", "I10");
        recode(denied, "Z59.0", "I10");
        recode(pulse, "I10", "I11");
        consent(
                "\"provision\":{\"type\":\"deny\",\"code\":[{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"Z59.0\"}]}]}");
        // Then
        for (String changed : List.of(corrected, denied)) {
            as(token).get("/fhir/Observation/{id}", changed).then().statusCode(200);
            problem(as(token).get("/fhir/Observation/{id}/_history/1", changed), ProblemCode.RESOURCE_NOT_FOUND);
            as(token).get("/fhir/Observation/{id}/_history", changed).then().body("entry.size()", equalTo(1));
            coordinator().get("/fhir/Observation/{id}/_history", changed).then().body("entry.size()", equalTo(2));
        }
        as(token).get("/fhir/Observation/{id}/_history", pulse).then().body("entry.size()", equalTo(2));
        as(token).get("/fhir/Observation/{id}/_history/1", pulse).then().statusCode(200);
        as(token).get("/fhir/Observation/_history").then().body("entry.size()", equalTo(4));
    }

    private static void recode(String id, String from, String to) {
        String body = coordinator().get("/fhir/Observation/{id}", id).asString();
        // Labels stay where a client sends them back.
        coordinator()
                .body(body.replace("\"" + from + "\"", "\"" + to + "\"").replaceAll(",?\"security\":\\[[^]]*]", ""))
                .put("/fhir/Observation/{id}", id)
                .then()
                .statusCode(200);
    }

    @Test
    void aLabelOfARuleCannotBeLeftOut() {
        String opioid = observation("F11.20", harbor);
        coordinator()
                .body(observationBody("F11.20", harbor).replaceFirst("\\{", "{\"id\":\"" + opioid + "\","))
                .put("/fhir/Observation/{id}", opioid)
                .then()
                .statusCode(200)
                .body("meta.versionId", equalTo("1"))
                .body("meta.security.code", hasItem("ETHUD"));
    }

    @Test
    void dataOfATimeAreThatTimesAlone() {
        // Given
        String old = observation("2019-05-01", "I10", harbor);
        String recent = observation("2026-05-01", "I10", harbor);
        String undated = observation("I10", harbor);
        // When
        consent("\"provision\":{\"type\":\"deny\",\"dataPeriod\":{\"end\":\"2020-12-31\"},"
                + "\"class\":[{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Observation\"}]}");
        // Then: of what has no date nobody knows that it is not of then
        assertThat(matches(search(token, "Observation?patient=" + patient)))
                .contains(recent)
                .doesNotContain(old, undated);
    }

    @Test
    void aConsentThatChangesBetweenTwoPagesHoldsForTheSecond() {
        // Given
        for (int i = 0; i < 4; i++) {
            observation("I10", harbor);
        }
        var first = search(token, "Observation?patient=" + patient + "&_count=2");
        assertThat(matches(first)).hasSize(2);
        String next = first.path("link.find { it.relation == 'next' }.url");
        // When
        consent("\"provision\":{\"type\":\"deny\"}");
        // Then
        search(token, next.substring(next.indexOf("/fhir/") + 6))
                .then()
                .body("entry", nullValue())
                .body("link.relation", not(hasItem("next")));
    }

    private String consent(String rest) {
        return create(
                "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"coding\":[{\"code\":\"patient-privacy\"}]},"
                        + "\"category\":[{\"coding\":[{\"code\":\"IDSCL\"}]}],\"patient\":{\"reference\":\"Patient/"
                        + patient + "\"}," + (rest.contains("policyRule") ? "" : "\"policyRule\":{\"text\":\"x\"},")
                        + rest + "}");
    }

    private static String actor(String organization) {
        return "{\"role\":{\"text\":\"recipient\"},\"reference\":{\"reference\":\"Organization/" + organization
                + "\"}}";
    }

    private String observation(String code, String performer) {
        return create(observationBody(code, performer));
    }

    private String observation(String date, String code, String performer) {
        return create(observationBody(code, performer).replaceFirst("\\{", "{\"effectiveDateTime\":\"" + date + "\","));
    }

    private String observationBody(String code, String performer) {
        return "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\""
                + code + "\"}]},\"subject\":{\"reference\":\"Patient/" + patient
                + "\"},\"performer\":[{\"reference\":\"Organization/" + performer + "\"}]}";
    }
}
