package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** What changes of a referral that was passed on to an agency of a network, on whichever side. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class IndirectChangesApiTest extends IndirectScene {

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
}
