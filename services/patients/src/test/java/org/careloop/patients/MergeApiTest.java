package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/**
 * Two Patients become one, and two again.
 *
 * @see <a href="https://hl7.org/fhir/R5/patient-operation-merge.html">FHIR R5 Patient $merge</a>
 */
@QuarkusTest
class MergeApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

    @Test
    void theTargetStandsForTheSourceAndIsFoundByItsIdentifiers() {
        // Given
        String mark = Persons.mark();
        String source = create(Persons.patient("female", "urn:a|" + mark, ""));
        String target = create(Persons.patient("female", "urn:b|" + mark, ""));
        // When
        Response merged = merge(source, target);
        // Then
        assertThat(merged.statusCode()).as(merged.asString()).isEqualTo(200);
        assertThat(merged.<String>path("parameter.find { it.name == 'result' }.resource.id"))
                .isEqualTo(target);
        JsonPath replaced = read(source);
        assertThat(replaced.getBoolean("active")).isFalse();
        assertThat(replaced.getString("link[0].type")).isEqualTo("replaced-by");
        assertThat(replaced.getString("link[0].other.reference")).isEqualTo("Patient/" + target);
        JsonPath survivor = read(target);
        assertThat(survivor.getString("link[0].type")).isEqualTo("replaces");
        assertThat(survivor.getString("link[0].other.reference")).isEqualTo("Patient/" + source);
        assertThat(survivor.getString("identifier[1].use")).isEqualTo("old");
        assertThat(found("Patient?identifier=urn:a%7C" + mark)).containsExactly(target);
        assertThat(found("Patient?identifier=urn:b%7C" + mark)).containsExactly(target);
        assertThat(coordinator().get("/fhir/Patient/{id}/_history/1", source).<String>path("identifier[0].value"))
                .isEqualTo(mark);
        List<String> activities = coordinator()
                .get("/fhir/Provenance?patient=" + target)
                .path("entry.resource.activity.coding[0].code.flatten()");
        assertThat(activities).contains("merge");
    }

    @Test
    void whatRefersToTheSourceFollowsAndComesBack() {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String condition = create(about("Condition", source));
        String own = create(about("Condition", target));
        String coverage = create("""
                {"resourceType":"Coverage","status":"active","beneficiary":{"reference":"Patient/%s"},
                 "payor":[{"reference":"Patient/%s"}]}""".formatted(source, source));
        String aside = create("""
                {"resourceType":"Condition","subject":{"reference":"Patient/%s"},
                 "extension":[{"url":"urn:other","valueReference":{"reference":"Patient/%s"}}]}""".formatted(target, source));
        // When
        merge(source, target).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(found("Condition?patient=" + target))
                        .containsExactlyInAnyOrder(condition, own, aside));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(read("Condition", aside).getString("extension[0].valueReference.reference"))
                                .isEqualTo("Patient/" + target));
        assertThat(found("Condition?patient=" + source)).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Coverage?patient=" + target)).containsExactly(coverage));
        assertThat(read("Coverage", coverage).getString("payor[0].reference")).isEqualTo("Patient/" + target);
        assertThat(read("Condition", condition).getString("meta.versionId")).isEqualTo("2");
        // When
        String late = create(about("Condition", target));
        Response unmerged = unmerge(source);
        // Then
        assertThat(unmerged.statusCode()).as(unmerged.asString()).isEqualTo(200);
        assertThat(unmerged.<List<String>>path("parameter.findAll { it.name == 'stayed' }.valueReference.reference"))
                .contains("Condition/" + late)
                .doesNotContain("Condition/" + condition, "Condition/" + own);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + source)).containsExactly(condition));
        assertThat(found("Condition?patient=" + target)).containsExactlyInAnyOrder(own, aside, late);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(read("Condition", aside).getString("extension[0].valueReference.reference"))
                                .isEqualTo("Patient/" + source));
        assertThat(read("Condition", aside).getString("subject.reference")).isEqualTo("Patient/" + target);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Coverage", coverage).getString("beneficiary.reference"))
                        .isEqualTo("Patient/" + source));
        JsonPath restored = read(source);
        assertThat(restored.<Object>get("active")).isNull();
        assertThat(restored.<Object>get("link")).isNull();
    }

    @Test
    void whatIsWrittenDuringAndAfterAMergeEndsAtTheSurvivor() throws Exception {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        int writers = 8;
        int each = 25;
        List<Callable<List<String>>> work = new ArrayList<>();
        IntStream.range(0, writers)
                .forEach(writer -> work.add(() -> {
                    List<String> written = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        written.add(create(about(i % 2 == 0 ? "Condition" : "Procedure", source)));
                    }
                    return written;
                }));
        List<String> written = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(writers + 1)) {
            List<Future<List<String>>> running = work.stream().map(pool::submit).toList();
            // When
            merge(source, target).then().statusCode(200);
            for (Future<List<String>> one : running) {
                written.addAll(one.get());
            }
        }
        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(total("Condition?_summary=count&patient=" + source)).isZero();
            assertThat(total("Procedure?_summary=count&patient=" + source)).isZero();
            assertThat(total("Condition?_summary=count&patient=" + target)
                            + total("Procedure?_summary=count&patient=" + target))
                    .isEqualTo(written.size());
        });
        // When
        unmerge(source).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(total("Condition?_summary=count&patient=" + source)
                                + total("Procedure?_summary=count&patient=" + source))
                        .isEqualTo(written.size()));
    }

    @Test
    void whatATransactionThatBeganBeforeWritesLastFollowsToo() throws Exception {
        // Given: it has written, and looked whether the patient was replaced, before the merge; it commits long after.
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        CompletableFuture<Void> written = new CompletableFuture<>();
        CompletableFuture<Void> released = new CompletableFuture<>();
        CompletableFuture<String> ended = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                ended.complete(VertxContextSupport.subscribeAndAwait(() -> store.inUnit(unit -> unit.create(
                                Caller.PLATFORM,
                                FhirJson.parse(about("Condition", source).getBytes(StandardCharsets.UTF_8)))
                        .invoke(() -> written.complete(null))
                        .call(() -> whenDone(released))
                        .map(saved -> saved.key().id().value()))));
            } catch (Throwable e) {
                ended.completeExceptionally(e);
            }
        });
        written.get();
        // When
        String before = create(about("Condition", source));
        merge(source, target).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + target)).containsExactly(before));
        assertThat(isSwept(source)).isFalse();
        released.complete(null);
        String late = ended.get();
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + target)).containsExactlyInAnyOrder(before, late));
        assertThat(found("Condition?patient=" + source)).isEmpty();
        await().atMost(PATIENCE).until(() -> isSwept(source));
    }

    /** A session is used on the thread of its context alone. */
    private static Uni<Void> whenDone(CompletableFuture<Void> released) {
        Context context = Vertx.currentContext();
        return Uni.createFrom()
                .emitter(emitter -> released.thenRun(() -> context.runOnContext(now -> emitter.complete(null))));
    }

    private boolean isSwept(String patient) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select swept from replaced_record where replaced = '" + patient + "'")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Test
    void chainsLeadToTheLastAndAreUndoneFromTheEnd() {
        // Given
        String a = create(Persons.patient("female", "urn:chain|" + Persons.mark(), ""));
        String b = create(Persons.patient("female"));
        String c = create(Persons.patient("female"));
        String condition = create(about("Condition", a));
        String own = create(about("Condition", b));
        // When
        merge(a, b).then().statusCode(200);
        merge(b, c).then().statusCode(200);
        // Then
        assertThat(read(a).getString("link[0].other.reference")).isEqualTo("Patient/" + c);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + c)).containsExactlyInAnyOrder(condition, own));
        problem(unmerge(a), ProblemCode.RULE_VIOLATED);
        // When
        unmerge(b).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + b)).containsExactlyInAnyOrder(condition, own));
        assertThat(read(a).getString("link[0].other.reference")).isEqualTo("Patient/" + b);
        // When
        unmerge(a).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(found("Condition?patient=" + a)).containsExactly(condition));
        assertThat(found("Condition?patient=" + b)).containsExactly(own);
        assertThat(found("Condition?patient=" + c)).isEmpty();
        assertThat(read(b).<Object>get("identifier")).isNull();
        assertThat(read(c).<Object>get("link")).isNull();
    }

    @Test
    void whatCannotBeMergedIsRefusedAndWhatIsMergedStays() {
        // Given
        String a = create(Persons.patient("female"));
        String b = create(Persons.patient("female"));
        String c = create(Persons.patient("female"));
        String deleted = create(Persons.patient("female"));
        coordinator().delete("/fhir/Patient/{id}", deleted).then().statusCode(204);
        // Then
        problem(merge(a, a), ProblemCode.RULE_VIOLATED);
        problem(merge(a, deleted), ProblemCode.RESOURCE_NOT_FOUND);
        problem(merge(deleted, a), ProblemCode.RESOURCE_NOT_FOUND);
        problem(merge("nowhere", a), ProblemCode.RESOURCE_NOT_FOUND);
        problem(unmerge(a), ProblemCode.RULE_VIOLATED);
        // When
        merge(a, b).then().statusCode(200);
        long version = read(b).getLong("meta.versionId");
        // Then
        assertThat(merge(a, b).statusCode()).isEqualTo(200);
        assertThat(read(b).getLong("meta.versionId")).isEqualTo(version);
        problem(merge(b, a), ProblemCode.RULE_VIOLATED);
        problem(merge(a, c), ProblemCode.RULE_VIOLATED);
        // A target that was replaced is who stands for it.
        merge(c, a).then().statusCode(200);
        assertThat(read(c).getString("link[0].other.reference")).isEqualTo("Patient/" + b);
    }

    @Test
    void aPreviewWritesNothing() {
        // Given
        String source = create(Persons.patient("female", "urn:p|" + Persons.mark(), ""));
        String target = create(Persons.patient("female"));
        // When
        Response preview = coordinator()
                .urlEncodingEnabled(false)
                .body(parameters(source, target).replace("]}", ",{\"name\":\"preview\",\"valueBoolean\":true}]}"))
                .post("/fhir/Patient/$merge");
        // Then
        assertThat(preview.statusCode()).as(preview.asString()).isEqualTo(200);
        assertThat(preview.<String>path("parameter.find { it.name == 'result' }.resource.identifier[0].use"))
                .isEqualTo("old");
        assertThat(read(source).<Object>get("link")).isNull();
        assertThat(read(target).<Object>get("identifier")).isNull();
    }

    @Test
    void onlyMergesSetTheLinksOfMergesAndWhoWasReplacedStaysSo() {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String victim = create(Persons.patient("female"));
        String link = """
                {"resourceType":"Patient","id":"%s","link":[{"type":"replaced-by","other":{"reference":"Patient/%s"},
                 "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/merged","valueInstant":"2026-01-01T00:00:00Z"}]}]}""";
        merge(source, target).then().statusCode(200);
        // Then
        problem(
                coordinator().body(link.formatted(target, victim)).put("/fhir/Patient/{id}", target),
                ProblemCode.RULE_VIOLATED);
        problem(
                coordinator().body(Persons.patient("female", source)).put("/fhir/Patient/{id}", source),
                ProblemCode.RULE_VIOLATED);
        String demographics = read(source).prettify().replace("\"female\"", "\"unknown\"");
        assertThat(coordinator()
                        .body(demographics)
                        .put("/fhir/Patient/{id}", source)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nobodyMergesWhomTheyMayNotChange() {
        // Given
        String other = Tokens.token("lakeside-ehr", "coordinator", "lakeside-clinic", "system/*.cruds");
        String own = create(Persons.patient("female"));
        String hidden =
                as(other).body(Persons.patient("female")).post("/fhir/Patient").path("id");
        // Then
        String told = problem(merge(own, hidden), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(told).isEqualTo(problem(merge(own, "nowhere"), ProblemCode.RESOURCE_NOT_FOUND));
        problem(merge(hidden, own), ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                as(Tokens.supervisor())
                        .urlEncodingEnabled(false)
                        .body(parameters(own, own))
                        .post("/fhir/Patient/$merge"),
                ProblemCode.FORBIDDEN);
        problem(
                as(Tokens.partner("harbor"))
                        .urlEncodingEnabled(false)
                        .body(parameters(own, own))
                        .post("/fhir/Patient/$unmerge"),
                ProblemCode.FORBIDDEN);
    }

    @Test
    void whoHadTheSourceHasTheSurvivor() {
        // Given
        String other = Tokens.token("lakeside-ehr", "coordinator", "lakeside-clinic", "system/*.cruds");
        String source =
                as(other).body(Persons.patient("female")).post("/fhir/Patient").path("id");
        String condition = as(other)
                .body(about("Condition", source))
                .post("/fhir/Condition")
                .path("id");
        String target = create(Persons.patient("female"));
        // When
        as(Tokens.service())
                .urlEncodingEnabled(false)
                .body(parameters(source, target))
                .post("/fhir/Patient/$merge")
                .then()
                .statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                as(other).get("/fhir/Condition/{id}", condition).<String>path("subject.reference"))
                        .isEqualTo("Patient/" + target));
        assertThat(as(other).get("/fhir/Patient/{id}", target).statusCode()).isEqualTo(200);
        // When
        as(Tokens.service())
                .urlEncodingEnabled(false)
                .body(parameters(source, target).replaceAll(",\\{\"name\":\"target.*}]", "]"))
                .post("/fhir/Patient/$unmerge")
                .then()
                .statusCode(200);
        // Then
        assertThat(as(other).get("/fhir/Patient/{id}", target).statusCode()).isEqualTo(404);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                as(other).get("/fhir/Condition/{id}", condition).<String>path("subject.reference"))
                        .isEqualTo("Patient/" + source));
    }

    @Test
    void whoIsTheReplacedPatientSeesTheRecordOfTheSurvivor() {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String condition = create(about("Condition", source));
        String own = create(about("Condition", target));
        String person = Tokens.patient(source);
        // When
        merge(source, target).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(matches(search(person, "Condition"))).containsExactlyInAnyOrder(condition, own));
        assertThat(as(person).get("/fhir/Patient/{id}", source).statusCode()).isEqualTo(200);
        assertThat(as(person).get("/fhir/Patient/{id}", target).statusCode()).isEqualTo(200);
        // When
        unmerge(source).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(matches(search(person, "Condition"))).containsExactly(condition));
        assertThat(as(person).get("/fhir/Patient/{id}", target).statusCode()).isEqualTo(404);
    }

    @Test
    void aDenialCountsForTheSurvivorFromTheMergeOn() throws SQLException {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String consent = create("""
                {"resourceType":"Consent","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},
                 "category":[{"text":"Sharing"}],"policyRule":{"text":"Denial"},"patient":{"reference":"Patient/%s"},
                 "provision":{"type":"deny"}}""".formatted(source));
        // When
        merge(source, target).then().statusCode(200);
        // Then
        assertThat(deniedOf(consent)).isEqualTo(target);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Consent", consent).getString("patient.reference"))
                        .isEqualTo("Patient/" + target));
        assertThat(deniedOf(consent)).isEqualTo(target);
        // When
        unmerge(source).then().statusCode(200);
        // Then
        assertThat(deniedOf(consent)).isEqualTo(source);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Consent", consent).getString("patient.reference"))
                        .isEqualTo("Patient/" + source));
        assertThat(deniedOf(consent)).isEqualTo(source);
    }

    /** Whose consent it is, as the access rules see it. */
    private String deniedOf(String consent) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select distinct patient from consent_provision where consent = '" + consent + "'")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static Response merge(String source, String target) {
        return coordinator()
                .urlEncodingEnabled(false)
                .body(parameters(source, target))
                .post("/fhir/Patient/$merge");
    }

    private static Response unmerge(String source) {
        return coordinator()
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"source-patient\",\"valueReference\":"
                        + "{\"reference\":\"Patient/" + source + "\"}}]}")
                .post("/fhir/Patient/$unmerge");
    }

    private static String parameters(String source, String target) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"source-patient\",\"valueReference\":{\"reference\":"
                + "\"Patient/" + source
                + "\"}},{\"name\":\"target-patient\",\"valueReference\":{\"reference\":\"Patient/"
                + target + "\"}}]}";
    }

    private static String about(String type, String patient) {
        return "{\"resourceType\":\"" + type + "\"" + (type.equals("Procedure") ? ",\"status\":\"completed\"" : "")
                + ",\"subject\":{\"reference\":\"Patient/" + patient + "\"}}";
    }

    private static JsonPath read(String patient) {
        return read("Patient", patient);
    }

    private static JsonPath read(String type, String id) {
        Response answer = coordinator().get("/fhir/" + type + "/{id}", id);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static int total(String query) {
        return coordinator().urlEncodingEnabled(false).get("/fhir/" + query).path("total");
    }
}
