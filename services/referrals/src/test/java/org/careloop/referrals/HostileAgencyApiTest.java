package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agency with every scope looks for what others were asked, and writes where it has no business: one request is asked of it and of
 * another at once, a second of the other alone.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class HostileAgencyApiTest {

    private static final String PATCH = "application/json-patch+json";

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String own = "own-" + mark;
    private final String other = "other-" + mark;
    private final String patient = "p-" + mark;
    private final String token = Tokens.token("system-of-" + own, "partner", own, "system/*.cruds");

    private String shared = "";
    private String foreign = "";
    private String mine = "";
    private String theirs = "";
    private String alone = "";

    @BeforeEach
    void twoAgenciesAreAsked() {
        Stream.of(own, other).forEach(agency -> Scene.agency(agency, "code-" + mark, "021"));
        Scene.known(patient);
        shared = Orders.created(Orders.request(patient));
        ServiceRequest secret = Orders.request(patient);
        secret.addNote().setText("secret-" + mark);
        foreign = Orders.created(secret);
        mine = Orders.created(asked(shared, own));
        theirs = Orders.created(asked(shared, other).setDescription("secret-" + mark));
        alone = Orders.created(asked(foreign, other).setDescription("secret-" + mark));
    }

    /** {a}, {b}: the agencies; {r}, {s}: the request of both, and of the other; {m}, {t}, {o}: its Task, and the two of the other; {p}: the person. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Task?owner=Organization/{b}",
                "Task?_id={t},{o}",
                "Task?patient=Patient/{p}",
                "Task?group-identifier=https://careloop.org/fhir/sid/offer%7Coffer-{x}",
                "Task?patient=Patient/{p}&_include=Task:focus&_include=*&_revinclude=*",
                "Task?focus=ServiceRequest/{r}",
                "Task?focus:ServiceRequest.subject=Patient/{p}",
                "Task?focus:ServiceRequest._has:Task:focus:owner=Organization/{b}&_include=Task:focus&_revinclude=Task:focus",
                "Task?owner:not=Organization/{a}",
                "Task?owner:Organization._id={b}",
                "Task?_lastUpdated=gt2020-01-01&_sort=-_lastUpdated&_count=500",
                "ServiceRequest?_id={r},{s}&_revinclude=Task:focus&_include=ServiceRequest:performer",
                "ServiceRequest?patient=Patient/{p}&_revinclude:iterate=Task:focus&_revinclude:iterate=Task:part-of",
                "ServiceRequest?_has:Task:focus:owner=Organization/{b}&_revinclude=Task:focus",
                "Organization?_id={b}&_revinclude=Task:owner&_revinclude=Task:requester",
                "HealthcareService?organization=Organization/{b}&_revinclude=ServiceRequest:performer",
                "Task/_history?_count=500",
                "ServiceRequest/_history?_count=500",
                "_history?_count=500"
            })
    void findsNothingOfOthers(String query) {
        Response answer = as(token).urlEncodingEnabled(false).get("/fhir/" + filled(query));
        assertThat(answer.statusCode()).as(answer.asString()).isIn(200, 400, 403);
        // The links say again what was asked.
        assertThat(answer.asString().replaceAll("\"url\":\"[^\"]*\"", ""))
                .doesNotContain(theirs, alone, foreign, "secret-");
    }

    /** What is found tells that there is something, though it is not shown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ServiceRequest?_id={r}&_has:Task:focus:owner=Organization/{b}",
                "ServiceRequest?_id={r}&_has:Task:focus:_id={t}",
                "ServiceRequest?_id={r}&_has:Task:focus:owner:Organization._id={b}",
                "Organization?_id={b}&_has:Task:owner:status=requested",
                "Organization?_id={b}&_has:Task:owner:patient=Patient/{p}",
                "Organization?_id={b}&_has:Task:owner:focus:ServiceRequest.status=active",
                "Task?_id={m}&focus:ServiceRequest._has:Task:focus:owner=Organization/{b}",
                "Task?_id={t},{o}&_summary=count",
                "ServiceRequest?_id={s}&_total=accurate"
            })
    void countsNothingOfOthers(String query) {
        Response answer = as(token).urlEncodingEnabled(false).get("/fhir/" + filled(query));
        assertThat(answer.statusCode()).as(answer.asString()).isIn(200, 400, 403);
        if (answer.statusCode() == 200) {
            assertThat(matches(answer)).isEmpty();
            assertThat(answer.<Integer>path("total")).isIn(null, 0);
        }
    }

    /** The same questions have an answer where it is the agency's to know. */
    @Test
    void findsItsOwnByTheSameWays() {
        assertThat(matches(search(token, filled("ServiceRequest?_id={r}&_has:Task:focus:owner=Organization/{a}"))))
                .containsExactly(shared);
        assertThat(matches(search(token, filled("Organization?_id={a}&_has:Task:owner:patient=Patient/{p}"))))
                .containsExactly(own);
        assertThat(matches(search(token, filled("Task?patient=Patient/{p}")))).containsExactly(mine);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Task/{t}",
                "Task/{t}/_history",
                "Task/{t}/_history/1",
                "Task/{t}/$meta",
                "Task/{t}/$choice-list",
                "Task/{m}/$choice-list",
                "ServiceRequest/{s}",
                "ServiceRequest/{s}/_history/1",
                "ServiceRequest/{s}/$meta",
                "HealthcareService/$unmet-needs?start=2020-01-01&end=2030-01-01"
            })
    void readsNothingOfOthers(String path) {
        Response answer = as(token).urlEncodingEnabled(false).get("/fhir/" + filled(path));
        assertThat(answer.statusCode()).as(answer.asString()).isIn(403, 404);
        assertThat(answer.asString()).doesNotContain("secret-", theirs);
    }

    @Test
    void aScorecardOfAnotherTellsNothingOfIt() {
        as(token)
                .get("/fhir/Organization/{id}/$scorecard?start=2020-01-01&end=2030-01-01&as=figures", other)
                .then()
                .statusCode(200)
                .body("asked", equalTo(0));
        coordinator()
                .get("/fhir/Organization/{id}/$scorecard?start=2020-01-01&end=2030-01-01&as=figures", other)
                .then()
                .body("asked", equalTo(2));
    }

    @Test
    void writesNothingOfOthers() {
        // Given
        String before = state();
        List<Response> answers = new ArrayList<>();
        String task = coordinator().get("/fhir/Task/{id}", theirs).asString();
        String taken = task.replace("Organization/" + other, "Organization/" + own);
        // When
        for (String body : List.of(task.replace("\"requested\"", "\"accepted\""), taken)) {
            answers.add(as(token).body(body).put("/fhir/Task/{id}", theirs));
            answers.add(as(token).header("If-Match", "W/\"1\"").body(body).put("/fhir/Task/{id}", theirs));
            answers.add(as(token).body(body).put("/fhir/Task?_id={id}", theirs));
            answers.add(as(token).body(body).put("/fhir/Task?owner=Organization/{id}", other));
            answers.add(as(token).body(body).post("/fhir/Task"));
            answers.add(as(token).header("If-None-Exist", "_id=none").body(body).post("/fhir/Task"));
        }
        String accept = "[{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"accepted\"}]";
        answers.add(as(token).contentType(PATCH).body(accept).patch("/fhir/Task/{id}", theirs));
        answers.add(as(token).contentType(PATCH).body(accept).patch("/fhir/Task?_id={id}", theirs));
        answers.add(as(token).contentType(PATCH).body(accept).patch("/fhir/ServiceRequest/{id}", shared));
        for (String url : List.of("Task/" + theirs, "Task/" + mine, "Task?_id=" + theirs, "ServiceRequest/" + shared)) {
            answers.add(as(token).delete("/fhir/" + url));
        }
        String tag =
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":{\"tag\":[{\"code\":\"x\"}]}}]}";
        for (String path : List.of("Task/" + theirs, "ServiceRequest/" + shared, "Organization/" + own)) {
            answers.add(as(token).body(tag).post("/fhir/{path}/$meta-add", path));
        }
        answers.add(as(token)
                .body("[]")
                .contentType("application/json")
                .post("/directory/hsds?source={source}", "own-" + mark));
        for (String entry : List.of(
                entry("PUT", "Task/" + theirs, task.replace("\"requested\"", "\"cancelled\"")),
                entry("POST", "Task", taken),
                entry(
                        "POST",
                        "ServiceRequest",
                        coordinator().get("/fhir/ServiceRequest/{id}", shared).asString()),
                entry("DELETE", "Task/" + mine, "null"),
                entry("GET", "Task/" + theirs, "null"))) {
            answers.add(as(token).body(bundle("transaction", entry)).post("/fhir"));
        }
        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.asString()).isIn(400, 403, 404, 405, 412, 422);
            assertThat(answer.asString()).doesNotContain("secret-");
        });
        assertThat(state()).isEqualTo(before);
    }

    /** By these it would set its own clocks, join another offer, open records, or take itself out of the requester's sight. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'add','path':'/priority','value':'routine'}",
                "{'op':'add','path':'/restriction','value':{'period':{'end':'2031-01-01T00:00:00Z'}}}",
                "{'op':'add','path':'/input','value':[{'type':{'text':'x'},'valueReference':{'reference':'ServiceRequest/{s}'}}]}",
                "{'op':'add','path':'/reasonReference','value':{'reference':'Task/{t}'}}",
                "{'op':'replace','path':'/focus/reference','value':'ServiceRequest/{s}'}",
                "{'op':'replace','path':'/for/reference','value':'Patient/another'}",
                "{'op':'replace','path':'/requester/reference','value':'Organization/{a}'}",
                "{'op':'replace','path':'/owner/reference','value':'Organization/{b}'}",
                "{'op':'remove','path':'/owner'}",
                "{'op':'remove','path':'/groupIdentifier'}",
                "{'op':'replace','path':'/groupIdentifier/value','value':'another'}",
                "{'op':'replace','path':'/code','value':{'text':'anything'}}",
                "{'op':'replace','path':'/authoredOn','value':'2020-01-01T00:00:00Z'}",
                "{'op':'remove','path':'/identifier'}",
                "{'op':'replace','path':'/status','value':'entered-in-error'}",
                "{'op':'replace','path':'/status','value':'draft'}"
            })
    void changesOfItsOwnWhatIsItsOwn(String operation) {
        // When
        Response answer = as(token)
                .contentType(PATCH)
                .body("[" + filled(operation).replace('\'', '"') + "]")
                .patch("/fhir/Task/{id}", mine);
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isIn(403, 422);
        coordinator().get("/fhir/Task/{id}", mine).then().body("meta.versionId", equalTo("1"));
    }

    /** A label says who may see it: who is shut out by one does not take it off. */
    @Test
    void takesNoLabelOff() {
        // Given
        String restricted = Orders.created(labelled());
        String label = "{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}";
        String labels =
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":{\"security\":["
                        + label + "]}}]}";
        // When
        Response deleted = as(token).body(labels).post("/fhir/Task/{id}/$meta-delete", restricted);
        Response patched = as(token)
                .contentType(PATCH)
                .body("[{\"op\":\"remove\",\"path\":\"/meta/security\"}]")
                .patch("/fhir/Task/{id}", restricted);
        // Then
        assertThat(List.of(deleted.statusCode(), patched.statusCode())).isSubsetOf(200, 403, 422);
        coordinator().get("/fhir/Task/{id}", restricted).then().body("meta.security.code", equalTo(List.of("R")));
    }

    /** Who takes referrals for a network has them passed on to others with all that is asked: that is not an agency's to say of itself. */
    @Test
    void doesNotMakeItselfANetwork() {
        // Given
        Network.is(own, EndpointStatus.OFF);
        String endpoint = coordinator().get("/fhir/Endpoint/{id}", own).asString();
        String direct = endpoint.replace("\"code\":\"indirect\"", "\"code\":\"direct\"");
        coordinator()
                .header("If-Match", "W/\"1\"")
                .body(direct)
                .put("/fhir/Endpoint/{id}", own)
                .then()
                .statusCode(200);
        // When
        Response indirect = as(token).body(endpoint).put("/fhir/Endpoint/{id}", own);
        Response patched = as(token)
                .contentType(PATCH)
                .body("[{\"op\":\"replace\",\"path\":\"/connectionType/code\",\"value\":\"indirect\"}]")
                .patch("/fhir/Endpoint/{id}", own);
        // Then
        assertThat(List.of(indirect.statusCode(), patched.statusCode())).containsOnly(422);
        coordinator()
                .get("/fhir/Endpoint/{id}", own)
                .then()
                .body("connectionType.code", equalTo("direct"))
                .body("meta.versionId", equalTo("2"));
        // When it says that its server rests
        as(token)
                .contentType(PATCH)
                .body("[{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"suspended\"}]")
                .patch("/fhir/Endpoint/{id}", own)
                .then()
                .statusCode(200);
    }

    private Task labelled() {
        Task task = asked(shared, own);
        task.getMeta()
                .addSecurity()
                .setSystem("http://terminology.hl7.org/CodeSystem/v3-Confidentiality")
                .setCode("R");
        return task;
    }

    private Task asked(String request, String agency) {
        Task task = Orders.task(patient, request).setOwner(new Reference("Organization/" + agency));
        task.addIdentifier().setSystem("urn:placer").setValue(mark);
        return task.setGroupIdentifier(new Identifier()
                .setSystem("https://careloop.org/fhir/sid/offer")
                .setValue("offer-" + mark));
    }

    /** The versions of all that is not to change, and how many Tasks there are. */
    private String state() {
        List<String> versions = Stream.of("Task/" + mine, "Task/" + theirs, "Task/" + alone, "ServiceRequest/" + shared)
                .map(path -> path + " " + coordinator().get("/fhir/" + path).<String>path("meta.versionId"))
                .toList();
        coordinator().get("/fhir/Task?patient=Patient/{p}", patient).then().body("entry", hasSize(3));
        return versions + " "
                + coordinator().get("/fhir/Organization/{id}", own).<String>path("meta.versionId");
    }

    private static String bundle(String type, String entry) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\",\"entry\":[" + entry + "]}";
    }

    private static String entry(String method, String url, String resource) {
        return "{\"request\":{\"method\":\"" + method + "\",\"url\":\"" + url + "\"}"
                + (resource.equals("null") ? "" : ",\"resource\":" + resource) + "}";
    }

    private String filled(String text) {
        return text.replace("{a}", own)
                .replace("{b}", other)
                .replace("{r}", shared)
                .replace("{s}", foreign)
                .replace("{m}", mine)
                .replace("{t}", theirs)
                .replace("{o}", alone)
                .replace("{p}", patient)
                .replace("{x}", mark);
    }
}
