package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How requests follow their Tasks and Tasks their requests, and that all of it is told. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ClosedLoopApiTest {

    private static final String HARBOR_TOKEN = Tokens.partner(HARBOR);

    @BeforeEach
    void directory() {
        Scene.directory();
    }

    @Test
    void completedTaskCompletesRequestAndAllIsTold() {
        // Given
        Scene scene = started();
        // When
        Scene.change(HARBOR_TOKEN, scene.referralTask(), Scene.completed("Procedure/start-of-care"))
                .then()
                .statusCode(200)
                .body("output[0].valueReference.reference", equalTo("Procedure/start-of-care"));
        // Then
        status(scene, "completed", "2");
        soon().untilAsserted(() -> assertThat(statuses(Bus.told("Task", scene.referralTask())))
                .containsExactly("1 requested", "2 accepted", "3 in-progress", "4 completed"));
        soon().untilAsserted(() -> assertThat(statuses(Bus.told("ServiceRequest", scene.serviceRequest())))
                .containsExactly("1 active", "2 completed"));
        assertThat(Bus.told("Task", scene.referralTask()))
                .allSatisfy(event -> assertThat(event.key()).isEqualTo("Patient/" + scene.patient()));
    }

    @Test
    void requestWaitsForAllItsTasks() {
        // Given
        Scene scene = started();
        Task second = task(scene.referralTask());
        second.setId((String) null);
        second.setStatus(TaskStatus.REQUESTED).setIdentifier(List.of());
        String secondId = coordinator()
                .body(FhirJson.write(second))
                .post("/fhir/Task")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        // When
        Scene.change(HARBOR_TOKEN, scene.referralTask(), Scene.completed("Procedure/one"))
                .then()
                .statusCode(200);
        status(scene, "active", "1");
        Scene.change(HARBOR_TOKEN, secondId, task -> {
                    task.setStatus(TaskStatus.REJECTED);
                    task.getStatusReason().setText("Not needed twice");
                })
                .then()
                .statusCode(200);
        // Then
        status(scene, "completed", "2");
    }

    @Test
    void partsCompleteRequestOfWhole() {
        // Given
        Scene scene = started();
        Task part = task(scene.referralTask());
        part.setId((String) null);
        part.setStatus(TaskStatus.READY).setIdentifier(List.of()).setFocus(null).setMeta(null);
        part.getCode().setCoding(List.of()).setText("First visit");
        part.addPartOf(new Reference("Task/" + scene.referralTask()));
        String partId = coordinator()
                .body(FhirJson.write(part))
                .post("/fhir/Task")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        // When
        Scene.change(HARBOR_TOKEN, partId, Scene.completed("Procedure/visit"))
                .then()
                .statusCode(200);
        // Then
        status(scene, "completed", "2");
    }

    @Test
    void rejectedReferralLeavesRequestOpenForAnotherAgency() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Scene.change(HARBOR_TOKEN, scene.referralTask(), task -> {
                    task.setStatus(TaskStatus.REJECTED);
                    task.getStatusReason().setText("No nurse free");
                })
                .then()
                .statusCode(200);
        // Then
        // Nobody is left whom it names.
        status(scene, "active", "2");
    }

    @Test
    void revokedRequestEndsItsOpenTasks() {
        // Given
        Scene scene = started();
        ServiceRequest request = request(scene);
        // When
        Response revoked = Scene.put(Tokens.coordinator(), request.setStatus(ServiceRequestStatus.REVOKED), "W/\"1\"");
        // Then
        revoked.then().statusCode(200);
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("status", equalTo("cancelled"))
                .body("statusReason.text", equalTo("The request is revoked"));
        soon().untilAsserted(() ->
                assertThat(statuses(Bus.told("Task", scene.referralTask()))).endsWith("4 cancelled"));
    }

    @Test
    void refusesRequestCompletedBeforeItsTasks() {
        // Given
        Scene scene = started();
        ServiceRequest request = request(scene);
        // When
        Response refused =
                Scene.put(Tokens.coordinator(), request.setStatus(ServiceRequestStatus.COMPLETED), "W/\"1\"");
        // Then
        refused.then().statusCode(422).body("issue[0].expression", contains("ServiceRequest.status"));
        status(scene, "active", "1");
    }

    @Test
    void coordinatorCompletesFollowUp() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Response done = Scene.change(
                Tokens.token("case-manager", "coordinator", "riverside-clinic", "user/*.cruds"),
                scene.task("outreach"),
                Scene.completed("Communication/call"));
        // Then
        done.then().statusCode(200).body("status", equalTo("completed"));
        soon().untilAsserted(() -> assertThat(statuses(Bus.told("Task", scene.task("outreach"))))
                .containsExactly("1 ready", "2 completed"));
    }

    @Test
    void refusesFollowUpOfAnotherOrganization() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        String other = Tokens.token("other-ehr", "coordinator", "general-hospital", "system/*.cruds");
        Response task = coordinator().get("/fhir/Task/{id}", scene.task("outreach"));
        // Then
        Scene.as(other).get("/fhir/Task/{id}", scene.task("outreach")).then().statusCode(404);
        Scene.as(other)
                .header("If-Match", task.header("ETag"))
                .body(task.asByteArray())
                .put("/fhir/Task/{id}", scene.task("outreach"))
                .then()
                .statusCode(404);
    }

    @Test
    void coordinatorCancelsReferral() {
        // Given
        Scene scene = started();
        // When
        Response cancelled = Scene.change(Tokens.coordinator(), scene.referralTask(), task -> {
            task.setStatus(TaskStatus.CANCELLED);
            task.getStatusReason().setText("Readmitted");
        });
        // Then
        cancelled.then().statusCode(200);
        status(scene, "active", "1");
    }

    private static Scene started() {
        Scene scene = Scene.homeHealth().referred();
        for (TaskStatus status : List.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS)) {
            Scene.change(HARBOR_TOKEN, scene.referralTask(), task -> task.setStatus(status))
                    .then()
                    .statusCode(200);
        }
        return scene;
    }

    private static void status(Scene scene, String status, String version) {
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("status", equalTo(status))
                .body("meta.versionId", equalTo(version));
    }

    private static Task task(String id) {
        return FhirJson.parse(
                Task.class, coordinator().get("/fhir/Task/{id}", id).body().asByteArray());
    }

    private static ServiceRequest request(Scene scene) {
        return FhirJson.parse(
                ServiceRequest.class,
                coordinator()
                        .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                        .body()
                        .asByteArray());
    }

    private static List<String> statuses(List<ResourceEvent> events) {
        return events.stream()
                .map(event -> event.version() + " "
                        + FhirJson.parse(event.payload())
                                .getNamedProperty("status")
                                .getValues()
                                .getFirst()
                                .primitiveValue())
                .toList();
    }
}
