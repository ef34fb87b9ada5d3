package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.app.WatchNetworks;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A referral to an organisation that takes them for a network of agencies, and which the platform passes on. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class IndirectExchangeApiTest {

    @Inject
    WatchNetworks watch;

    private Scene scene = Scene.ofNewService();
    private String network = "";
    private String agency = "";
    private String request = "";

    @BeforeEach
    void aNetworkHasAnAgency() {
        scene = Scene.ofNewService();
        network = "network-" + scene.plan();
        agency = "agency-" + scene.plan();
        // It lists services itself, and is not asked by itself.
        Scene.agency(network, scene.service(), "02139");
        endpoint(EndpointStatus.ACTIVE);
        Scene.known(scene.patient());
        request = Orders.created(order());
    }

    @Test
    void whatTheAgencyDoesIsToldToWhoAskedTheNetwork() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        // When
        String whole = asked();
        String part = passedOn(whole);
        // Then
        task(whole).body("status", equalTo("requested")).body("businessStatus.coding[0].code", equalTo("received"));
        task(part)
                .body("owner.reference", equalTo("Organization/" + agency))
                .body("requester.reference", equalTo("Organization/" + network))
                .body("partOf[0].reference", equalTo("Task/" + whole))
                .body("description", equalTo("Ring twice"));
        filler(whole)
                .body("intent", equalTo("filler-order"))
                .body("basedOn[0].reference", equalTo("ServiceRequest/" + request))
                .body("requester.reference", equalTo("Organization/" + network))
                .body("code.coding[0].code", equalTo(scene.service()))
                .body("performer.reference", notNullValue());
        // When
        says(part, TaskStatus.ACCEPTED);
        becomes(whole, "accepted");
        says(part, TaskStatus.INPROGRESS);
        becomes(whole, "in-progress");
        Scene.change(Tokens.partner(agency), part, Scene.completed("Procedure/visit-1"))
                .then()
                .statusCode(200);
        becomes(whole, "completed");
        // Then
        task(whole).body("output[0].valueReference.reference", equalTo("Procedure/visit-1"));
        filler(whole).body("status", equalTo("completed"));
        coordinator().get("/fhir/ServiceRequest/{id}", request).then().body("status", equalTo("completed"));
        // When it says more after the end
        Scene.change(
                        Tokens.partner(agency),
                        part,
                        task -> task.addOutput()
                                .setType(new CodeableConcept().setText("Report"))
                                .setValue(new Reference("DocumentReference/report-1")))
                .then()
                .statusCode(200);
        // Then
        soon().untilAsserted(() -> looked(whole)
                .body("output", hasSize(2))
                .body("output[1].valueReference.reference", equalTo("DocumentReference/report-1")));
    }

    @Test
    void theAgencySeesTheOrderOfTheNetworkAndNotTheOriginal() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        // When, Then
        Scene.partner(agency).get("/fhir/Task/{id}", part).then().statusCode(200);
        Scene.partner(agency)
                .get("/fhir/ServiceRequest/{id}", fillerOf(whole))
                .then()
                .statusCode(200);
        Scene.partner(agency).get("/fhir/ServiceRequest/{id}", request).then().statusCode(404);
        Scene.partner(agency).get("/fhir/Task/{id}", whole).then().statusCode(404);
    }

    @Test
    void theNextAgencyIsAskedWhileWhoAskedTheNetworkWaits() {
        // Given
        String other = "other-" + scene.plan();
        Scene.agency(agency, scene.service(), "02139");
        Scene.agency(other, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        // When
        Scene.change(
                        Tokens.partner(agency),
                        part,
                        task -> task.setStatus(TaskStatus.REJECTED).setStatusReason(reason("no-capacity")))
                .then()
                .statusCode(200);
        // Then
        String next = FhirId.derivedFrom(part, "asked again").value();
        soon().untilAsserted(() -> task(next)
                .body("owner.reference", equalTo("Organization/" + other))
                .body("partOf[0].reference", equalTo("Task/" + whole)));
        looked(whole).body("status", equalTo("requested"));
        // When
        agency = other;
        says(next, TaskStatus.ACCEPTED);
        // Then
        becomes(whole, "accepted");
        soon().untilAsserted(() -> task(next).body("description", equalTo("Ring twice")));
    }

    @Test
    void whereNobodyIsToBeAskedTheReferralWaits() {
        // When
        String whole = asked();
        String part = passedOn(whole);
        // Then
        task(part).body("owner", nullValue());
        task(whole).body("status", equalTo("requested")).body("businessStatus.coding[0].code", equalTo("received"));
        // When
        Scene.agency(agency, scene.service(), "021");
        // Then
        soon().untilAsserted(() -> task(part).body("owner.reference", equalTo("Organization/" + agency)));
    }

    @Test
    void whatTheLastAgencyCouldNotDoEndsIt() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        says(part, TaskStatus.ACCEPTED);
        becomes(whole, "accepted");
        // When
        Scene.change(
                        Tokens.partner(agency),
                        part,
                        task -> task.setStatus(TaskStatus.FAILED).setStatusReason(reason("no-longer-interested")))
                .then()
                .statusCode(200);
        // Then
        becomes(whole, "failed");
        task(whole).body("statusReason.coding[0].code", equalTo("no-longer-interested"));
        filler(whole).body("status", equalTo("revoked"));
    }

    @Test
    void whatIsTakenBackIsTakenBackFromTheAgency() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        says(part, TaskStatus.ACCEPTED);
        // When
        Scene.change(
                        Tokens.coordinator(),
                        whole,
                        task -> task.setStatus(TaskStatus.CANCELLED)
                                .setStatusReason(new CodeableConcept().setText("Moved away")))
                .then()
                .statusCode(200);
        // Then
        soon().untilAsserted(() ->
                looked(part).body("status", equalTo("cancelled")).body("statusReason.text", equalTo("Moved away")));
        filler(whole).body("status", equalTo("revoked"));
    }

    @Test
    void whatIsAmendedOrOnHoldIsForTheAgencyToo() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        // When
        amend(order -> order.addNote().setText("Wheelchair"));
        // Then
        soon().untilAsserted(() -> {
            looked(part)
                    .body(
                            "extension.find { it.url == 'https://careloop.org/fhir/StructureDefinition/request-amended' }",
                            notNullValue());
            filler(whole).body("note[0].text", equalTo("Wheelchair")).body("status", equalTo("active"));
        });
        // When
        amend(order -> order.setStatus(ServiceRequestStatus.ONHOLD));
        // Then
        soon().untilAsserted(() -> {
            looked(part);
            filler(whole).body("status", equalTo("on-hold"));
        });
        // When
        amend(order -> order.setStatus(ServiceRequestStatus.ACTIVE));
        // Then
        soon().untilAsserted(() -> {
            looked(part);
            filler(whole).body("status", equalTo("active"));
        });
    }

    @Test
    void whatTheNetworkMayNotSeeIsNotPassedOn() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        Scene.shutOut(network, scene.patient(), request);
        String whole = asked();
        waitForARound();
        // Then
        as(Tokens.service()).get("/fhir/Task?part-of=Task/{id}", whole).then().body("entry", nullValue());
    }

    @Test
    void lookingAgainChangesNothing() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        says(part, TaskStatus.ACCEPTED);
        becomes(whole, "accepted");
        List<Integer> before = versions(whole, part);
        // When another is looked at meanwhile
        request = Orders.created(order());
        passedOn(asked());
        watch.hint();
        passedOn(asked());
        // Then
        assertThat(versions(whole, part)).isEqualTo(before);
    }

    @Test
    void whatWasPassedOnBeforeTheEndpointWasOffIsFollowed() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        endpoint(EndpointStatus.OFF);
        // When
        says(part, TaskStatus.ACCEPTED);
        // Then
        becomes(whole, "accepted");
    }

    @Test
    void whatIsDeletedIsTakenBackFromTheAgency() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        // When
        coordinator().delete("/fhir/Task/{id}", whole).then().statusCode(204);
        // Then
        task(part).body("status", equalTo("cancelled"));
        filler(whole).body("status", equalTo("revoked"));
    }

    /** Whoever said no to the same need before is not asked by the network either. */
    @Test
    void whoDeclinedTheOriginalIsNotAskedForTheNetwork() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String declined =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + agency)));
        Scene.change(
                        Tokens.partner(agency),
                        declined,
                        task -> task.setStatus(TaskStatus.REJECTED).setStatusReason(reason("not-eligible")))
                .then()
                .statusCode(200);
        // When
        String part = passedOn(asked());
        // Then
        task(part).body("owner", nullValue());
    }

    @Test
    void withoutTheEndpointTheNetworkWorksItself() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        endpoint(EndpointStatus.OFF);
        String whole = asked();
        waitForARound();
        // Then
        coordinator().get("/fhir/Task/{id}", whole).then().body("businessStatus", nullValue());
        as(Tokens.service()).get("/fhir/Task?part-of=Task/{id}", whole).then().body("entry", nullValue());
    }

    /** Another network is looked at twice, so all were once in between. */
    private void waitForARound() {
        Scene other = Scene.ofNewService();
        network = "network-" + other.plan();
        endpoint(EndpointStatus.ACTIVE);
        passedOn(asked());
        passedOn(asked());
    }

    private List<Integer> versions(String... tasks) {
        return List.of(tasks).stream()
                .map(task -> Integer.valueOf(
                        as(Tokens.service()).get("/fhir/Task/{id}", task).path("meta.versionId")))
                .toList();
    }

    private ServiceRequest order() {
        ServiceRequest order = Orders.request(scene.patient());
        order.setCode(new CodeableConcept(new Coding("http://nucc.org/provider-taxonomy", scene.service(), null)));
        return order;
    }

    /** Asks the network. */
    private String asked() {
        return Orders.created(Orders.task(scene.patient(), request)
                .setOwner(new Reference("Organization/" + network))
                .setDescription("Ring twice"));
    }

    /** Waits until {@code whole} is passed on; returns the id of the Task. */
    private String passedOn(String whole) {
        String part = FhirId.derivedFrom(whole, "passed on").value();
        soon().untilAsserted(() -> {
            watch.hint();
            as(Tokens.service()).get("/fhir/Task/{id}", part).then().statusCode(200);
        });
        return part;
    }

    private static String fillerOf(String whole) {
        return FhirId.derivedFrom(whole, "filler order").value();
    }

    private static ValidatableResponse filler(String whole) {
        return as(Tokens.service())
                .get("/fhir/ServiceRequest/{id}", fillerOf(whole))
                .then();
    }

    private static ValidatableResponse task(String id) {
        return as(Tokens.service()).get("/fhir/Task/{id}", id).then();
    }

    private ValidatableResponse looked(String id) {
        watch.hint();
        return task(id);
    }

    private void becomes(String task, String status) {
        soon().untilAsserted(() -> looked(task).body("status", equalTo(status)));
    }

    private void says(String part, TaskStatus status) {
        Scene.change(Tokens.partner(agency), part, task -> task.setStatus(status))
                .then()
                .statusCode(200);
    }

    private void amend(Consumer<ServiceRequest> change) {
        Response current = coordinator().get("/fhir/ServiceRequest/{id}", request);
        ServiceRequest order =
                FhirJson.parse(ServiceRequest.class, current.body().asByteArray());
        change.accept(order);
        Scene.put(Tokens.coordinator(), order, current.header("ETag")).then().statusCode(200);
    }

    private static CodeableConcept reason(String code) {
        return new CodeableConcept(new Coding("https://careloop.org/fhir/CodeSystem/referral-end-reason", code, null))
                .setText("Because");
    }

    private void endpoint(EndpointStatus status) {
        Endpoint endpoint = new Endpoint()
                .setStatus(status)
                .setConnectionType(new Coding("https://careloop.org/fhir/CodeSystem/exchange", "indirect", null))
                .setManagingOrganization(new Reference("Organization/" + network))
                .setAddress("https://care.example.org/fhir");
        endpoint.setId(network);
        endpoint.addPayloadType(new CodeableConcept(
                new Coding("https://careloop.org/fhir/CodeSystem/exchange", "referral-task", null)));
        coordinator()
                .body(FhirJson.write(endpoint))
                .put("/fhir/Endpoint/{id}", network)
                .then()
                .statusCode(lessThan(300));
    }
}
