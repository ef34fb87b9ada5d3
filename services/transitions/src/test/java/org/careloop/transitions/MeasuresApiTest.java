package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What measures say of the discharge of 7 March 2026 is what evidence shows. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MeasuresApiTest {

    private final Stay stay = Stay.fresh();
    private final String patient =
            "Patient/" + InMemoryPatients.idOf(stay.number()).value();

    @BeforeEach
    void discharge() {
        stay.discharged();
    }

    @Test
    void tellsCriteriaWithTheirEvidence() {
        // Given
        assertThat(verdict("trc", "eligible")).isEqualTo("unknown");
        // When
        tell("Patient", patient.substring(patient.indexOf('/') + 1), """
                {"resourceType":"Patient","birthDate":"1950-05-01"}""");
        tell("Coverage", UUID.randomUUID().toString(), """
                {"resourceType":"Coverage","status":"active","beneficiary":{"reference":"%s"},
                 "type":{"coding":[{"system":"https://nahdo.org/sopt","code":"1"}]},"payor":[{"display":"x"}],
                 "period":{"start":"2020-01-01"}}""".formatted(patient));
        String procedure = UUID.randomUUID().toString();
        tell("Procedure", procedure, """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"%s"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"99496"}]},
                 "performer":[{"actor":{"reference":"Practitioner/doctor"}}],"performedDateTime":"2026-03-12"}""".formatted(patient));
        // Then
        soon().untilAsserted(() -> assertThat(verdict("trc", "eligible")).isEqualTo("met"));
        soon().untilAsserted(() ->
                assertThat(criterion("trc", "medication-reconciliation")).isEqualTo("met"));
        assertThat(criterion("trc", "patient-engagement")).isEqualTo("met");
        assertThat(criterion("trc", "discharge-information")).isEqualTo("not-met");
        assertThat(verdict("trc", "verdict")).isEqualTo("not-met");
        assertThat(criterion("tcm-99496", "decision-making")).isEqualTo("met");
        assertThat(criterion("tcm-99496", "visit")).isEqualTo("not-met");
        JsonPath told = measures(Tokens.service()).jsonPath();
        assertThat(told.getString(PROVENANCE)).isEqualTo("Procedure/" + procedure + "/_history/1");
        assertThat(measures(Tokens.service()).asString()).contains("\"valueString\":\"trc-2026-1\"");
    }

    @Test
    void isForWhoCoordinatesAndReadsTheEpisode() {
        assertThat(measures(Tokens.supervisor()).statusCode()).isEqualTo(200);
        assertThat(measures(Tokens.coordinator()).statusCode()).isEqualTo(200);
        problem(measures(Tokens.partner("harbor-home-health")), ProblemCode.FORBIDDEN);
        problem(
                measures(Tokens.token("other", "coordinator", "other-clinic", "system/*.cruds")),
                ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                Fhir.as(Tokens.coordinator()).get("/fhir/EpisodeOfCare/none/$transition-measures"),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aDischargeThatIsTakenBackIsNotMeasured() {
        // When
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // Then
        assertThat(measures(Tokens.service()).<Object>path("parameter")).isNull();
    }

    private static final String PROVENANCE =
            "parameter.find { it.part[0].valueCode == 'trc' }.part.find { it.name == 'criterion' && it.part[0].valueCode =="
                    + " 'medication-reconciliation' }.part.find { it.name == 'evidence' }.part.find { it.name =="
                    + " 'provenance' }.resource.entity[0].what.reference";

    private String verdict(String measure, String part) {
        return measures(Tokens.service())
                .path("parameter.find { it.part[0].valueCode == '%s' }.part.find { it.name == '%s' }.valueCode"
                        .formatted(measure, part));
    }

    private String criterion(String measure, String code) {
        return measures(Tokens.service())
                .path(("parameter.find { it.part[0].valueCode == '%s' }.part.find { it.name == 'criterion' &&"
                                + " it.part[0].valueCode == '%s' }.part[1].valueCode")
                        .formatted(measure, code));
    }

    private Response measures(String token) {
        return Fhir.as(token).get("/fhir/EpisodeOfCare/{id}/$transition-measures", stay.episodeId());
    }

    private void tell(String type, String id, String body) {
        String named = body.strip().replaceFirst("\\{", "{\"id\":\"" + id + "\",");
        Events.tell("patients", Events.event(ResourceKey.of(type, id), Change.CREATED, 1, patient, named));
    }
}
