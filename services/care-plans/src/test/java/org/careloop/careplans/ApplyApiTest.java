package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirvalidation.StructureRules;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Test;

/**
 * A protocol applied on demand.
 *
 * @see <a href="https://hl7.org/fhir/R4/plandefinition-operation-apply.html">FHIR R4 PlanDefinition $apply</a>
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class ApplyApiTest {

    private final DischargeScene scene = DischargeScene.fresh();

    @Test
    void showsWhatProtocolAsksForAndStoresNothing() {
        // Given
        scene.planned();
        // When
        Response answer = apply(Tokens.coordinator(), "general-adult-discharge", scene.patient(), scene.stay());
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        CarePlan plan = FhirJson.parse(CarePlan.class, answer.asByteArray());
        assertThat(StructureRules.faults(plan, "CarePlan")).isEmpty();
        assertThat(plan.getStatus().toCode() + " " + plan.getIntent().toCode()).isEqualTo("draft proposal");
        assertThat(plan.getContained())
                .extracting(Resource::fhirType)
                .containsExactly("Goal", "Goal", "Goal", "Task", "Task", "Task", "ServiceRequest");
        assertThat(plan.getActivity())
                .extracting(activity -> activity.getReference().getReference())
                .containsExactly(
                        "#outreach", "#medication-reconciliation", "#follow-up-visit-high-risk", "#home-health");
        assertThat(plan.getGoal()).extracting(Reference::getReference).contains("#goal-1");
        Task outreach = (Task) plan.getContained().get(3);
        assertThat(outreach.getRestriction().getPeriod().getEnd()).isEqualTo("2026-03-10T21:00:00Z");
        ServiceRequest referral = (ServiceRequest) plan.getContained().getLast();
        assertThat(referral.getIntent().toCode()).isEqualTo("proposal");
        assertThat(referral.getSubject().getReference()).isEqualTo("Patient/" + scene.patient());
        assertThat(Fhir.found("CarePlan?patient=" + scene.patient())).containsExactly(scene.planId());
        assertThat(Fhir.found("Goal?patient=" + scene.patient())).hasSize(4);
    }

    @Test
    void appliesSpecialProtocolAloneAfterTheLastDischarge() {
        // Given
        scene.planned();
        // When
        CarePlan plan = FhirJson.parse(
                CarePlan.class,
                apply(Tokens.coordinator(), "copd-discharge", scene.patient(), "")
                        .asByteArray());
        // Then
        assertThat(plan.getInstantiatesCanonical().getFirst().getValue()).contains("copd-discharge|");
        assertThat(plan.getGoal()).hasSize(3);
        assertThat(plan.getEncounter().getReference()).isEqualTo("Encounter/" + scene.stay());
    }

    @Test
    void appliesProtocolThatIsSent() {
        // Given
        scene.planned();
        String definition =
                Fhir.coordinator().get("/fhir/PlanDefinition/copd-discharge").asString();
        // When
        Response answer = Fhir.coordinator()
                .urlEncodingEnabled(false)
                .body("""
                        {"resourceType":"Parameters","parameter":[{"name":"planDefinition","resource":%s},
                         {"name":"subject","valueString":"Patient/%s"},
                         {"name":"organization","valueString":"Organization/riverside-clinic"}]}""".formatted(definition, scene.patient()))
                .post("/fhir/PlanDefinition/$apply");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(FhirJson.parse(CarePlan.class, answer.asByteArray()).getActivity())
                .hasSize(6);
    }

    @Test
    void saysWhyDefinitionCannotBeApplied() {
        // Given
        scene.planned();
        for (String action : new String[] {
            "{\"title\":\"x\"}",
            "{\"id\":\"a\",\"definitionUri\":\"urn:x\"}",
            "{\"id\":\"a\",\"definitionCanonical\":\"urn:nowhere|1\"}",
            "{\"id\":\"a\",\"definitionCanonical\":\"https://careloop.org/fhir/ActivityDefinition/outreach-call|2026.1.0\","
                    + "\"condition\":[{\"kind\":\"applicability\"}]}",
            "{\"id\":\"a\",\"definitionCanonical\":\"https://careloop.org/fhir/ActivityDefinition/outreach-call|2026.1.0\","
                    + "\"timingDuration\":{\"value\":1.5,\"code\":\"d\",\"system\":\"http://unitsofmeasure.org\"}}",
        }) {
            // When
            Response answer = Fhir.coordinator()
                    .urlEncodingEnabled(false)
                    .body("""
                            {"resourceType":"Parameters","parameter":[{"name":"subject","valueString":"Patient/%s"},
                             {"name":"planDefinition","resource":{"resourceType":"PlanDefinition","url":"urn:own","status":"draft",
                              "action":[%s]}}]}""".formatted(scene.patient(), action))
                    .post("/fhir/PlanDefinition/$apply");
            // Then
            assertThat(Fhir.problem(answer, ProblemCode.RULE_VIOLATED)).startsWith("PlanDefinition: ");
        }
    }

    @Test
    void refusesWhatItCannotAnswer() {
        // Given
        scene.planned();
        String other = DischargeScene.fresh().planned().stay();
        String known = "general-adult-discharge";
        // When, Then
        assertThat(Fhir.problem(apply(Tokens.coordinator(), known, scene.patient(), other), ProblemCode.RULE_VIOLATED))
                .startsWith("encounter: no discharge of the subject is known");
        Fhir.problem(apply(Tokens.coordinator(), "nowhere", scene.patient(), ""), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(Fhir.problem(call(Tokens.coordinator(), known, ""), ProblemCode.INVALID_PARAMETER))
                .startsWith("subject: missing");
        assertThat(Fhir.problem(
                        call(Tokens.coordinator(), known, "{\"name\":\"subject\",\"valueString\":\"Group/1\"}"),
                        ProblemCode.INVALID_PARAMETER))
                .isEqualTo("subject: not such a reference (expected: Patient/id)");
        Fhir.problem(
                call(Tokens.coordinator(), known, "{\"name\":\"setting\",\"valueString\":\"x\"}"),
                ProblemCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void isForWhoMayMakePlansOfThePatient() {
        // Given
        scene.planned();
        String stranger = Tokens.token("other-ehr", "coordinator", "other-clinic", "system/*.cruds");
        String reader = Tokens.token("riverside-ehr", "coordinator", "riverside-clinic", "system/*.rs");
        String known = "general-adult-discharge";
        // When, Then
        assertThat(apply(Tokens.service(), known, scene.patient(), "").statusCode())
                .isEqualTo(200);
        for (String token : new String[] {
            stranger, reader, Tokens.partner("harbor-home-health"), Tokens.patient(scene.patient()), Tokens.supervisor()
        }) {
            assertThat(apply(token, known, scene.patient(), scene.stay()).statusCode())
                    .isEqualTo(403);
        }
        assertThat(Fhir.as("none")
                        .post("/fhir/PlanDefinition/" + known + "/$apply")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void isInTheTrailOfThePatient() {
        // Given
        scene.planned();
        String client = "client-" + scene.patient();
        String token = Tokens.token(client, "coordinator", "riverside-clinic", "system/*.cruds");
        // When
        apply(token, "general-adult-discharge", scene.patient(), "");
        // Then
        Response trail = Fhir.search(Tokens.privacyOfficer(), "AuditEvent?altid=" + client);
        assertThat(trail.asString()).contains("Patient/" + scene.patient());
    }

    @Test
    void isInCapabilityStatement() {
        Fhir.coordinator()
                .get("/fhir/metadata")
                .then()
                .body("rest[0].resource.find { it.type == 'PlanDefinition' }.operation.name", hasItem("apply"));
    }

    private static Response apply(String token, String definition, String patient, String stay) {
        String encounter = stay.isEmpty()
                ? ""
                : ",{\"name\":\"encounter\",\"valueReference\":{\"reference\":\"Encounter/" + stay + "\"}}";
        return call(
                token, definition, "{\"name\":\"subject\",\"valueString\":\"Patient/" + patient + "\"}" + encounter);
    }

    private static Response call(String token, String definition, String parameters) {
        return Fhir.as(token)
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\""
                        + (parameters.isEmpty() ? "}" : ",\"parameter\":[" + parameters + "]}"))
                .post("/fhir/PlanDefinition/" + definition + "/$apply");
    }
}
