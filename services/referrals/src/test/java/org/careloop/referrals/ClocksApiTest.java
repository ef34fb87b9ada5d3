package org.careloop.referrals;

import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.referrals.app.FollowClocks;
import org.careloop.referrals.app.WatchClocks;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clocks run on Tasks, somebody is reminded, and what is late goes to whoever can do something about it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ClocksApiTest {

    private static final String CLOCK =
            "extension.find { it.url == 'https://careloop.org/fhir/StructureDefinition/task-clock' }.extension";

    @Inject
    DataSource database;

    @Inject
    TestClock clock;

    @Inject
    WatchClocks watch;

    @Inject
    FollowClocks followClocks;

    private String agency = "";
    private String patient = "";
    private String request = "";
    private String task = "";

    /** The requester itself chose whom to ask. */
    @BeforeEach
    void anAgencyIsAskedAtOnce() {
        Scene scene = Scene.ofNewService();
        agency = "agency-" + scene.plan();
        Scene.agency(agency, scene.service(), "021");
        patient = scene.patient();
        Scene.known(patient);
        request = Orders.created(Orders.request(patient));
        task = Orders.created(Orders.task(patient, request)
                .setPriority(TaskPriority.ASAP)
                .setOwner(new Reference("Organization/" + agency)));
    }

    @AfterEach
    void itIsNowAgain() {
        clock.isAheadBy(Duration.ZERO);
    }

    @Test
    void theOwnerIsRemindedByANewVersion() {
        // When
        itIs(Duration.ofMinutes(125));
        // Then
        soon().untilAsserted(() -> Scene.partner(agency)
                .get("/fhir/Task/{id}", task)
                .then()
                .body("meta.versionId", equalTo("2"))
                .body("status", equalTo("requested")));
        late("acknowledge-by", "ready");
    }

    @Test
    void whoAskedIsToldOfWhatIsLateUntilItHasHappened() {
        // When
        itIs(Duration.ofHours(5));
        // Then
        soon().untilAsserted(() -> late("accept-by", "ready"));
        coordinator()
                .get(
                        "/fhir/Task?due=lt{now}&owner=Organization/{agency}",
                        clock.instant().toString(),
                        agency)
                .then()
                .body("entry.resource.id", contains(task));
        // When
        move(Tokens.partner(agency), task, TaskStatus.ACCEPTED);
        // Then
        late("accept-by", "cancelled");
        // When
        itIs(Duration.ofHours(6));
        soon().until(this::nothingIsDue);
        // Then it was told once
        coordinator()
                .get("/fhir/Task?focus=Task/{id}", task)
                .then()
                .body("entry.resource.status", equalTo(List.of("cancelled", "cancelled")));
    }

    @Test
    void oneThatFailsKeepsNoOtherWaiting() throws SQLException {
        // Given
        Scene.spoil(database, task);
        String other = Orders.created(Orders.task(patient, request)
                .setPriority(TaskPriority.ASAP)
                .setOwner(new Reference("Organization/" + agency)));
        // When
        itIs(Duration.ofMinutes(125));
        // Then
        soon().untilAsserted(
                        () -> coordinator().get("/fhir/Task/{id}", other).then().body("meta.versionId", equalTo("2")));
        coordinator().get("/fhir/Task/{id}", task).then().body("meta.versionId", equalTo("1"));
        // When it is mended
        Scene.mend(database, task);
        itIs(Duration.ofMinutes(141));
        // Then
        soon().untilAsserted(
                        () -> coordinator().get("/fhir/Task/{id}", task).then().body("meta.versionId", equalTo("2")));
    }

    /** As when an instance goes on while another has taken over from it. */
    @Test
    void whatSeveralInstancesDoAtOnceIsDoneOnce() throws Exception {
        // Given
        clock.isAheadBy(Duration.ofHours(5));
        ResourceKey key = ResourceKey.of("Task", task);
        // When
        try (ExecutorService instances = Executors.newFixedThreadPool(3)) {
            List<Future<Void>> done = instances.invokeAll(Collections.nCopies(3, () -> followed(key)));
            for (Future<Void> each : done) {
                each.get();
            }
        }
        // Then
        coordinator().get("/fhir/Task/{id}", task).then().body("meta.versionId", equalTo("2"));
        coordinator()
                .get("/fhir/Task?focus=Task/{id}", task)
                .then()
                .body("entry.resource.meta.versionId", equalTo(List.of("1", "1")));
    }

    @Test
    void theSupervisorIsToldOfWhatNobodyFollowsUp() {
        // Given
        itIs(Duration.ofHours(5));
        soon().untilAsserted(() -> late("accept-by", "ready"));
        // When
        itIs(Duration.ofMinutes(9 * 60 + 10));
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", lateId("accept-by"))
                .then()
                .body("priority", equalTo("asap"))
                .body("performerType[0].coding[0].code", equalTo("supervisor")));
        as(Tokens.service())
                .get("/fhir/Task?performer=supervisor&focus=Task/{id}", task)
                .then()
                .body("entry.resource.id", hasItem(lateId("accept-by")));
    }

    @Test
    void nobodyIsLateWhileTheRequestIsOnHold() {
        // Given
        moveRequest(ServiceRequestStatus.ONHOLD);
        coordinator().get("/fhir/Task/{id}", task).then().body(CLOCK, hasSize(1));
        // When
        itIs(Duration.ofHours(6));
        soon().until(this::nothingIsDue);
        // Then
        coordinator().get("/fhir/Task?focus=Task/{id}", task).then().body("entry", nullValue());
        // When
        moveRequest(ServiceRequestStatus.ACTIVE);
        // Then
        coordinator().get("/fhir/Task/{id}", task).then().body(CLOCK, hasSize(3));
        // When
        itIs(Duration.ofMinutes(10 * 60 + 10));
        // Then
        soon().untilAsserted(() -> late("accept-by", "ready"));
    }

    /** What a client says of the clocks does not count, and a client that does not know them stops none. */
    @Test
    void onlyTheServerSetsClocks() {
        // When
        Scene.change(Tokens.coordinator(), task, each -> {
                    each.setExtension(null);
                    each.setDescription("Please ring the back door");
                })
                .then()
                .statusCode(200);
        // Then
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .body("description", equalTo("Please ring the back door"))
                .body(CLOCK, hasSize(3));
    }

    /** FHIR wants a Task to be modified after it was authored. */
    @Test
    void aTaskWhoseAuthorsClockIsAheadCanBeChanged() {
        // Given
        Task ahead = Orders.task(patient, request).setOwner(new Reference("Organization/" + agency));
        ahead.setAuthoredOnElement(FhirTime.dateTime(clock.instant().plusSeconds(90)));
        String id = Orders.created(ahead);
        // When
        move(Tokens.partner(agency), id, TaskStatus.ACCEPTED);
        // Then
        coordinator().get("/fhir/Task/{id}", id).then().body("status", equalTo("accepted"));
    }

    private Void followed(ResourceKey key) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> followClocks.handle(key));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void late(String kind, String status) {
        coordinator()
                .get("/fhir/Task/{id}", lateId(kind))
                .then()
                .statusCode(200)
                .body("status", equalTo(status))
                .body("code.coding[0].code", equalTo("follow-up-late"))
                .body("reasonCode.coding[0].code", equalTo(kind))
                .body("focus.reference", equalTo("Task/" + task))
                .body("owner.reference", equalTo(Orders.REQUESTER));
    }

    private String lateId(String kind) {
        List<String> ids = coordinator()
                .get("/fhir/Task?focus=Task/{id}", task)
                .path("entry.findAll { it.resource.reasonCode.coding[0].code == '" + kind + "' }.resource.id");
        return ids == null || ids.isEmpty() ? "none" : ids.getFirst();
    }

    private static void move(String token, String task, TaskStatus status) {
        Scene.change(token, task, each -> each.setStatus(status)).then().statusCode(200);
    }

    private void moveRequest(ServiceRequestStatus status) {
        ServiceRequest current = FhirJson.parse(
                ServiceRequest.class,
                coordinator().get("/fhir/ServiceRequest/{id}", request).asByteArray());
        Scene.put(
                        Tokens.coordinator(),
                        current.setStatus(status),
                        "W/\"" + current.getMeta().getVersionId() + "\"")
                .then()
                .statusCode(200);
    }

    private boolean nothingIsDue() {
        return as(Tokens.service())
                .get(
                        "/fhir/Task?_summary=count&_id={task}&alarm=le{now}",
                        task,
                        clock.instant().toString())
                .path("total")
                .equals(0);
    }

    private void itIs(Duration later) {
        clock.isAheadBy(later);
        watch.hint();
    }
}
