package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/** What refers to a patient follows in a service that is only told, by the patient's event, who stands for them. */
@QuarkusTest
class MergedPatientsApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ABOUT = "select count(*) from resource where not deleted and type <> 'Provenance'"
            + " and position(convert_to('Patient/%s\"', 'UTF8') in body) > 0";

    @Inject
    DataSource database;

    @Test
    void thePlanFollowsItsPatientAndComesBack() throws SQLException {
        // Given
        DischargeScene scene = DischargeScene.fresh().planned();
        String survivor = "p-" + UUID.randomUUID();
        long held = count(ABOUT.formatted(scene.patient()));
        assertThat(held).isPositive();
        // When
        Events.tell("patients", replaced(scene.patient(), 2, survivor));
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(count(ABOUT.formatted(scene.patient()))).isZero());
        assertThat(count(ABOUT.formatted(survivor))).isEqualTo(held);
        assertThat(subject(scene.planId())).isEqualTo("Patient/" + survivor);
        assertThat(count("select count(*) from resource where patient = '" + survivor + "' and type = 'CarePlan'"))
                .isEqualTo(1);
        // When
        Events.tell("patients", standsForItself(scene.patient(), 3));
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(count(ABOUT.formatted(scene.patient()))).isEqualTo(held));
        assertThat(count(ABOUT.formatted(survivor))).isZero();
        // An older version, told late, changes nothing.
        Events.tell("patients", replaced(scene.patient(), 2, survivor));
        Events.tell("patients", standsForItself(scene.patient(), 4));
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count(ABOUT.formatted(survivor))).isZero());
    }

    @Test
    void aStayThatWasMovedIsFollowedOn() {
        // Given a plan of a stay whose patient was merged
        DischargeScene scene = DischargeScene.fresh().planned();
        String survivor = "p-" + UUID.randomUUID();
        Events.tell("patients", replaced(scene.patient(), 2, survivor));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(subject(scene.planId())).isEqualTo("Patient/" + survivor));
        DischargeScene moved = new DischargeScene(survivor, scene.stay());
        DischargeScene.REPORTS.forEach(name -> tellAgain(moved, moved.resource(name, Resource.class), 9));
        // When the discharge is taken back
        Encounter stay = moved.resource("encounter-finished", Encounter.class).setStatus(EncounterStatus.INPROGRESS);
        stay.getPeriod().setEnd(null);
        tellAgain(moved, stay, 10);
        EpisodeOfCare episode = moved.resource("episode-of-care-active", EpisodeOfCare.class);
        episode.setStatus(EpisodeOfCareStatus.PLANNED);
        episode.setExtension(new ArrayList<>(episode.getExtensionsByUrl(SharedTerms.INDEX_ENCOUNTER_EXTENSION)));
        tellAgain(moved, episode, 10);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(scene.plan().getStatus().toCode()).isEqualTo("on-hold"));
    }

    private static void tellAgain(DischargeScene scene, Resource resource, int version) {
        resource.getMeta().setVersionId(Integer.toString(version));
        DischargeScene.tell(scene.event(resource));
    }

    @Test
    void whatIsWrittenWhileTheMergeIsToldEndsAtTheSurvivor() throws Exception {
        // Given
        String source = "p-" + UUID.randomUUID();
        String survivor = "p-" + UUID.randomUUID();
        int writers = 6;
        int each = 20;
        List<String> written = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Future<List<String>>> running = IntStream.range(0, writers)
                    .mapToObj(writer -> pool.submit(() -> write(source, each)))
                    .toList();
            // When
            Events.tell("patients", replaced(source, 2, survivor));
            for (Future<List<String>> one : running) {
                written.addAll(one.get());
            }
        }
        written.addAll(write(source, 1));
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count(ABOUT.formatted(survivor))).isEqualTo(written.size()));
        assertThat(count(ABOUT.formatted(source))).isZero();
        assertThat(count("select count(*) from reference_to_move")).isZero();
    }

    private static List<String> write(String patient, int times) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Response answer = as(Tokens.service())
                    .body(
                            "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Walk\"},\"subject\":"
                                    + "{\"reference\":\"Patient/" + patient + "\"}}")
                    .post("/fhir/Goal");
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
            ids.add(answer.path("id"));
        }
        return ids;
    }

    private static String subject(String plan) {
        return as(Tokens.service()).get("/fhir/CarePlan/{id}", plan).path("subject.reference");
    }

    private static ResourceEvent replaced(String patient, long version, String survivor) {
        return patient(
                patient,
                version,
                ",\"active\":false,\"link\":[{\"extension\":[{\"url\":"
                        + "\"https://careloop.org/fhir/StructureDefinition/merged\",\"valueInstant\":\"2026-11-28T10:00:00Z\"}],"
                        + "\"other\":{\"reference\":\"Patient/" + survivor + "\"},\"type\":\"replaced-by\"}]");
    }

    private static ResourceEvent standsForItself(String patient, long version) {
        return patient(patient, version, "");
    }

    private static ResourceEvent patient(String patient, long version, String more) {
        return Events.event(
                ResourceKey.of("Patient", patient),
                Change.UPDATED,
                version,
                "Patient/" + patient,
                "{\"resourceType\":\"Patient\",\"id\":\"" + patient + "\",\"meta\":{\"versionId\":\"" + version + "\"}"
                        + more + "}");
    }

    private long count(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}
