package org.careloop.referrals;

import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.app.WatchClocks;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agency says no, and the referral goes on: to the next agency, or back to who asked. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class RefusalApiTest {

    @Inject
    TestClock clock;

    @Inject
    WatchClocks watch;

    private Scene scene = Scene.ofNewService();
    private String near = "";
    private String far = "";

    /** A service that nobody else offers, by two agencies, of which the nearer one is asked. */
    @BeforeEach
    void asksTheNearerAgency() {
        scene = Scene.ofNewService();
        near = "near-" + scene.plan();
        far = "far-" + scene.plan();
        Scene.agency(near, scene.service(), "02139");
        Scene.agency(far, scene.service(), "021");
        Bus.tellFirst(scene.person());
        Bus.tell(scene.carePlan("asap"));
        soon().untilAsserted(() -> asked(scene.referralTask(), near));
    }

    @AfterEach
    void itIsNowAgain() {
        clock.isAheadBy(Duration.ZERO);
    }

    @Test
    void asksTheNextWhenTheFirstHasNoCapacity() {
        // When
        refuse(near, scene.referralTask(), "no-capacity").then().statusCode(200);
        // Then
        asked(next(scene.referralTask()), far);
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("status", equalTo("active"))
                .body(
                        "performer.reference",
                        equalTo(List.of("Organization/" + far, "HealthcareService/" + far + "-service")));
        coordinator()
                .get("/fhir/HealthcareService/{id}-service", near)
                .then()
                .body("extension[0].extension[0].valueCodeableConcept.coding[0].code", equalTo("no-capacity"));
        Scene.partner(far)
                .get("/fhir/Task?status=requested")
                .then()
                .body("entry.resource.id", hasItem(next(scene.referralTask())));
    }

    @Test
    void tellsWhoAskedWhenNobodyIsLeftAndGoesOnWhenAnAgencyComes() {
        // When
        refuse(near, scene.referralTask(), "not-eligible").then().statusCode(200);
        String second = next(scene.referralTask());
        refuse(far, second, "out-of-area").then().statusCode(200);
        // Then
        String third = next(second);
        coordinator().get("/fhir/Task/{id}", third).then().statusCode(200).body("owner", nullValue());
        barrier(second, "out-of-area");
        // When
        String late = "late-" + scene.plan();
        Scene.agency(late, scene.service(), "021");
        // Then
        soon().untilAsserted(() -> asked(third, late));
    }

    @Test
    void tellsWhoAskedOfABarrierAndAsksNobodyElse() {
        // Given
        Scene.change(Tokens.partner(near), scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
        // When
        Scene.change(
                        Tokens.partner(near),
                        scene.referralTask(),
                        task -> end(task, TaskStatus.FAILED, "could-not-contact"))
                .then()
                .statusCode(200);
        // Then
        barrier(scene.referralTask(), "could-not-contact");
        coordinator()
                .get("/fhir/Task?focus=ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("entry.resource", hasSize(1));
    }

    @Test
    void asksTheNextWhenTheFirstStaysSilent() {
        // When
        itIs(Duration.ofMinutes(4 * 60 + 1));
        // Then
        soon().untilAsserted(() -> asked(next(scene.referralTask()), far));
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("status", equalTo("cancelled"))
                .body("statusReason.coding[0].code", equalTo("no-answer"));
        Scene.change(Tokens.partner(near), scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(422);
        // When
        Scene.change(Tokens.partner(far), next(scene.referralTask()), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
        itIs(Duration.ofHours(9));
        soon().until(this::nothingIsDue);
        // Then
        coordinator()
                .get("/fhir/Task?focus=ServiceRequest/{id}&_sort=_id", scene.serviceRequest())
                .then()
                .body("entry.resource", hasSize(2))
                .body("entry.resource.status", containsInAnyOrder("cancelled", "accepted"));
    }

    @Test
    void theNextIsNotToldWhatTheFirstWrote() {
        // Given
        Scene.change(Tokens.partner(near), scene.referralTask(), task -> {
                    task.setStatus(TaskStatus.ACCEPTED);
                    task.addIdentifier().setSystem("urn:near").setValue("case 7");
                    task.addNote().setText("Met the neighbour");
                    task.addOutput()
                            .setType(new CodeableConcept().setText("Report"))
                            .setValue(new Reference("Patient/" + scene.patient()));
                })
                .then()
                .statusCode(200);
        // When
        Scene.change(Tokens.partner(near), scene.referralTask(), task -> end(task, TaskStatus.FAILED, "could-not-help"))
                .then()
                .statusCode(200);
        // Then
        asked(next(scene.referralTask()), far);
        coordinator()
                .get("/fhir/Task/{id}", next(scene.referralTask()))
                .then()
                .body("identifier.value", equalTo(List.of(scene.plan() + "#home-health")))
                .body("priority", equalTo("asap"))
                .body("note", nullValue())
                .body("output", nullValue())
                .body("statusReason", nullValue());
    }

    @Test
    void whoPutTheRequestOnHoldIsToldAndNobodyIsRecalled() {
        // Given
        ServiceRequest request = FhirJson.parse(
                ServiceRequest.class,
                coordinator()
                        .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                        .asByteArray());
        Scene.put(Tokens.coordinator(), request.setStatus(ServiceRequestStatus.ONHOLD), "W/\"1\"")
                .then()
                .statusCode(200);
        // When
        itIs(Duration.ofMinutes(4 * 60 + 1));
        soon().until(this::nothingIsDue);
        // Then
        asked(scene.referralTask(), near);
        // When
        refuse(near, scene.referralTask(), "not-eligible").then().statusCode(200);
        // Then
        barrier(scene.referralTask(), "not-eligible");
        coordinator()
                .get("/fhir/Task?focus=ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("entry.resource", hasSize(1));
    }

    /** Whom the requester chose is the requester's to follow, and whatever the directory lacks, an agency can say no. */
    @Test
    void anAgencyThatTheRequesterChoseCanSayNoToo() {
        // Given
        HealthcareService nobodys = new HealthcareService().setActive(true);
        nobodys.addExtension()
                .setUrl(
                        "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus")
                .addExtension(
                        new Extension("capacityStatus", new CodeableConcept(new Coding().setDisplay("Who knows"))));
        String service = Orders.created(nobodys);
        String request = Orders.created(
                Orders.request(scene.patient()).addPerformer(new Reference("HealthcareService/" + service)));
        String task =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + near)));
        // When
        refuse(near, task, "no-capacity").then().statusCode(200);
        // Then
        coordinator().get("/fhir/Task/{id}", next(task)).then().statusCode(404);
        coordinator().get("/fhir/HealthcareService/{id}", service).then().body("meta.versionId", equalTo("1"));
    }

    private boolean nothingIsDue() {
        return as(Tokens.service())
                .get(
                        "/fhir/Task?_summary=count&focus=ServiceRequest/{request}&alarm=le{now}",
                        scene.serviceRequest(),
                        clock.instant().toString())
                .path("total")
                .equals(0);
    }

    private void itIs(Duration later) {
        clock.isAheadBy(later);
        watch.hint();
    }

    @Test
    void asksNobodyElseWhenTheRequesterCancels() {
        // When
        Scene.change(Tokens.coordinator(), scene.referralTask(), task -> end(task, TaskStatus.CANCELLED, "no-capacity"))
                .then()
                .statusCode(200);
        // Then
        coordinator().get("/fhir/Task/{id}", next(scene.referralTask())).then().statusCode(404);
        coordinator().get("/fhir/HealthcareService/{id}-service", near).then().body("extension", nullValue());
    }

    @Test
    void refusesAReasonThatThereIsNotAndChangesNothing() {
        refuse(near, scene.referralTask(), "too-busy")
                .then()
                .statusCode(422)
                .body("issue[0].expression[0]", startsWith("Task.statusReason"));
        asked(scene.referralTask(), near);
    }

    private static Response refuse(String agency, String task, String reason) {
        return Scene.change(Tokens.partner(agency), task, each -> end(each, TaskStatus.REJECTED, reason));
    }

    private static void end(Task task, TaskStatus status, String reason) {
        task.setStatus(status)
                .getStatusReason()
                .setText("Because")
                .addCoding(new Coding("https://careloop.org/fhir/CodeSystem/referral-end-reason", reason, null));
    }

    private static void asked(String task, String agency) {
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .statusCode(200)
                .body("status", equalTo("requested"))
                .body("owner.reference", equalTo("Organization/" + agency));
    }

    private static void barrier(String task, String reason) {
        coordinator()
                .get("/fhir/Task?focus=Task/{id}", task)
                .then()
                .body("entry.resource", hasSize(1))
                .body("entry[0].resource.status", equalTo("ready"))
                .body("entry[0].resource.code.coding[0].code", equalTo("resolve-barrier"))
                .body("entry[0].resource.owner.reference", equalTo("Organization/riverside-clinic"))
                .body("entry[0].resource.reasonCode.coding[0].code", equalTo(reason));
    }

    private static String next(String task) {
        return FhirId.derivedFrom(task, "asked again").value();
    }
}
