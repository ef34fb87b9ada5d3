package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.Merging.PATIENCE;
import static org.careloop.patients.Merging.about;
import static org.careloop.patients.Merging.merge;
import static org.careloop.patients.Merging.read;
import static org.careloop.patients.Merging.run;
import static org.careloop.patients.Merging.text;
import static org.careloop.patients.Merging.total;
import static org.careloop.patients.Merging.unmerge;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.internal.FollowedPatients;
import org.careloop.fhirstore.ResourceStore;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

/** What refers to a Patient who was merged follows, and comes back. */
@QuarkusTest
class MergedReferencesApiTest {

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

    @Inject
    @Readiness
    FollowedPatients followed;

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
        HeldUnit held = HeldUnit.creating(store, about("Condition", source));
        // When
        String before = create(about("Condition", source));
        merge(source, target).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + target)).containsExactly(before));
        assertThat(isSwept(source)).isFalse();
        String late = held.commit();
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + target)).containsExactlyInAnyOrder(before, late));
        assertThat(found("Condition?patient=" + source)).isEmpty();
        await().atMost(PATIENCE).until(() -> isSwept(source));
    }

    @Test
    void whatCannotBeMovedWaitsAloneAndFollowsWhenItIsMended() throws Exception {
        // Given: more than are taken at once cannot be read, and are noted before all others
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            broken.add(create(about("Condition", source)));
        }
        String those = "from resource where type = 'Condition' and id in ('" + String.join("','", broken) + "')";
        String mend = "update resource set body = substring(body from 2) where rid in (select rid " + those + ")";
        run(database, "update resource set body = '\\x78'::bytea || body where rid in (select rid " + those + ")");
        try {
            run(database, "insert into reference_to_move (rid) select rid " + those);
            // When
            merge(source, target).then().statusCode(200);
            String later = create(about("Procedure", source));
            // Then: the others pass, and no walk begins again because of these
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(found("Procedure?patient=" + target)).containsExactly(later));
            await().atMost(PATIENCE).until(() -> isSwept(source));
            Map<String, Object> told =
                    LeaderLoop.await(() -> followed.call()).getData().orElseThrow();
            assertThat(told).containsEntry("notMoved", 120L);
        } finally {
            run(database, mend);
        }
        // Then
        await().atMost(PATIENCE).until(() -> total("Condition?_summary=count&patient=" + target) == broken.size());
    }

    private boolean isSwept(String patient) throws SQLException {
        return text(database, "select swept from replaced_record where replaced = '" + patient + "'")
                .equals("t");
    }
}
