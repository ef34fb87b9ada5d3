package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.junit.jupiter.api.Test;

/** Nobody is enrolled in coordination who does not want it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class EnrolmentApiTest {

    private static final String DENIES = "\"provision\":{\"type\":\"deny\",\"purpose\":[{\"code\":\"CAREMGT\"}]}";

    private final Stay stay = Stay.fresh();
    private final String patient =
            "Patient/" + InMemoryPatients.idOf(stay.number()).value();
    private final ResourceKey consent =
            ResourceKey.of("Consent", UUID.randomUUID().toString());

    @Test
    void aTransitionIsOnHoldWhileThePatientDoesNotConsent() {
        // Given
        stay.discharged();
        assertThat(stay.episode().getStatus().toCode()).isEqualTo("active");
        // When
        told(Change.CREATED, 1, DENIES);
        // Then
        awaitEpisode("onhold");
        // When
        told(Change.UPDATED, 2, "\"provision\":{\"type\":\"deny\",\"purpose\":[{\"code\":\"HMARKT\"}]}");
        // Then
        awaitEpisode("active");
        assertThat(stay.episode().getStatusHistory())
                .extracting(past -> past.getStatus().toCode())
                .containsExactly("planned", "active", "onhold");
    }

    @Test
    void whoDidNotConsentIsEnrolledByNobodyUntilTheyDo() {
        // Given
        told(Change.CREATED, 1, DENIES);
        soon().until(() -> enrol("active").statusCode() == 422);
        // Then
        Response refused = enrol("active");
        problem(refused, ProblemCode.RULE_VIOLATED);
        assertThat(refused.<String>path("issue[0].expression[0]")).isEqualTo("EpisodeOfCare.status");
        assertThat(enrol("waitlist").statusCode()).isEqualTo(201);
        // When
        stay.discharged();
        // Then
        assertThat(stay.episode().getStatus().toCode()).isEqualTo("waitlist");
        // When
        told(Change.DELETED, 2, DENIES);
        // Then
        awaitEpisode("active");
        assertThat(enrol("active").statusCode()).isEqualTo(201);
    }

    @Test
    void aDenialForAnAgencyIsNotOneOfCoordination() {
        // Given
        told(
                Change.CREATED,
                1,
                "\"provision\":{\"type\":\"deny\",\"actor\":[{\"role\":{\"text\":\"x\"},\"reference\":{\"reference\":\"Organization/harbor\"}}]}");
        // When
        stay.discharged();
        ResourceKey marker = ResourceKey.of("Consent", UUID.randomUUID().toString());
        String other = "Patient/" + UUID.randomUUID();
        Events.tell("patients", event(marker, other, Change.CREATED, 1, DENIES));
        soon().until(() -> enrol(other, "active").statusCode() == 422);
        // Then
        EpisodeOfCare episode = stay.episode();
        assertThat(episode.getStatus().toCode()).isEqualTo("active");
    }

    private void awaitEpisode(String status) {
        soon().until(() -> stay.episode().getStatus().toCode().equals(status));
    }

    private Response enrol(String status) {
        return enrol(patient, status);
    }

    private static Response enrol(String patient, String status) {
        return as(Tokens.service()).body("""
                        {"resourceType":"EpisodeOfCare","status":"%s","patient":{"reference":"%s"},
                         "managingOrganization":{"reference":"Organization/riverside-clinic"}}""".formatted(status, patient)).post("/fhir/EpisodeOfCare");
    }

    private void told(Change change, long version, String rest) {
        Events.tell("patients", event(consent, patient, change, version, rest));
    }

    private static ResourceEvent event(ResourceKey key, String patient, Change change, long version, String rest) {
        String body = """
                {"resourceType":"Consent","id":"%s","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"IDSCL"}]}],"patient":{"reference":"%s"},"policyRule":{"text":"x"},%s}""".formatted(key.id().value(), patient, rest);
        return new ResourceEvent(
                UUID.randomUUID(),
                key,
                change,
                version,
                Instant.now(),
                patient,
                Optional.empty(),
                Optional.empty(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
