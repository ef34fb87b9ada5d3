package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.AgencyServer.Mood;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A referral that its agency holds on a FHIR server of its own. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
@QuarkusTestResource(value = AgencyServer.class, restrictToAnnotatedClass = true)
class DirectExchangeApiTest {

    private String agency = "";
    private String patient = "";
    private String request = "";

    @BeforeEach
    void anAgencyHasAServerOfItsOwn() {
        AgencyServer.is(Mood.WELL);
        Scene scene = Scene.ofNewService();
        agency = AgencyServer.nextAgency();
        patient = scene.patient();
        Scene.agency(agency, scene.service(), "021");
        endpoint(AgencyServer.address());
        Scene.known(patient);
        request = Orders.created(Orders.request(patient));
    }

    @AfterEach
    void itsServerIsWell() {
        AgencyServer.is(Mood.WELL);
    }

    @Test
    void whatTheAgencyDoesThereHappensHere() {
        // When
        String task = asked();
        // Then
        Task copy = copy(task);
        assertThat(copy.getFocus().getReference()).isEqualTo("http://localhost:8080/fhir/ServiceRequest/" + request);
        assertThat(copy.getFor().getReference()).isEqualTo("http://localhost:8080/fhir/Patient/" + patient);
        assertThat(copy.getStatus()).isEqualTo(TaskStatus.REQUESTED);
        // When
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.RECEIVED));
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .body("status", equalTo("requested"))
                .body("businessStatus.coding[0].code", equalTo("received")));
        // When
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.ACCEPTED).setBusinessStatus(null));
        becomes(task, "accepted");
        AgencyServer.change(task, Scene.completed("Procedure/visit-1"));
        becomes(task, "completed");
        // Then
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .body("output[0].valueReference.reference", equalTo(AgencyServer.address() + "/Procedure/visit-1"));
        coordinator().get("/fhir/ServiceRequest/{id}", request).then().body("status", equalTo("completed"));
    }

    @Test
    void stepsThatWereTakenBetweenTwoLooksAreTakenInOrder() {
        // Given
        String task = asked();
        copy(task);
        // When
        AgencyServer.change(task, Scene.completed("Procedure/visit-1"));
        // Then
        becomes(task, "completed");
        coordinator()
                .get("/fhir/Task/{id}/_history", task)
                .then()
                .body("entry.resource.status", contains("completed", "accepted", "requested"));
    }

    @Test
    void whatIsChangedHereIsToldThere() {
        // Given
        String task = asked();
        copy(task);
        // When
        Scene.change(Tokens.coordinator(), task, each -> each.setDescription("Ring the back door"))
                .then()
                .statusCode(200);
        // Then
        soon().until(() -> "Ring the back door".equals(copy(task).getDescription()));
        // When
        Scene.change(
                        Tokens.coordinator(),
                        task,
                        each -> each.setStatus(TaskStatus.CANCELLED)
                                .setStatusReason(new CodeableConcept().setText("Moved away")))
                .then()
                .statusCode(200);
        // Then
        soon().until(() -> copy(task).getStatus() == TaskStatus.CANCELLED);
        assertThat(copy(task).getStatusReason().getText()).isEqualTo("Moved away");
    }

    @Test
    void sayingTheSameAgainChangesNothing() {
        // Given
        String task = asked();
        copy(task);
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.ACCEPTED));
        becomes(task, "accepted");
        int version = version(task);
        // When
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.ACCEPTED));
        AgencyServer.change(task, each -> each.addNote().setText("Accepted twice"));
        String other = asked();
        copy(other);
        AgencyServer.change(other, each -> each.setStatus(TaskStatus.ACCEPTED));
        becomes(other, "accepted");
        // Then
        assertThat(version(task)).isEqualTo(version);
    }

    @Test
    void waitsForAServerThatIsDownOrSlow() {
        for (Mood mood : new Mood[] {Mood.DOWN, Mood.SLOW, Mood.GARBAGE}) {
            // Given
            AgencyServer.is(mood);
            String task = asked();
            soon().until(() -> coordinator().get("/fhir/Task/{id}", task).statusCode() == 200);
            waitForARound();
            // Then
            coordinator().get("/fhir/Task/{id}", task).then().body("status", equalTo("requested"));
            // When
            AgencyServer.is(Mood.WELL);
            // Then
            copy(task);
        }
    }

    @Test
    void makesNoSecondCopyWhenAnAnswerIsLost() {
        // Given
        AgencyServer.is(Mood.FORGETFUL);
        // When
        String task = asked();
        copy(task);
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.ACCEPTED));
        // Then
        becomes(task, "accepted");
        assertThat(AgencyServer.copiesOf(task)).hasSize(1);
    }

    @Test
    void whoAskedIsToldWhenTheServerTakesNoReferral() {
        // Given
        AgencyServer.is(Mood.REFUSING);
        // When
        String task = asked();
        // Then
        soon().untilAsserted(() -> told(task));
    }

    @Test
    void whatTheRulesForbidChangesNothingAndIsTold() {
        // Given
        String task = asked();
        copy(task);
        // When it gives no reason
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.REJECTED));
        // Then
        soon().untilAsserted(() -> told(task));
        coordinator().get("/fhir/Task/{id}", task).then().body("status", equalTo("requested"));
        // When it mends that
        AgencyServer.change(task, each -> each.setStatusReason(new CodeableConcept().setText("No nurse")));
        // Then
        becomes(task, "rejected");
    }

    @Test
    void nothingIsToldOfAPersonWhoDoesNotConsent() {
        // Given
        Scene.shutOut(agency, patient, request);
        // When
        String task = asked();
        waitForARound();
        // Then
        assertThat(AgencyServer.copiesOf(task)).isEmpty();
    }

    @Test
    void anEndpointThatIsOffLeavesTheAgencyToPoll() {
        // Given
        String task = asked();
        copy(task);
        // When
        coordinator()
                .body(FhirJson.write(endpointOf(AgencyServer.address(), EndpointStatus.OFF)))
                .put("/fhir/Endpoint/{id}-endpoint", agency)
                .then()
                .statusCode(200);
        String polled = asked();
        waitForARound();
        // Then
        assertThat(AgencyServer.copiesOf(polled)).isEmpty();
        Scene.change(Tokens.partner(agency), polled, each -> each.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
    }

    /** Who writes the directory cannot send one agency's referrals to another's server. */
    @Test
    void callsNoServerOfAnotherAgency() {
        // Given
        agency = "moonset-" + Scene.ofNewService().plan();
        endpoint(AgencyServer.address());
        // When
        String task = asked();
        waitForARound();
        // Then
        assertThat(AgencyServer.copiesOf(task)).isEmpty();
    }

    @Test
    void aCopyThatMakesNoSenseIsToldAndStopsNobodyElse() {
        // Given
        String task = asked();
        copy(task);
        // When
        AgencyServer.change(task, each -> each.setStatus(null));
        // Then
        soon().untilAsserted(() -> told(task));
        waitForARound();
    }

    @Test
    void whatIsAskedOfTheAgencyIsNotUndoneByItsCopy() {
        // Given
        String task = asked();
        copy(task);
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.ACCEPTED).setBusinessStatus(bser("3.0")));
        becomes(task, "accepted");
        // When
        Scene.change(Tokens.coordinator(), task, each -> each.setBusinessStatus(bser("5.2")))
                .then()
                .statusCode(200);
        // Then
        soon().until(() ->
                "5.2".equals(copy(task).getBusinessStatus().getCodingFirstRep().getCode()));
        coordinator().get("/fhir/Task/{id}", task).then().body("businessStatus.coding[0].code", equalTo("5.2"));
        // When
        AgencyServer.change(
                task,
                each -> each.setStatus(TaskStatus.CANCELLED)
                        .setBusinessStatus(bser("6.0"))
                        .setStatusReason(new CodeableConcept().setText("As asked")));
        // Then
        becomes(task, "cancelled");
    }

    @Test
    void statesThatWereSkippedKeepNothingFromComing() {
        // Given
        String task = asked();
        copy(task);
        AgencyServer.change(task, each -> each.setBusinessStatus(bser("2.0")));
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .body("businessStatus.coding[0].code", equalTo("2.0")));
        // When
        AgencyServer.change(task, each -> each.setStatus(TaskStatus.INPROGRESS).setBusinessStatus(bser("5.1.2")));
        // Then
        becomes(task, "in-progress");
        // When
        AgencyServer.change(
                task, each -> Scene.completed("Procedure/visit-1").accept(each.setBusinessStatus(bser("7.0"))));
        // Then
        becomes(task, "completed");
    }

    private static CodeableConcept bser(String code) {
        return new CodeableConcept(
                new Coding("http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS", code, null));
    }

    @Test
    void callsNoServerThatIsNotConfigured() {
        // Given
        endpoint(AgencyServer.address().replace("/fhir", "/other"));
        // When
        String task = asked();
        waitForARound();
        // Then
        assertThat(AgencyServer.copiesOf(task)).isEmpty();
    }

    /** Another agency's referral goes there and back after this one was looked at. */
    private void waitForARound() {
        Mood mood = AgencyServer.mood();
        if (mood == Mood.WELL) {
            String before = agency;
            agency = AgencyServer.nextAgency();
            endpoint(AgencyServer.address());
            copy(asked());
            agency = before;
        } else {
            int asked = AgencyServer.calls();
            soon().until(() -> AgencyServer.calls() > asked);
        }
    }

    private static void told(String task) {
        coordinator()
                .get("/fhir/Task?focus=Task/{id}", task)
                .then()
                .body("entry", hasSize(1))
                .body("entry[0].resource.code.coding[0].code", equalTo("exchange-failed"))
                .body("entry[0].resource.owner.reference", equalTo(Orders.REQUESTER));
    }

    private String asked() {
        return Orders.created(Orders.task(patient, request).setOwner(new Reference("Organization/" + agency)));
    }

    private static Task copy(String task) {
        soon().until(() -> !AgencyServer.copiesOf(task).isEmpty());
        return AgencyServer.copiesOf(task).getFirst();
    }

    private static void becomes(String task, String status) {
        soon().untilAsserted(
                        () -> coordinator().get("/fhir/Task/{id}", task).then().body("status", equalTo(status)));
    }

    private static int version(String task) {
        return Integer.parseInt(coordinator().get("/fhir/Task/{id}", task).path("meta.versionId"));
    }

    private void endpoint(String address) {
        coordinator()
                .body(FhirJson.write(endpointOf(address, EndpointStatus.ACTIVE)))
                .put("/fhir/Endpoint/{id}-endpoint", agency);
    }

    private Endpoint endpointOf(String address, EndpointStatus status) {
        Endpoint endpoint = new Endpoint()
                .setStatus(status)
                .setConnectionType(new Coding(
                        "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "hl7-fhir-rest", null))
                .setManagingOrganization(new Reference("Organization/" + agency))
                .setAddress(address);
        endpoint.addPayloadType(new CodeableConcept(
                new Coding("https://careloop.org/fhir/CodeSystem/exchange", "referral-task", null)));
        endpoint.setId(agency + "-endpoint");
        return endpoint;
    }
}
