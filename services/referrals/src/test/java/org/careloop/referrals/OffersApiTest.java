package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several agencies are asked at once; and what is asked is amended, or asked twice. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class OffersApiTest {

    private static final String AMENDED =
            "extension.find { it.url == 'https://careloop.org/fhir/StructureDefinition/request-amended' }";

    private Scene scene = Scene.ofNewService();

    @BeforeEach
    void aPatientIsKnown() {
        scene = Scene.ofNewService();
        Scene.known(scene.patient());
    }

    @Test
    void ofThoseWhomThePlatformAsksAtOnceTheFirstThatAcceptsGetsIt() {
        // Given
        List<String> agencies = List.of("a-" + scene.plan(), "b-" + scene.plan(), "c-" + scene.plan());
        agencies.forEach(agency -> Scene.agency(agency, scene.service(), "021"));
        Bus.tell(scene.carePlan("stat"));
        soon().untilAsserted(() -> tasks(scene.serviceRequest()).body("entry", hasSize(3)));
        Map<String, String> taskOf = owners(scene.serviceRequest());
        // When one declines
        end(agencies.get(0), taskOf.get("Organization/" + agencies.get(0)));
        // Then the others stay asked
        tasks(scene.serviceRequest())
                .body("entry.resource.status", containsInAnyOrder("rejected", "requested", "requested"));
        // When one accepts
        accept(agencies.get(1), taskOf.get("Organization/" + agencies.get(1)))
                .then()
                .statusCode(200);
        // Then the last is told, and the request is for who accepted
        String lost = taskOf.get("Organization/" + agencies.get(2));
        Scene.partner(agencies.get(2))
                .get("/fhir/Task/{id}", lost)
                .then()
                .body("status", equalTo("cancelled"))
                .body("statusReason.coding[0].code", equalTo("accepted-elsewhere"));
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body(
                        "performer.reference.findAll { it.startsWith('Organization/') }",
                        equalTo(List.of("Organization/" + agencies.get(1))))
                .body("performer", hasSize(2));
        accept(agencies.get(2), lost).then().statusCode(422);
        tasks(scene.serviceRequest()).body("entry", hasSize(3));
    }

    /** As when the plan is made before anything of the person's address is known. */
    @Test
    void oneThatWaitedAsksSeveralWhenTheyAreFound() {
        // Given
        Scene unknown = Scene.ofNewService();
        IntStream.range(0, 3).forEach(i -> Scene.agency(i + "-" + unknown.plan(), unknown.service(), "021"));
        Bus.tell(unknown.carePlan("stat"));
        soon().untilAsserted(() -> as(Tokens.service())
                .get("/fhir/Task?focus=ServiceRequest/{id}", unknown.serviceRequest())
                .then()
                .body("entry", hasSize(1)));
        // When
        Bus.tell(unknown.person());
        // Then
        soon().untilAsserted(() -> tasks(unknown.serviceRequest())
                .body("entry", hasSize(3))
                .body("entry.resource.owner.reference.unique()", hasSize(3)));
        coordinator()
                .get("/fhir/ServiceRequest/{id}", unknown.serviceRequest())
                .then()
                .body("performer", nullValue());
    }

    @Test
    void nobodyJoinsAnOfferThatIsTaken() {
        // Given
        String request = Orders.created(Orders.request(scene.patient()));
        String first = Orders.created(alternative(request, "a"));
        accept("a-" + scene.plan(), first).then().statusCode(200);
        // When
        String late = Orders.created(alternative(request, "b"));
        // Then
        accept("b-" + scene.plan(), late)
                .then()
                .statusCode(422)
                .body("issue[0].diagnostics", containsString("another"));
    }

    private Task alternative(String request, String agency) {
        return Orders.task(scene.patient(), request)
                .setOwner(new Reference("Organization/" + agency + "-" + scene.plan()))
                .setGroupIdentifier(new Identifier()
                        .setSystem("https://careloop.org/fhir/sid/offer")
                        .setValue(scene.plan()));
    }

    @Test
    void whenAllOfThemDeclineTheNextAreAsked() {
        // Given
        List<String> agencies =
                IntStream.range(0, 5).mapToObj(i -> i + "-" + scene.plan()).toList();
        agencies.forEach(agency -> Scene.agency(agency, scene.service(), "021"));
        Bus.tell(scene.carePlan("stat"));
        soon().untilAsserted(() -> tasks(scene.serviceRequest()).body("entry", hasSize(3)));
        // When
        owners(scene.serviceRequest()).forEach((owner, task) -> end(owner.replace("Organization/", ""), task));
        // Then
        tasks(scene.serviceRequest())
                .body(
                        "entry.resource.owner.reference",
                        containsInAnyOrder(agencies.stream()
                                .map(agency -> "Organization/" + agency)
                                .toArray()))
                .body("entry.resource.findAll { it.status == 'requested' }", hasSize(2));
    }

    @Test
    void ofManyThatAcceptAtOnceOneWins() throws Exception {
        // Given
        int many = 20;
        String request = Orders.created(Orders.request(scene.patient()));
        List<Callable<Integer>> acceptances = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String agency = i + "-" + scene.plan();
            Task task = Orders.task(scene.patient(), request)
                    .setOwner(new Reference("Organization/" + agency))
                    .setGroupIdentifier(new Identifier()
                            .setSystem("https://careloop.org/fhir/sid/offer")
                            .setValue(scene.plan()));
            String id = Orders.created(task);
            acceptances.add(() -> accept(agency, id).statusCode());
        }
        // When
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService agencies = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> answer : agencies.invokeAll(acceptances)) {
                answers.add(answer.get());
            }
        }
        // Then
        assertThat(answers.stream().filter(status -> status == 200)).hasSize(1);
        assertThat(answers.stream().filter(status -> status != 200))
                .allMatch(status -> List.of(409, 412, 422).contains(status));
        tasks(request)
                .body("entry.resource.findAll { it.status == 'accepted' }", hasSize(1))
                .body("entry.resource.findAll { it.status == 'cancelled' }", hasSize(many - 1));
    }

    @Test
    void agenciesAreToldOfAnAmendment() {
        // Given
        String agency = "a-" + scene.plan();
        String request = Orders.created(Orders.request(scene.patient()));
        String asked =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + agency)));
        String ended = Orders.created(
                Orders.task(scene.patient(), request).setOwner(new Reference("Organization/b-" + scene.plan())));
        end("b-" + scene.plan(), ended);
        // When
        amend(request, "\"1\"").then().statusCode(200);
        // Then
        Scene.partner(agency)
                .get("/fhir/Task/{id}", asked)
                .then()
                .body("meta.versionId", equalTo("2"))
                .body(AMENDED + ".valueDateTime", notNullValue());
        coordinator().get("/fhir/Task/{id}", ended).then().body("meta.versionId", equalTo("2"));
        // When the agency, which does not know the extension, goes on
        Scene.change(
                        Tokens.partner(agency),
                        asked,
                        task -> task.setStatus(TaskStatus.ACCEPTED).setExtension(null))
                .then()
                .statusCode(200)
                .body(AMENDED, notNullValue());
        // When somebody amends what was amended meanwhile
        amend(request, "\"1\"").then().statusCode(412);
    }

    @Test
    void whatIsUnderWayIsAmendedByWhoNamesTheVersion() {
        // Given
        String agency = "a-" + scene.plan();
        String request = Orders.created(Orders.request(scene.patient()));
        // When nobody is asked yet
        amend(request).then().statusCode(200);
        // When
        String asked =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + agency)));
        // Then
        Fhir.problem(amend(request), ProblemCode.VERSION_NOT_NAMED);
        Scene.partner(agency).get("/fhir/Task/{id}", asked).then().body(AMENDED, nullValue());
        // A patch says what it changes
        coordinator()
                .contentType("application/merge-patch+json")
                .body("{\"note\": [{\"text\": \"Ring the back door\"}]}")
                .patch("/fhir/ServiceRequest/{id}", request)
                .then()
                .statusCode(200);
        Scene.partner(agency).get("/fhir/Task/{id}", asked).then().body(AMENDED, notNullValue());
        // What is no amendment
        ServiceRequest held = current(request).setStatus(ServiceRequestStatus.ONHOLD);
        Scene.put(Tokens.coordinator(), held).then().statusCode(200);
        // When the work has ended
        Scene.change(
                        Tokens.coordinator(),
                        asked,
                        task -> task.setStatus(TaskStatus.CANCELLED)
                                .setStatusReason(new CodeableConcept().setText("Moved")))
                .then()
                .statusCode(200);
        amend(request).then().statusCode(200);
    }

    @Test
    void whoAsksTwiceIsTold() {
        // Given
        String first = Orders.created(rides());
        // When
        String second = Orders.created(rides());
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task?code=review-duplicate&patient={patient}", scene.patient())
                .then()
                .body("entry", hasSize(1))
                .body("entry[0].resource.reasonReference.reference", equalTo("ServiceRequest/" + second))
                .body("entry[0].resource.input[0].valueReference.reference", equalTo("ServiceRequest/" + first))
                .body("entry[0].resource.owner.reference", equalTo(Orders.REQUESTER)));
    }

    @Test
    void whoAsksForWhatAnotherHasAskedForIsToldIfTheyMaySeeIt() {
        // Given
        scene = Scene.ofNewService();
        Patient person = scene.person();
        person.setManagingOrganization(new Reference("Organization/bayside-hospital"));
        Bus.tellFirst(person);
        String first = Orders.recorded(rides());
        // When one who does not coordinate the care asks, and one who does
        Orders.recorded(rides().setRequester(new Reference("Organization/stranger-hospital")));
        String second = Orders.recorded(rides().setRequester(new Reference("Organization/bayside-hospital")));
        // Then
        soon().untilAsserted(() -> as(Tokens.service())
                .get("/fhir/Task?code=review-duplicate&patient={patient}", scene.patient())
                .then()
                .body("entry", hasSize(1))
                .body("entry[0].resource.reasonReference.reference", equalTo("ServiceRequest/" + second))
                .body("entry[0].resource.input[0].valueReference.reference", equalTo("ServiceRequest/" + first))
                .body("entry[0].resource.owner.reference", equalTo("Organization/bayside-hospital")));
    }

    /** Of three who were asked at once all say no at once: the next is asked, and once. */
    @Test
    void whenAllSayNoAtOnceTheNextIsAskedOnce() throws Exception {
        // Given
        List<String> agencies =
                IntStream.range(0, 4).mapToObj(i -> i + "-" + scene.plan()).toList();
        agencies.forEach(agency -> Scene.agency(agency, scene.service(), "021"));
        Bus.tell(scene.carePlan("stat"));
        soon().untilAsserted(() -> tasks(scene.serviceRequest()).body("entry", hasSize(3)));
        List<Callable<Void>> refusals = new ArrayList<>();
        owners(scene.serviceRequest())
                .forEach((owner, task) -> refusals.add(() -> {
                    end(owner.replace("Organization/", ""), task);
                    return null;
                }));
        // When
        try (ExecutorService all = Executors.newFixedThreadPool(3)) {
            for (Future<Void> refusal : all.invokeAll(refusals)) {
                refusal.get();
            }
        }
        // Then
        tasks(scene.serviceRequest())
                .body("entry", hasSize(4))
                .body("entry.resource.status", containsInAnyOrder("rejected", "rejected", "rejected", "requested"))
                .body("entry.resource.owner.reference.unique()", hasSize(4));
    }

    private ServiceRequest rides() {
        return Orders.request(scene.patient()).setCode(new CodeableConcept(new Coding("urn:codes", "rides", null)));
    }

    private Response amend(String request, String ifMatch) {
        return Scene.put(Tokens.coordinator(), amended(request), "W/" + ifMatch);
    }

    private Response amend(String request) {
        return Scene.put(Tokens.coordinator(), amended(request));
    }

    private ServiceRequest amended(String request) {
        ServiceRequest current = current(request);
        current.addNote().setText("Ring the front door");
        return current;
    }

    private ServiceRequest current(String request) {
        return FhirJson.parse(
                ServiceRequest.class,
                coordinator().get("/fhir/ServiceRequest/{id}", request).asByteArray());
    }

    private static Response accept(String agency, String task) {
        return Scene.change(Tokens.partner(agency), task, each -> each.setStatus(TaskStatus.ACCEPTED));
    }

    private static void end(String agency, String task) {
        Scene.change(
                        Tokens.partner(agency),
                        task,
                        each -> each.setStatus(TaskStatus.REJECTED)
                                .setStatusReason(new CodeableConcept().setText("No")))
                .then()
                .statusCode(200);
    }

    private static Map<String, String> owners(String request) {
        JsonPath found = coordinator()
                .get("/fhir/Task?focus=ServiceRequest/{id}", request)
                .jsonPath();
        List<String> ids = found.getList("entry.resource.id", String.class);
        List<String> owners = found.getList("entry.resource.owner.reference", String.class);
        return IntStream.range(0, ids.size()).boxed().collect(Collectors.toMap(owners::get, ids::get));
    }

    private static ValidatableResponse tasks(String request) {
        return coordinator()
                .get("/fhir/Task?focus=ServiceRequest/{id}", request)
                .then();
    }
}
