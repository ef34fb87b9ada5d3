package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.Merging.PATIENCE;
import static org.careloop.patients.Merging.about;
import static org.careloop.patients.Merging.merge;
import static org.careloop.patients.Merging.read;
import static org.careloop.patients.Merging.text;
import static org.careloop.patients.Merging.unmerge;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Who sees whom when two Patients are one, and what consents then shut. */
@QuarkusTest
class MergedAccessApiTest {

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

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
        problem(merge(Tokens.supervisor(), own, own), ProblemCode.FORBIDDEN);
        problem(unmerge(Tokens.partner("harbor"), own), ProblemCode.FORBIDDEN);
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
        merge(Tokens.service(), source, target).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                as(other).get("/fhir/Condition/{id}", condition).<String>path("subject.reference"))
                        .isEqualTo("Patient/" + target));
        assertThat(as(other).get("/fhir/Patient/{id}", target).statusCode()).isEqualTo(200);
        // When
        unmerge(Tokens.service(), source).then().statusCode(200);
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
        String consent = create(denial(source));
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

    @Test
    void aDenialThatWasGivenBetweenMergeAndUnmergeComesBackAtOnce() throws SQLException {
        // Given: given by the replaced patient, moved, amended by who knows the survivor alone
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        merge(source, target).then().statusCode(200);
        String consent = create(denial(source));
        assertThat(deniedOf(consent)).isEqualTo(target);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Consent", consent).getString("patient.reference"))
                        .isEqualTo("Patient/" + target));
        String body = read("Consent", consent).prettify().replace("Sharing", "Any sharing");
        coordinator().body(body).put("/fhir/Consent/{id}", consent).then().statusCode(200);
        String own = create(denial(target));
        // When
        unmerge(source).then().statusCode(200);
        // Then
        assertThat(deniedOf(consent)).isEqualTo(source);
        assertThat(deniedOf(own)).isEqualTo(target);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Consent", consent).getString("patient.reference"))
                        .isEqualTo("Patient/" + source));
        assertThat(deniedOf(consent)).isEqualTo(source);
        assertThat(deniedOf(own)).isEqualTo(target);
    }

    @Test
    void denialsOfAChainComeBackLinkByLinkAtOnce() throws SQLException {
        // Given
        String a = create(Persons.patient("female"));
        String b = create(Persons.patient("female"));
        String c = create(Persons.patient("female"));
        String consent = create(denial(a));
        merge(a, b).then().statusCode(200);
        merge(b, c).then().statusCode(200);
        assertThat(deniedOf(consent)).isEqualTo(c);
        // When, Then
        unmerge(b).then().statusCode(200);
        assertThat(deniedOf(consent)).isEqualTo(b);
        unmerge(a).then().statusCode(200);
        assertThat(deniedOf(consent)).isEqualTo(a);
    }

    @Test
    void aDenialThatIsBeingWrittenCountsForTheRightOneWhenItIsCommitted() throws Exception {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        merge(source, target).then().statusCode(200);
        HeldUnit held = HeldUnit.creating(store, denial(source));
        // When
        CompletableFuture<Integer> unmerged =
                CompletableFuture.supplyAsync(() -> unmerge(source).statusCode());
        // Then: it waits
        await().atMost(PATIENCE)
                .until(() -> text(database, "select count(*) from pg_locks where not granted and locktype = 'advisory'")
                        .equals("1"));
        String consent = held.commit();
        assertThat(unmerged.get()).isEqualTo(200);
        assertThat(deniedOf(consent)).isEqualTo(source);
    }

    private static String denial(String patient) {
        return """
                {"resourceType":"Consent","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},
                 "category":[{"text":"Sharing"}],"policyRule":{"text":"Denial"},"patient":{"reference":"Patient/%s"},
                 "provision":{"type":"deny"}}""".formatted(patient);
    }

    /** Whose consent it is, as the access rules see it. */
    private String deniedOf(String consent) throws SQLException {
        return text(database, "select distinct patient from consent_provision where consent = '" + consent + "'");
    }
}
