package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.RIDES;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.partner;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an agency sees of referrals, which steps it may take, and which are refused. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class PartnerWorkApiTest {

    private static final String HARBOR_TOKEN = Tokens.partner(HARBOR);

    @BeforeEach
    void directory() {
        Scene.directory();
    }

    @Test
    void agencyPollsItsOwnNewReferrals() {
        // Given
        Instant before = Instant.now().minusSeconds(1);
        Scene scene = Scene.homeHealth().referred();
        // When
        Response poll = poll(HARBOR, HARBOR, before);
        // Then
        poll.then()
                .statusCode(200)
                .body("entry.resource.id", hasItem(scene.referralTask()))
                .body("entry.resource.owner.reference", everyItem(equalTo("Organization/" + HARBOR)))
                .body("entry.resource.status", everyItem(equalTo("requested")));
        partner(HARBOR)
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .statusCode(200)
                .body("subject.reference", equalTo("Patient/" + scene.patient()));
    }

    @Test
    void agencySeesNothingThatWasAskedForBeforeItsLastPoll() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Response poll = poll(HARBOR, HARBOR, Instant.now().plusSeconds(60));
        // Then
        poll.then().statusCode(200).body("entry", nullValue());
        poll(HARBOR, HARBOR, Instant.EPOCH).then().body("entry.resource.id", hasItem(scene.referralTask()));
    }

    @Test
    void otherAgencySeesNoneOfIt() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Response poll = poll(RIDES, HARBOR, Instant.EPOCH);
        // Then
        poll.then().statusCode(200).body("entry", nullValue());
        partner(RIDES).get("/fhir/Task/{id}", scene.referralTask()).then().statusCode(404);
        partner(RIDES)
                .get("/fhir/Task/{id}/_history", scene.referralTask())
                .then()
                .statusCode(404);
        partner(RIDES)
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .statusCode(404);
        partner(RIDES)
                .get("/fhir/ServiceRequest?_id={id}", scene.serviceRequest())
                .then()
                .statusCode(200)
                .body("entry", nullValue());
    }

    @Test
    void agencySeesNoFollowUpsOfCoordinator() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When, Then
        partner(HARBOR).get("/fhir/Task/{id}", scene.task("outreach")).then().statusCode(404);
    }

    @Test
    void agencyAcceptsAndStarts() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Response accepted = step(scene, TaskStatus.ACCEPTED);
        Response started = step(scene, TaskStatus.INPROGRESS);
        // Then
        accepted.then().statusCode(200).header("ETag", "W/\"2\"").body("status", equalTo("accepted"));
        started.then().statusCode(200).header("ETag", "W/\"3\"").body("status", equalTo("in-progress"));
        assertThat(Instant.parse(started.path("lastModified")))
                .isAfterOrEqualTo(Instant.parse(accepted.path("lastModified")))
                .isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    void refusesStepFromStaleVersion() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        Task seen = read(scene);
        step(scene, TaskStatus.ACCEPTED).then().statusCode(200);
        // When
        Response stale = Scene.put(HARBOR_TOKEN, seen.setStatus(TaskStatus.REJECTED), "W/\"1\"");
        // Then
        stale.then()
                .statusCode(412)
                .body("issue[0].code", equalTo("conflict"))
                .body("issue[0].details.coding[0].code", equalTo("1009"));
        assertThat(read(scene).getStatus()).isEqualTo(TaskStatus.ACCEPTED);
    }

    @Test
    void refusesOtherAgencyThatAccepts() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        Task seen = read(scene);
        // When
        Response other = Scene.put(Tokens.partner(RIDES), seen.setStatus(TaskStatus.ACCEPTED), "W/\"1\"");
        // Then
        other.then().statusCode(404);
        assertThat(read(scene).getStatus()).isEqualTo(TaskStatus.REQUESTED);
    }

    @Test
    void letsOneOfTwoAnswersThroughThatComeAtOnce() throws Exception {
        // Given
        Scene scene = Scene.homeHealth().referred();
        Task accepted = read(scene).setStatus(TaskStatus.ACCEPTED);
        Task rejected = read(scene).setStatus(TaskStatus.REJECTED);
        rejected.getStatusReason().setText("No nurse free");
        CountDownLatch ready = new CountDownLatch(2);
        List<Integer> answers;
        // When
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = clients.submit(() -> putWithOther(accepted, ready));
            Future<Integer> other = clients.submit(() -> putWithOther(rejected, ready));
            answers = Stream.of(one.get(), other.get()).sorted().toList();
        }
        // Then
        assertThat(answers).containsExactly(200, 412);
        assertThat(read(scene).getMeta().getVersionId()).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource
    void refusesStepOfReferral(Consumer<Task> change, String expression, String diagnostics) {
        // Given
        Scene scene = Scene.homeHealth().referred();
        // When
        Response refused = Scene.change(HARBOR_TOKEN, scene.referralTask(), change);
        // Then
        refused.then()
                .statusCode(422)
                .body("issue[0].code", equalTo("business-rule"))
                .body("issue[0].details.coding[0].code", equalTo("1010"))
                .body("issue[0].expression", contains(expression))
                .body("issue[0].diagnostics", equalTo(diagnostics));
        assertThat(read(scene).getMeta().getVersionId()).isEqualTo("1");
    }

    static Stream<Arguments> refusesStepOfReferral() {
        return Stream.of(
                refused(
                        task -> task.setStatus(TaskStatus.INPROGRESS),
                        "Task.status",
                        "requested -> in-progress (expected: accepted, rejected or cancelled)"),
                refused(
                        Scene.completed("Procedure/start-of-care"),
                        "Task.status",
                        "requested -> completed (expected: accepted, rejected or cancelled)"),
                refused(
                        task -> task.setStatus(TaskStatus.REJECTED),
                        "Task.statusReason.text",
                        "missing on rejected (expected: why)"),
                refused(
                        task -> task.setStatus(TaskStatus.ACCEPTED).setFor(new Reference("Patient/another")),
                        "Task.for",
                        "changed (expected: as it was when the Task was made)"),
                refused(
                        task -> task.setStatus(TaskStatus.ACCEPTED).setFocus(new Reference("ServiceRequest/another")),
                        "Task.focus",
                        "changed (expected: as it was when the Task was made)"),
                refused(
                        task -> task.setStatus(TaskStatus.ACCEPTED).setOwner(new Reference("Organization/" + RIDES)),
                        "Task.owner",
                        "changed (expected: set once, by the choice of an agency or by the one who claims it)"));
    }

    @Test
    void refusesCompletionWithoutOutput() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        step(scene, TaskStatus.ACCEPTED).then().statusCode(200);
        // When
        Response refused = step(scene, TaskStatus.COMPLETED);
        // Then
        refused.then().statusCode(422).body("issue[0].expression", contains("Task.output"));
        assertThat(read(scene).getStatus()).isEqualTo(TaskStatus.ACCEPTED);
    }

    @Test
    void refusesPartnerWhoMakesTasks() {
        // Given
        Task task = read(Scene.homeHealth().referred());
        task.setId("another");
        // When
        Response refused = partner(HARBOR).body(FhirJson.write(task)).post("/fhir/Task");
        // Then
        refused.then().statusCode(403).body("issue[0].code", equalTo("forbidden"));
    }

    @Test
    void refusesPartOfTaskThatIsNotThere() {
        // Given
        Task part = read(Scene.homeHealth().referred());
        part.addPartOf().setReference("Task/nowhere");
        // When
        Response refused = coordinator().body(FhirJson.write(part)).post("/fhir/Task");
        // Then
        refused.then().statusCode(422).body("issue[0].expression", contains("Task.partOf"));
    }

    @Test
    void eventSourceSeesNothing() {
        // When, Then
        Scene.as(Tokens.token("general-hospital", "event-source", "general-hospital", "system/*.rs"))
                .get("/fhir/Task")
                .then()
                .statusCode(403);
    }

    @Test
    void supervisorReadsButDoesNotWrite() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        String supervisor = Tokens.token("supervisor", "supervisor", "riverside-clinic", "user/*.cruds");
        // When
        Response written = Scene.change(supervisor, scene.referralTask(), task -> task.setDescription("Changed"));
        // Then
        written.then().statusCode(403);
        Scene.as(supervisor).get("/fhir/Task/{id}", scene.referralTask()).then().statusCode(200);
    }

    private static Arguments refused(Consumer<Task> change, String expression, String diagnostics) {
        return Arguments.of(change, expression, expression + ": " + diagnostics);
    }

    private static Response poll(String caller, String owner, Instant since) {
        return partner(caller)
                .queryParam("owner", "Organization/" + owner)
                .queryParam("status", "requested")
                .queryParam("_lastUpdated", "gt" + since)
                .queryParam("_count", "500")
                .get("/fhir/Task");
    }

    private static Response step(Scene scene, TaskStatus status) {
        return Scene.change(HARBOR_TOKEN, scene.referralTask(), task -> task.setStatus(status));
    }

    private static Task read(Scene scene) {
        return FhirJson.parse(
                Task.class,
                coordinator()
                        .get("/fhir/Task/{id}", scene.referralTask())
                        .body()
                        .asByteArray());
    }

    private static int putWithOther(Task task, CountDownLatch ready) throws InterruptedException {
        ready.countDown();
        ready.await();
        return Scene.put(HARBOR_TOKEN, task, "W/\"1\"").statusCode();
    }
}
