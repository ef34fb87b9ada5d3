package org.careloop.referrals;

import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.hamcrest.Matchers.lessThan;

import io.restassured.response.ValidatableResponse;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;

/** What makes an organisation a network of agencies, and what its referrals are passed on by. */
final class Network {

    private Network() {}

    static void is(String network, EndpointStatus status) {
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

    static String fillerOf(String whole) {
        return FhirId.derivedFrom(whole, "filler order").value();
    }

    static ValidatableResponse filler(String whole) {
        return as(Tokens.service())
                .get("/fhir/ServiceRequest/{id}", fillerOf(whole))
                .then();
    }

    static ValidatableResponse task(String id) {
        return as(Tokens.service()).get("/fhir/Task/{id}", id).then();
    }
}
