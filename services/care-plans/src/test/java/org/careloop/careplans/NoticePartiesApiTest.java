package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** Who is told and who is not, and what is taken back from whom. */
@QuarkusTest
class NoticePartiesApiTest extends NoticeScene {

    @Inject
    DataSource database;

    @Test
    void anAgencyIsNoMedicalHomeWhateverItsRoleSays() {
        // Given an agency that has accepted home care
        scene.planned();
        tell(accepted(TaskStatus.ACCEPTED, 1));
        tell(document(1, CompositionStatus.FINAL));
        soon().untilAsserted(() -> assertThat(documents(agency)).hasSize(1));
        // When a role makes it the place of the general practitioner, and then another one the clinic
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(event(role("a", agency, doctor), 1));
        tell(patient(2, doctor));
        tell(stay.left(3, since, until));
        tell(event(role("b", home, doctor), 1));
        // Then
        awaitReasons("admission", "discharge");
        assertThat(reasons(agency)).isEmpty();
        assertThat(documents(agency))
                .singleElement()
                .satisfies(sent -> assertThat(kind(sent)).isEqualTo("partner"));
        soon().untilAsserted(() -> assertThat(documents(home))
                .singleElement()
                .satisfies(sent -> assertThat(kind(sent)).isEqualTo("medical-home")));
    }

    @Test
    void whoCoordinatesThePlanMayBeTheMedicalHomeWhateverItDoesOfIt() {
        // Given a practice that coordinates the plan and teaches the patient
        scene.planned();
        Task teaching = scene.resource("task-requested", Task.class);
        teaching.getMeta().setVersionId("1");
        teaching.setStatus(TaskStatus.COMPLETED)
                .setOwner(new Reference("Organization/" + home))
                .setRequester(new Reference("Organization/" + home));
        tell(scene.event(teaching));
        // When
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(event(role("b", home, doctor), 1));
        tell(patient(2, doctor));
        tell(stay.left(3, since, until));
        // Then
        awaitReasons("admission", "discharge");
    }

    @Test
    void whomAConsentExcludesAfterTheDocumentWasMadeIsNotSentIt() {
        // Given
        scene.planned();
        tell(document(1, CompositionStatus.FINAL));
        Composition limited = scene.resource("transition-document-final", Composition.class);
        limited.setId("document-of-" + scene.stay()).getMeta().setVersionId("2");
        limited.setStatus(CompositionStatus.FINAL).getMeta().addTag(SharedTerms.NOT_SENT_TO_SYSTEM, agency, null);
        tell(scene.event(limited));
        // When
        tell(accepted(TaskStatus.ACCEPTED, 1));
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.left(3, since, until));
        // Then
        awaitReasons("admission", "discharge");
        soon().untilAsserted(() -> assertThat(documents(home)).hasSize(1));
        assertThat(documents(agency)).isEmpty();
    }

    @Test
    void aRoleThatIsDeletedIsNoPlaceAndWhatWasToldLateChangesNothing() {
        // Given
        String npi = UUID.randomUUID().toString();
        Reference known = new Reference();
        known.getIdentifier().setSystem("http://hl7.org/fhir/sid/us-npi").setValue(npi);
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(event(role("b", home, doctor), 1));
        tell(deleted(event(role("a", agency, doctor), 2)));
        tell(event(role("a", agency, doctor), 1));
        Practitioner practitioner = new Practitioner();
        practitioner.setId("pr-" + home);
        practitioner.addIdentifier().setSystem("http://hl7.org/fhir/sid/us-npi").setValue(npi);
        tell(event(practitioner, 2));
        tell(event((Practitioner) new Practitioner().setId("pr-" + home), 1));
        // When
        tell(patient(2, known));
        tell(stay.admitted(1, since));
        // Then
        awaitReasons("admission");
        assertThat(reasons(agency)).isEmpty();
    }

    @Test
    void aDocumentThatAPersonSentIsTakenBackWithIt() {
        // Given
        scene.planned();
        tell(document(1, CompositionStatus.FINAL));
        as(Tokens.coordinator())
                .body(communication(
                        "transition-document",
                        ",\"payload\":[{\"contentReference\":{\"reference\":\"Bundle/document-of-" + scene.stay()
                                + "\"}}]"))
                .post("/fhir/Communication")
                .then()
                .statusCode(201);
        assertThat(documents(home))
                .singleElement()
                .satisfies(sent -> assertThat(kind(sent)).isEqualTo("partner"));
        // When
        tell(document(2, CompositionStatus.ENTEREDINERROR));
        // Then
        awaitReasons("document-withdrawn");
        assertThat(documents(home))
                .singleElement()
                .satisfies(each -> assertThat(each.getStatus()).isEqualTo(CommunicationStatus.ENTEREDINERROR));
        // And nobody sends it any more
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(communication(
                                        "transition-document",
                                        ",\"payload\":[{\"contentReference\":{\"reference\":\"Bundle/document-of-"
                                                + scene.stay() + "\"}}]"))
                                .post("/fhir/Communication"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.payload: a document that was withdrawn");
    }

    @Test
    void whatAPersonTookBackThePlatformStillOwesTheMedicalHome() {
        // Given
        scene.planned();
        String id = as(Tokens.coordinator())
                .body(communication(
                        "transition-document",
                        ",\"payload\":[{\"contentReference\":{\"reference\":\"Bundle/document-of-" + scene.stay()
                                + "\"}}]"))
                .post("/fhir/Communication")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        put(
                        Tokens.coordinator(),
                        read(id).setStatus(CommunicationStatus.ENTEREDINERROR)
                                .setStatusReason(new CodeableConcept().setText("By mistake")))
                .then()
                .statusCode(200);
        // When
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.left(3, since, until));
        tell(document(1, CompositionStatus.FINAL));
        // Then
        soon().untilAsserted(() -> assertThat(documents(home)).hasSize(2));
    }

    @Test
    void aStayOfAnotherPatientIsTakenBackFromTheFirstHome() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        // When it was another's all the time
        DischargeScene other = new DischargeScene("p-" + UUID.randomUUID(), scene.stay());
        tell(other.event("patient-created"));
        tell(new StayScene(other).admitted(2, since));
        // Then
        awaitReasons("admission", "admission-cancelled");
        // When it is at another time
        tell(patient(3, new Reference("Organization/" + home)));
        tell(stay.admitted(3, until));
        awaitReasons("admission", "admission-cancelled", "admission");
        tell(stay.admitted(4, since));
        // Then
        awaitReasons("admission", "admission-cancelled", "admission", "admission-corrected", "admission");
    }

    @Test
    void whoDrivesThePatientIsSentNothing() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        scene.planned();
        Task ride = scene.resource("task-requested", Task.class);
        ride.setStatus(TaskStatus.ACCEPTED)
                .setOwner(new Reference("Organization/" + agency))
                .setReasonCode(new CodeableConcept().setText("Ride"));
        ride.getIdentifierFirstRep().setValue(scene.planId() + "#ride");
        tell(event(ride, 1));
        tell(stay.left(3, since, until));
        // When
        tell(document(1, CompositionStatus.FINAL));
        // Then
        soon().untilAsserted(() -> assertThat(documents(home)).hasSize(1));
        soon().during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(documents(agency)).isEmpty());
    }

    @Test
    void aMergeTakesNothingBack() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        // When the patient turns out to be another, who was known already
        DischargeScene survivor = new DischargeScene("p-" + UUID.randomUUID(), scene.stay());
        Patient replaced = scene.resource("patient-created", Patient.class).setActive(false);
        replaced.addLink()
                .setOther(new Reference("Patient/" + survivor.patient()))
                .setType(LinkType.REPLACEDBY)
                .addExtension(
                        "https://careloop.org/fhir/StructureDefinition/merged",
                        new InstantType("2026-11-28T10:00:00Z"));
        tell(event(replaced, 3));
        soon().untilAsserted(() ->
                assertThat(notice("admission").getSubject().getReference()).isEqualTo("Patient/" + survivor.patient()));
        Patient standing = survivor.resource("patient-created", Patient.class);
        standing.setGeneralPractitioner(List.of(new Reference("Organization/" + home)));
        tell(survivor.event(standing));
        tell(new StayScene(survivor).left(9, since, until));
        // Then
        awaitReasons("admission", "discharge");
    }

    @Test
    void whoCannotBeToldHoldsUpNobodyElseOfThePractitioner() throws SQLException {
        // Given two patients who wait for their practitioner's place, of one of whom what is known cannot be read
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(patient(2, doctor));
        tell(stay.admitted(1, since));
        soon().until(() -> count("unplaced_practitioner", scene.patient(), "true") == 1);
        String broken = "a-" + scene.patient();
        run("insert into unplaced_practitioner (person, patient_id) values ('Practitioner/pr-" + home + "', '" + broken
                + "')");
        run("insert into known_resource (reference, type, version, patient_id, encounter_id, body) values"
                + " ('Encounter/" + broken + "', 'Encounter', 1, '" + broken + "', '" + broken + "', 'no FHIR')");
        // When
        tell(event(role("b", home, doctor), 1));
        // Then
        awaitReasons("admission");
        soon().until(() -> count("notice_due", broken, "attempts > 0") == 1);
        assertThat(count("notice_due", scene.patient(), "true")).isZero();
        run("delete from notice_due where patient_id = '" + broken + "'");
    }

    private int count(String table, String patient, String where) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from " + table + " where patient_id = '" + patient + "' and " + where)) {
            return row.next() ? row.getInt(1) : -1;
        }
    }

    private void run(String update) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(update);
        }
    }
}
