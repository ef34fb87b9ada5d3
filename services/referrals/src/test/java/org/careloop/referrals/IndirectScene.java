package org.careloop.referrals;

import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.app.WatchNetworks;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A network with an agency, and a request for which it is asked. */
abstract class IndirectScene {

    @Inject
    WatchNetworks watch;

    @Inject
    TestClock clock;

    @Inject
    DataSource database;

    Scene scene = Scene.ofNewService();
    String network = "";
    String agency = "";
    String request = "";

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

    /** Another network is looked at twice, so all were once in between. */
    void waitForARound() {
        Scene other = Scene.ofNewService();
        network = "network-" + other.plan();
        Network.is(network, EndpointStatus.ACTIVE);
        passedOn(asked());
        passedOn(asked());
    }

    List<Integer> versions(String... tasks) {
        return List.of(tasks).stream()
                .map(task -> Integer.valueOf(
                        as(Tokens.service()).get("/fhir/Task/{id}", task).path("meta.versionId")))
                .toList();
    }

    ServiceRequest order() {
        ServiceRequest order = Orders.request(scene.patient());
        order.setCode(new CodeableConcept(new Coding("http://nucc.org/provider-taxonomy", scene.service(), null)));
        return order;
    }

    /** Asks the network. */
    String asked() {
        return Orders.created(Orders.task(scene.patient(), request)
                .setOwner(new Reference("Organization/" + network))
                .setDescription("Ring twice"));
    }

    /** Waits until {@code whole} is passed on; returns the id of the Task. */
    String passedOn(String whole) {
        String part = FhirId.derivedFrom(whole, "passed on").value();
        soon().untilAsserted(() -> {
            watch.hint();
            as(Tokens.service()).get("/fhir/Task/{id}", part).then().statusCode(200);
        });
        return part;
    }

    ValidatableResponse looked(String id) {
        watch.hint();
        return Network.task(id);
    }

    void becomes(String task, String status) {
        soon().untilAsserted(() -> looked(task).body("status", equalTo(status)));
    }

    void says(String part, TaskStatus status) {
        Scene.change(Tokens.partner(agency), part, task -> task.setStatus(status))
                .then()
                .statusCode(200);
    }

    void amend(Consumer<ServiceRequest> change) {
        Response current = coordinator().get("/fhir/ServiceRequest/{id}", request);
        ServiceRequest order =
                FhirJson.parse(ServiceRequest.class, current.body().asByteArray());
        change.accept(order);
        Scene.put(Tokens.coordinator(), order, current.header("ETag")).then().statusCode(200);
    }

    void ends(String part, TaskStatus status, String reason) {
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
