package org.careloop.referrals;

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
import org.careloop.fhirmodel.FhirId;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** A referral to an organisation that takes them for a network of agencies, and which the platform passes on. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class IndirectExchangeApiTest extends IndirectScene {

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
}
