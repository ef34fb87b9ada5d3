package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.REPORTS;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** From what other services tell, as the golden files have it, to one plan that follows the work. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class PlanOfDischargeApiTest {

    private static final String HARBOR = Tokens.partner("harbor-home-health");

    @Test
    void makesOnePlanWhateverComesFirst() {
        // Given
        List<DischargeScene> scenes = new ArrayList<>();
        // When
        for (List<String> order : orders(REPORTS)) {
            DischargeScene scene = DischargeScene.fresh();
            order.forEach(name -> tell(scene.event(name)));
            scenes.add(scene);
        }
        // Then
        assertThat(scenes).hasSize(24);
        for (DischargeScene scene : scenes) {
            scene.awaitPlan();
            assertThat(Fhir.found("CarePlan?patient=" + scene.patient())).containsExactly(scene.planId());
            assertThat(Fhir.found("Goal?patient=" + scene.patient())).hasSize(4);
            assertThat(Fhir.found("CareTeam?patient=" + scene.patient())).hasSize(1);
            assertThat(scene.plan().getMeta().getVersionId()).isEqualTo("1");
        }
    }

    @Test
    void makesNothingNewOfWhatIsToldAgain() {
        // Given
        DischargeScene scene = DischargeScene.fresh();
        List<ResourceEvent> events = REPORTS.stream().map(scene::event).toList();
        events.forEach(DischargeScene::tell);
        scene.awaitPlan();
        // When
        events.forEach(DischargeScene::tell);
        REPORTS.forEach(name -> tell(scene.event(name)));
        DischargeScene next = new DischargeScene(scene.patient(), "next-" + scene.stay()).planned();
        // Then
        assertThat(Fhir.found("CarePlan?patient=" + scene.patient()))
                .containsExactlyInAnyOrder(scene.planId(), next.planId());
        assertThat(Fhir.found("Goal?patient=" + scene.patient())).hasSize(8);
        assertThat(scene.plan().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void makesNoPlanWithoutOneOfTheReports() {
        // Given
        DischargeScene incomplete = DischargeScene.fresh();
        // When
        REPORTS.stream().filter(name -> !name.equals("risk-assessment")).forEach(name -> tell(incomplete.event(name)));
        new DischargeScene(incomplete.patient(), "next-" + incomplete.stay()).planned();
        // Then
        assertThat(DischargeScene.readAs(Tokens.coordinator(), "CarePlan", incomplete.planId())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void planHasShapeOfGoldenFile() {
        // Given
        CarePlan golden = FhirJson.parse(
                CarePlan.class, DischargeScene.text("care-plan-activated").getBytes(StandardCharsets.UTF_8));
        // When
        DischargeScene scene = DischargeScene.fresh().planned();
        CarePlan plan = scene.plan();
        // Then
        assertThat(elements(plan)).isEqualTo(elements(golden));
        assertThat(plan.getInstantiatesCanonical().toString())
                .isEqualTo(golden.getInstantiatesCanonical().toString());
        assertThat(plan.getActivity())
                .extracting(CarePlanActivityComponent::getId)
                .containsExactlyElementsOf(golden.getActivity().stream()
                        .map(CarePlanActivityComponent::getId)
                        .toList());
        assertThat(plan.getActivity())
                .allSatisfy(activity ->
                        assertThat(activity.getDetail().getStatus().toCode()).isEqualTo("not-started"));
        assertThat(plan.getGoal())
                .extracting(Reference::getDisplay)
                .containsExactlyElementsOf(
                        golden.getGoal().stream().map(Reference::getDisplay).toList());
        assertThat(plan.getEncounter().getReference()).isEqualTo("Encounter/" + scene.stay());
        assertThat(plan.getPeriod().getStart()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(plan.getAuthor().getReference()).isEqualTo("Organization/riverside-clinic");
    }

    @Test
    void planAndGoalsFollowReferral() {
        // Given
        DischargeScene scene = DischargeScene.fresh().planned();
        ResourceEvent completed = scene.event("task-completed");
        Task task = scene.resource("task-completed", Task.class);
        ServiceRequest request = new ServiceRequest();
        request.setId(task.getFocus().getReferenceElement().getIdPart());
        request.getMeta().setVersionId("1");
        request.setIdentifier(task.getIdentifier())
                .setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE)
                .setIntent(ServiceRequest.ServiceRequestIntent.ORDER)
                .setSubject(task.getFor());
        // When
        tell(scene.event(request));
        tell(scene.event("task-requested"));
        tell(completed);
        tell(completed);
        tell(scene.event("task-requested"));
        Task last = outreach(scene, task);
        tell(scene.event(last));
        soon().until(() -> activity(scene, "outreach").hasReference());
        // Then
        CarePlanActivityComponent activity = activity(scene, "home-health");
        assertThat(activity.getReference().getReference())
                .isEqualTo(task.getFocus().getReference());
        assertThat(activity.hasDetail()).isFalse();
        assertThat(activity.getOutcomeReference())
                .extracting(Reference::getReference)
                .containsExactly("Procedure/start-of-care");
        assertThat(activity.getProgress())
                .extracting(note -> note.getText())
                .contains("Task is completed")
                .doesNotHaveDuplicates();
        assertThat(activity(scene, "outreach").getReference().getReference())
                .isEqualTo("Task/" + last.getIdElement().getIdPart());
        assertThat(achievement(scene, "Safe at home, no unplanned readmission in 30 days"))
                .isEqualTo("improving");
    }

    @Test
    void partnerSeesPlanFromItsAcceptanceOn() {
        // Given
        DischargeScene scene = DischargeScene.fresh().planned();
        String team = Fhir.found("CareTeam?patient=" + scene.patient()).getFirst();
        assertThat(DischargeScene.readAs(HARBOR, "CarePlan", scene.planId()).statusCode())
                .isEqualTo(404);
        tell(scene.event("task-requested"));
        // When
        tell(referral(scene, TaskStatus.ACCEPTED, 2));
        // Then
        soon().untilAsserted(() -> assertThat(planFor(scene)).isEqualTo(200));
        assertThat(DischargeScene.readAs(HARBOR, "CareTeam", team).statusCode()).isEqualTo(200);
        String rides = Tokens.partner("safe-rides");
        assertThat(DischargeScene.readAs(rides, "CarePlan", scene.planId()).statusCode())
                .isEqualTo(404);
        assertThat(Fhir.matches(Fhir.search(rides, "CarePlan?patient=" + scene.patient())))
                .isEmpty();
        assertThat(Fhir.matches(Fhir.search(HARBOR, "CarePlan?patient=" + scene.patient())))
                .containsExactly(scene.planId());
        // When
        tell(referral(scene, TaskStatus.REQUESTED, 3));
        // Then
        soon().untilAsserted(() -> assertThat(planFor(scene)).isEqualTo(404));
    }

    private static ResourceEvent referral(DischargeScene scene, TaskStatus status, int version) {
        Task task = scene.resource("task-requested", Task.class);
        task.setStatus(status).getMeta().setVersionId(Integer.toString(version));
        return scene.event(task);
    }

    @Test
    void whatAPatientDeniesByConsentIsShutAndAnOlderConsentDoesNotOpenItAgain() {
        // Given
        DischargeScene scene = DischargeScene.fresh().planned();
        tell(referral(scene, TaskStatus.ACCEPTED, 2));
        soon().untilAsserted(() -> assertThat(planFor(scene)).isEqualTo(200));
        // When
        tellConsent(scene, 2, "active");
        // Then
        soon().untilAsserted(() -> assertThat(planFor(scene)).isEqualTo(404));
        // When
        tellConsent(scene, 1, "inactive");
        tellConsent(scene, 3, "inactive");
        // Then
        soon().untilAsserted(() -> assertThat(planFor(scene)).isEqualTo(200));
    }

    private static int planFor(DischargeScene scene) {
        return DischargeScene.readAs(HARBOR, "CarePlan", scene.planId()).statusCode();
    }

    private static void tellConsent(DischargeScene scene, long version, String status) {
        String id = "consent-" + scene.patient();
        Events.tell(
                "patients",
                Events.event(
                        ResourceKey.of("Consent", id),
                        Change.UPDATED,
                        version,
                        "Patient/" + scene.patient(),
                        """
                        {"resourceType":"Consent","id":"%s","status":"%s","scope":{"coding":[{"code":"patient-privacy"}]},
                         "patient":{"reference":"Patient/%s"},"provision":{"type":"deny",
                          "actor":[{"role":{"text":"recipient"},"reference":{"reference":"Organization/harbor-home-health"}}]}}""".formatted(id, status, scene.patient())));
    }

    @Test
    void publishesProtocols() {
        // When
        JsonPath plans = Fhir.search(Tokens.coordinator(), "PlanDefinition?status=active")
                .jsonPath();
        // Then
        assertThat(plans.getList("entry.resource.url", String.class))
                .contains(
                        "https://careloop.org/fhir/PlanDefinition/general-adult-discharge",
                        "https://careloop.org/fhir/PlanDefinition/general-pediatric-discharge",
                        "https://careloop.org/fhir/PlanDefinition/heart-failure-discharge",
                        "https://careloop.org/fhir/PlanDefinition/copd-discharge",
                        "https://careloop.org/fhir/PlanDefinition/joint-replacement-discharge",
                        "https://careloop.org/fhir/PlanDefinition/behavioral-health-discharge",
                        "https://careloop.org/fhir/PlanDefinition/pediatric-asthma-discharge",
                        "https://careloop.org/fhir/PlanDefinition/readmission-review");
        assertThat(Fhir.found("ActivityDefinition?status=active&_count=100")).hasSize(28);
    }

    private static Task outreach(DischargeScene scene, Task completed) {
        Task task = completed.copy();
        task.setId("outreach-" + scene.stay().substring(2));
        task.setFocus(null).setStatus(TaskStatus.REQUESTED).setOutput(List.of());
        task.getIdentifierFirstRep().setValue(scene.planId() + "#outreach");
        return task;
    }

    private static CarePlanActivityComponent activity(DischargeScene scene, String id) {
        return scene.plan().getActivity().stream()
                .filter(activity -> id.equals(activity.getId()))
                .findFirst()
                .orElseThrow();
    }

    private static String achievement(DischargeScene scene, String display) {
        String id = scene.plan().getGoal().stream()
                .filter(goal -> display.equals(goal.getDisplay()))
                .map(goal -> goal.getReferenceElement().getIdPart())
                .findFirst()
                .orElseThrow();
        return DischargeScene.read(Goal.class, id)
                .getAchievementStatus()
                .getCodingFirstRep()
                .getCode();
    }

    /** The names of what a plan holds. */
    private static Set<String> elements(CarePlan plan) {
        Map<String, Object> json = JsonPath.from(new String(FhirJson.write(plan), StandardCharsets.UTF_8))
                .getMap("");
        return json.keySet();
    }

    private static List<List<String>> orders(List<String> names) {
        if (names.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : names) {
            List<String> rest =
                    names.stream().filter(name -> !name.equals(first)).toList();
            orders(rest).forEach(order -> {
                List<String> one = new ArrayList<>(List.of(first));
                one.addAll(order);
                all.add(one);
            });
        }
        return all;
    }
}
