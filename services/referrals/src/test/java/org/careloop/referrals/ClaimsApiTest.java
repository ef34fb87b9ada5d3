package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.partner;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks without an owner that are offered to agencies: who sees them, who may claim them, and until when. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ClaimsApiTest {

    private static final String PATCH = "application/json-patch+json";
    private static final int CLAIMS_OF_EACH = 25;

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String harbor = "harbor-" + mark;
    private final String rides = "rides-" + mark;
    private final String others = "others-" + mark;
    private final String patient = "p-" + mark;

    private String request = "";

    @BeforeEach
    void order() {
        Stream.of(harbor, rides, others).forEach(ClaimsApiTest::known);
        Scene.known(patient);
        request = Orders.created(Orders.request(patient));
    }

    @Test
    void whomItIsOfferedToFindsItAndItsRequestAndNobodyElseDoes() {
        // Given
        String first = offered(harbor, rides);
        String second = offered(harbor);
        String toNobody = offered();
        String owned = Orders.created(offer(harbor).setOwner(new Reference("Organization/" + rides)));
        String draft = Orders.created(offer(harbor).setStatus(TaskStatus.DRAFT));
        // When, Then
        String claimable = "Task?claimable-by=Organization/" + harbor;
        search(harborToken(), claimable + "&_count=1&_total=accurate&_sort=claimable-by")
                .then()
                .body("total", equalTo(2))
                .body("entry.size()", equalTo(1))
                .body("link.relation", hasItem("next"));
        assertThat(matches(search(harborToken(), claimable))).containsExactlyInAnyOrder(first, second);
        assertThat(matches(search(harborToken(), "Task?patient=" + patient))).containsExactlyInAnyOrder(first, second);
        search(harborToken(), "Task?_summary=count").then().body("total", equalTo(2));
        assertThat(matches(search(Tokens.partner(rides), "Task"))).containsExactlyInAnyOrder(first, owned);
        search(Tokens.partner(others), "Task?_total=accurate").then().body("total", equalTo(0));
        partner(harbor).get("/fhir/Task/{id}", first).then().statusCode(200);
        partner(harbor)
                .get("/fhir/Task/{id}/_history", first)
                .then()
                .statusCode(200)
                .body("total", equalTo(1));
        partner(harbor).get("/fhir/ServiceRequest/{id}", request).then().statusCode(200);
        for (String hidden : List.of(toNobody, owned, draft)) {
            problem(partner(harbor).get("/fhir/Task/{id}", hidden), ProblemCode.RESOURCE_NOT_FOUND);
        }
        problem(partner(others).get("/fhir/Task/{id}", first), ProblemCode.RESOURCE_NOT_FOUND);
        problem(partner(others).get("/fhir/Task/{id}/_history", first), ProblemCode.RESOURCE_NOT_FOUND);
        problem(partner(others).get("/fhir/ServiceRequest/{id}", request), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(matches(search(Tokens.partner(others), "ServiceRequest"))).isEmpty();
    }

    @Test
    void theCapabilityStatementTellsWhatTheParameterIs() {
        String parameter = "rest[0].resource.find { it.type == 'Task' }.searchParam.find { it.name == '%s' }.%s";
        coordinator()
                .get("/fhir/metadata")
                .then()
                .body(parameter.formatted("claimable-by", "type"), equalTo("reference"))
                .body(
                        parameter.formatted("claimable-by", "definition"),
                        equalTo("https://careloop.org/fhir/SearchParameter/Task-claimable-by"))
                .body(parameter.formatted("owner", "definition"), nullValue());
    }

    @Test
    void whoClaimsItHasItAndTheOthersSeeItNoMore() {
        // Given
        String task = offered(harbor, rides);
        // When
        change(harbor, task, claim(harbor, TaskStatus.REQUESTED)).then().statusCode(200);
        // Then
        change(harbor, task, next -> next.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200)
                .body("owner.reference", equalTo("Organization/" + harbor));
        partner(harbor).get("/fhir/ServiceRequest/{id}", request).then().statusCode(200);
        partner(harbor).get("/fhir/Task/{id}/_history", task).then().body("total", equalTo(3));
        for (String path : List.of("Task/" + task, "Task/" + task + "/_history", "Task/" + task + "/_history/1")) {
            problem(partner(rides).get("/fhir/" + path), ProblemCode.RESOURCE_NOT_FOUND);
        }
        problem(partner(rides).get("/fhir/ServiceRequest/{id}", request), ProblemCode.RESOURCE_NOT_FOUND);
        search(Tokens.partner(rides), "Task?_total=accurate").then().body("total", equalTo(0));
        problem(patch(rides, task, rides, "W/\"1\""), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void itsEndUnclaimedShutsIt() {
        // Given
        String task = offered(harbor);
        // When
        Scene.change(Tokens.coordinator(), task, next -> {
                    next.setStatus(TaskStatus.CANCELLED);
                    next.getStatusReason().setText("Not needed");
                })
                .then()
                .statusCode(200);
        // Then
        problem(partner(harbor).get("/fhir/Task/{id}", task), ProblemCode.RESOURCE_NOT_FOUND);
        problem(partner(harbor).get("/fhir/ServiceRequest/{id}", request), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void whatTheRequesterOffersToOthersInsteadIsShutToWhoCouldClaimIt() {
        // Given
        String task = offered(harbor);
        // When
        Scene.change(
                        Tokens.coordinator(),
                        task,
                        next -> next.getRestriction().setRecipient(List.of(new Reference("Organization/" + rides))))
                .then()
                .statusCode(200);
        // Then
        problem(partner(harbor).get("/fhir/Task/{id}", task), ProblemCode.RESOURCE_NOT_FOUND);
        partner(rides).get("/fhir/Task/{id}", task).then().statusCode(200);
    }

    @Test
    void nobodyClaimsForAnotherOrWhatIsNotOfferedToThem() {
        // Given
        String task = offered(harbor, rides);
        byte[] stored = coordinator().get("/fhir/Task/{id}", task).asByteArray();
        Task byOthers = FhirJson.parse(Task.class, stored);
        claim(others, TaskStatus.ACCEPTED).accept(byOthers);
        // When, Then
        problem(Scene.put(Tokens.partner(others), byOthers, "W/\"1\""), ProblemCode.RESOURCE_NOT_FOUND);
        problem(patch(others, task, others, "W/\"1\""), ProblemCode.RESOURCE_NOT_FOUND);
        for (Response forAnother : List.of(
                change(harbor, task, claim(rides, TaskStatus.ACCEPTED)), patch(harbor, task, others, "W/\"1\""))) {
            forAnother.then().statusCode(422).body("issue[0].expression", contains("Task.owner"));
        }
        change(harbor, task, next -> next.setDescription("Mine"))
                .then()
                .statusCode(422)
                .body(
                        "issue[0].diagnostics",
                        equalTo("Task: changed by neither its requester nor its owner (expected: no change)"));
        change(
                        harbor,
                        task,
                        claim(harbor, TaskStatus.ACCEPTED)
                                .andThen(next ->
                                        next.getRestriction().getRecipient().removeLast()))
                .then()
                .statusCode(422)
                .body("issue[0].expression", contains("Task.restriction.recipient"));
        change(harbor, task, next -> {
                    next.setStatus(TaskStatus.REJECTED);
                    next.getStatusReason().setText("No nurse free");
                })
                .then()
                .statusCode(422)
                .body("issue[0].expression", contains("Task.status"));
        assertThat(coordinator().get("/fhir/Task/{id}", task).header("ETag")).isEqualTo("W/\"1\"");
    }

    /** Each agency claims several times, with and without a version, by PUT and by PATCH; one of all claims is the first. */
    @Test
    void ofManyClaimsAtOnceOneAgencyWins() throws Exception {
        // Given
        List<String> agencies = List.of(harbor, rides, others, "fourth-" + mark);
        known(agencies.getLast());
        String task = offered(agencies.toArray(String[]::new));
        Task stored = FhirJson.parse(
                Task.class, coordinator().get("/fhir/Task/{id}", task).asByteArray());
        int claims = CLAIMS_OF_EACH * agencies.size();
        CyclicBarrier start = new CyclicBarrier(claims);
        List<String> answers = new ArrayList<>();
        // When
        try (ExecutorService clients = Executors.newFixedThreadPool(claims)) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < claims; i++) {
                String agency = agencies.get(i % agencies.size());
                Callable<Response> claim = i / agencies.size() % 2 == 0
                        ? () -> patch(agency, task, agency, "W/\"1\"")
                        : () -> put(agency, stored);
                all.add(clients.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return agency + " " + claim.call().statusCode();
                }));
            }
            for (Future<String> each : all) {
                answers.add(each.get());
            }
        }
        // Then
        List<String> won =
                answers.stream().filter(each -> each.endsWith(" 200")).toList();
        assertThat(won).as(answers.toString()).hasSize(1);
        String winner = won.getFirst().replace(" 200", "");
        assertThat(answers).allSatisfy(each -> assertThat(each).matches(".* (200|404|409|412)"));
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .header("ETag", "W/\"2\"")
                .body("owner.reference", equalTo("Organization/" + winner))
                .body("status", equalTo("accepted"));
        for (String agency : agencies) {
            partner(agency).get("/fhir/Task/{id}", task).then().statusCode(agency.equals(winner) ? 200 : 404);
        }
    }

    private static Response put(String agency, Task stored) {
        Task claimed = stored.copy();
        claim(agency, TaskStatus.ACCEPTED).accept(claimed);
        return Scene.put(Tokens.partner(agency), claimed, "W/\"1\"");
    }

    private static Response patch(String agency, String task, String owner, String ifMatch) {
        String body = """
                [{"op":"add","path":"/owner","value":{"reference":"Organization/%s"}},
                 {"op":"replace","path":"/status","value":"accepted"}]""".formatted(owner);
        return partner(agency)
                .contentType(PATCH)
                .header("If-Match", ifMatch)
                .body(body)
                .patch("/fhir/Task/{id}", task);
    }

    private static Response change(String agency, String task, Consumer<Task> change) {
        return Scene.change(Tokens.partner(agency), task, change);
    }

    private static Consumer<Task> claim(String owner, TaskStatus status) {
        return task -> task.setStatus(status).setOwner(new Reference("Organization/" + owner));
    }

    private String offered(String... recipients) {
        return Orders.created(offer(recipients));
    }

    private Task offer(String... recipients) {
        Task task = Orders.task(patient, request);
        for (String recipient : recipients) {
            task.getRestriction().addRecipient(new Reference("Organization/" + recipient));
        }
        return task;
    }

    private String harborToken() {
        return Tokens.partner(harbor);
    }

    private static void known(String agency) {
        Organization organization = new Organization().setActive(true).setName(agency);
        organization.setId(agency);
        coordinator()
                .body(FhirJson.write(organization))
                .put("/fhir/Organization/{id}", agency)
                .then()
                .statusCode(201);
    }
}
