package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A supervisor reads all of their organisation's work and nothing of another's, and writes nothing, whatever their scopes say. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class SupervisorApiTest {

    private static final String SUPERVISOR =
            Tokens.token("supervisor", "supervisor", "riverside-clinic", "user/*.cruds");
    private static final String PERIOD = "?start=2020-01-01&end=2030-12-31&as=figures";

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String agency = "agency-" + mark;
    private final String clinic = "clinic-" + mark;
    private final String clinics = Tokens.token("ehr-of-" + clinic, "coordinator", clinic, "system/*.cruds");

    private String request = "";
    private String task = "";
    private String foreignRequest = "";
    private String foreign = "";

    @BeforeEach
    void twoClinicsAskOneAgency() {
        Scene.agency(agency, "code-" + mark, "021");
        String patient = "p-" + mark;
        Scene.known(patient);
        request = Orders.created(Orders.request(patient));
        task = Orders.created(Orders.task(patient, request).setOwner(new Reference("Organization/" + agency)));
        Patient person = new Patient();
        person.setId("q-" + mark);
        person.setManagingOrganization(new Reference("Organization/" + clinic));
        Bus.tellFirst(person);
        Reference asks = new Reference("Organization/" + clinic);
        foreignRequest = created(FhirJson.write(Orders.request("q-" + mark).setRequester(asks)), "ServiceRequest");
        foreign = created(
                FhirJson.write(Orders.task("q-" + mark, foreignRequest)
                        .setRequester(asks)
                        .setOwner(new Reference("Organization/" + agency))),
                "Task");
    }

    @Test
    void seesTheirOwnAlone() {
        assertThat(matches(search(SUPERVISOR, "Task?owner=Organization/" + agency)))
                .containsExactly(task);
        assertThat(matches(search(SUPERVISOR, "ServiceRequest?_has:Task:focus:owner=Organization/" + agency)))
                .containsExactly(request);
        assertThat(matches(search(SUPERVISOR, "Task?_id=" + foreign + "&_include=Task:focus")))
                .isEmpty();
        for (String path : List.of(
                "Task/" + foreign,
                "Task/" + foreign + "/_history",
                "Task/" + foreign + "/_history/1",
                "Task/" + foreign + "/$choice-list",
                "ServiceRequest/" + foreignRequest)) {
            Response answer = as(SUPERVISOR).urlEncodingEnabled(false).get("/fhir/" + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
        }
        assertThat(search(SUPERVISOR, "Organization?_id=" + agency + "&_revinclude=Task:owner")
                        .asString())
                .contains(task)
                .doesNotContain(foreign);
    }

    @Test
    void countsTheirOwnAlone() {
        for (String token : List.of(SUPERVISOR, Tokens.coordinator(), clinics)) {
            as(token)
                    .urlEncodingEnabled(false)
                    .get("/fhir/Organization/" + agency + "/$scorecard" + PERIOD)
                    .then()
                    .statusCode(200)
                    .body("asked", equalTo(1));
        }
        as(Tokens.partner(agency))
                .urlEncodingEnabled(false)
                .get("/fhir/Organization/" + agency + "/$scorecard" + PERIOD)
                .then()
                .body("asked", equalTo(2));
    }

    @Test
    void writesNothing() {
        // Given
        List<Response> answers = new ArrayList<>();
        String stored = coordinator().get("/fhir/Task/{id}", task).asString();
        String accepted = stored.replace("\"requested\"", "\"cancelled\"");
        String tag =
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":{\"tag\":[{\"code\":\"x\"}]}}]}";
        // When
        answers.add(as(SUPERVISOR).body(accepted).put("/fhir/Task/{id}", task));
        answers.add(as(SUPERVISOR).body(accepted).put("/fhir/Task?_id={id}", task));
        answers.add(as(SUPERVISOR).body(accepted).post("/fhir/Task"));
        answers.add(as(SUPERVISOR)
                .contentType("application/merge-patch+json")
                .body("{\"description\":\"Mine\"}")
                .patch("/fhir/Task/{id}", task));
        answers.add(as(SUPERVISOR).delete("/fhir/Task/{id}", task));
        answers.add(as(SUPERVISOR).delete("/fhir/ServiceRequest/{id}", request));
        answers.add(as(SUPERVISOR).body(tag).post("/fhir/Task/{id}/$meta-add", task));
        answers.add(as(SUPERVISOR).body("""
                        {"resourceType":"Bundle","type":"transaction","entry":[{"resource":%s,
                         "request":{"method":"PUT","url":"Task/%s"}}]}""".formatted(accepted, task)).post("/fhir"));
        answers.add(as(SUPERVISOR)
                .contentType("application/json")
                .body("[]")
                .post("/directory/hsds?source={source}", "s-" + mark));
        // Then
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(403));
        Task after = FhirJson.parse(
                Task.class, coordinator().get("/fhir/Task/{id}", task).asByteArray());
        assertThat(after.getMeta().getVersionId()).isEqualTo("1");
    }

    private String created(byte[] resource, String type) {
        Response answer = as(clinics).body(resource).post("/fhir/" + type);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }
}
