package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.app.WatchNetworks;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A referral to an organisation that takes them for a network of agencies, and which the platform passes on. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class IndirectExchangeApiTest {

    @Inject
    WatchNetworks watch;

    @Inject
    TestClock clock;

    @Inject
    DataSource database;

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
        Network.is(network, EndpointStatus.ACTIVE);
        Scene.known(scene.patient());
        request = Orders.created(order());
    }

    @AfterEach
    void itIsNowAgain() {
        clock.isAheadBy(Duration.ZERO);
    }

    @Test
    void whatTheAgencyDoesIsToldToWhoAskedTheNetwork() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        // When
        String whole = asked();
        String part = passedOn(whole);
        // Then
        Network.task(whole)
                .body("status", equalTo("requested"))
                .body("businessStatus.coding[0].code", equalTo("received"));
        Network.task(part)
                .body("owner.reference", equalTo("Organization/" + agency))
                .body("requester.reference", equalTo("Organization/" + network))
                .body("partOf[0].reference", equalTo("Task/" + whole))
                .body("description", equalTo("Ring twice"));
        Network.filler(whole)
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
        Network.task(whole).body("output[0].valueReference.reference", equalTo("Procedure/visit-1"));
        Network.filler(whole).body("status", equalTo("completed"));
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
                .get("/fhir/ServiceRequest/{id}", Network.fillerOf(whole))
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
        ends(part, TaskStatus.REJECTED, "no-capacity");
        // Then
        String next = FhirId.derivedFrom(part, "asked again").value();
        soon().untilAsserted(() -> Network.task(next)
                .body("owner.reference", equalTo("Organization/" + other))
                .body("partOf[0].reference", equalTo("Task/" + whole)));
        looked(whole).body("status", equalTo("requested"));
        // When
        agency = other;
        says(next, TaskStatus.ACCEPTED);
        // Then
        becomes(whole, "accepted");
        soon().untilAsserted(() -> Network.task(next).body("description", equalTo("Ring twice")));
    }

    @Test
    void whereNobodyIsToBeAskedTheReferralWaits() {
        // When
        String whole = asked();
        String part = passedOn(whole);
        // Then
        Network.task(part).body("owner", nullValue());
        Network.task(whole)
                .body("status", equalTo("requested"))
                .body("businessStatus.coding[0].code", equalTo("received"));
        // When
        Scene.agency(agency, scene.service(), "021");
        // Then
        soon().untilAsserted(() -> Network.task(part).body("owner.reference", equalTo("Organization/" + agency)));
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
        ends(part, TaskStatus.FAILED, "no-longer-interested");
        // Then
        becomes(whole, "failed");
        Network.task(whole).body("statusReason.coding[0].code", equalTo("no-longer-interested"));
        Network.filler(whole).body("status", equalTo("revoked"));
    }

    @Test
    void whatIsTakenBackIsTakenBackFromTheAgency() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        says(part, TaskStatus.ACCEPTED);
        becomes(whole, "accepted");
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
        Network.filler(whole).body("status", equalTo("revoked"));
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
            Network.filler(whole).body("note[0].text", equalTo("Wheelchair")).body("status", equalTo("active"));
        });
        // When
        amend(order -> order.setStatus(ServiceRequestStatus.ONHOLD));
        // Then
        soon().untilAsserted(() -> {
            looked(part);
            Network.filler(whole).body("status", equalTo("on-hold"));
        });
        // When
        amend(order -> order.setStatus(ServiceRequestStatus.ACTIVE));
        // Then
        soon().untilAsserted(() -> {
            looked(part);
            Network.filler(whole).body("status", equalTo("active"));
        });
    }

    @Test
    void whatTheNetworkMayNotSeeIsNotPassedOnUntilItMay() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String shut = network;
        Scene.shutOut(shut, scene.patient(), request);
        String whole = asked();
        waitForARound();
        // Then
        as(Tokens.service()).get("/fhir/Task?part-of=Task/{id}", whole).then().body("entry", nullValue());
        // When the person consents after all, by which the Task does not change
        Scene.letIn(shut, scene.patient());
        clock.isAheadBy(Duration.ofMinutes(2));
        // Then
        passedOn(whole);
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
        Network.is(network, EndpointStatus.OFF);
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
        Network.task(part).body("status", equalTo("cancelled"));
        Network.filler(whole).body("status", equalTo("revoked"));
    }

    /** As when a bulk of them is stored in one transaction while no instance runs. */
    @Test
    void manyChangesOfOneInstantKeepNoOtherWaiting() throws Exception {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String whole = asked();
        String part = passedOn(whole);
        String other = Orders.created(order());
        // When more is changed than is read at once
        List<Callable<String>> ended = Collections.nCopies(
                501,
                () -> Orders.created(Orders.task(scene.patient(), other)
                        .setOwner(new Reference("Organization/" + network))
                        .setStatus(TaskStatus.CANCELLED)
                        .setStatusReason(new CodeableConcept().setText("Long ago"))));
        List<String> changed = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            for (Future<String> each : clients.invokeAll(ended)) {
                changed.add(each.get());
            }
        }
        says(part, TaskStatus.ACCEPTED);
        becomes(whole, "accepted");
        String endpoint = network;
        waitForARound();
        changedWhileNobodyLooked(changed, endpoint);
        Response cancelled = Scene.change(
                Tokens.coordinator(),
                whole,
                task -> task.setStatus(TaskStatus.CANCELLED)
                        .setStatusReason(new CodeableConcept().setText("Moved away")));
        assertThat(cancelled.statusCode()).as(cancelled.asString()).isEqualTo(200);
        // Then
        becomes(part, "cancelled");
    }

    /** In one instant, five minutes ago; it was looked for changes ten minutes ago. */
    private void changedWhileNobodyLooked(List<String> tasks, String endpoint) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement change = connection.prepareStatement("update resource set changed = now()"
                        + " - interval '5 minutes' where type = 'Task' and id = any(?)");
                PreparedStatement look = connection.prepareStatement(
                        "update network set looked_until = now() - interval '10 minutes' where endpoint = ?")) {
            change.setArray(1, connection.createArrayOf("text", tasks.toArray()));
            assertThat(change.executeUpdate()).isEqualTo(501);
            look.setString(1, endpoint);
            assertThat(look.executeUpdate()).isEqualTo(1);
        }
    }

    /** Whoever said no to the same need before is not asked by the network either. */
    @Test
    void whoDeclinedTheOriginalIsNotAskedForTheNetwork() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        String declined =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + agency)));
        ends(declined, TaskStatus.REJECTED, "not-eligible");
        // When
        String part = passedOn(asked());
        // Then
        Network.task(part).body("owner", nullValue());
    }

    @Test
    void withoutTheEndpointTheNetworkWorksItself() {
        // Given
        Scene.agency(agency, scene.service(), "021");
        Network.is(network, EndpointStatus.OFF);
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
        Network.is(network, EndpointStatus.ACTIVE);
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

    private ValidatableResponse looked(String id) {
        watch.hint();
        return Network.task(id);
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

    private void ends(String part, TaskStatus status, String reason) {
        CodeableConcept why = new CodeableConcept(
                        new Coding("https://careloop.org/fhir/CodeSystem/referral-end-reason", reason, null))
                .setText("Because");
        Scene.change(
                        Tokens.partner(agency),
                        part,
                        task -> task.setStatus(status).setStatusReason(why))
                .then()
                .statusCode(200);
    }
}
