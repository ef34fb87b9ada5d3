package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Duration;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** Who is told and who is not, and what is taken back from whom. */
@QuarkusTest
class NoticePartiesApiTest extends NoticeScene {

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
    void whatAPersonSendsHoldsWhatThePlatformPutIntoIt() throws SQLException {
        // Given
        scene.planned();
        Composition made = FhirJson.parse(
                Composition.class, document(1, CompositionStatus.FINAL).payload());
        made.addExtension(
                SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION,
                new Coding(SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM, "held", null));
        tell(scene.event(made));
        soon().until(() -> count("stay_document", "document = 'document-of-" + scene.stay() + "'") == 1);
        // When somebody claims more of it
        String claimed = "{\"url\":\"" + SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION
                + "\",\"valueCoding\":{\"system\":\"" + SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM
                + "\",\"code\":\"claimed\"}}";
        as(Tokens.coordinator())
                .body(communication(
                        "transition-document",
                        ",\"extension\":[" + claimed + "],\"payload\":[{\"contentReference\":{\"reference\":"
                                + "\"Bundle/document-of-" + scene.stay() + "\"}}]"))
                .post("/fhir/Communication")
                .then()
                .statusCode(201);
        // Then
        assertThat(documents(home).getFirst().getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION))
                .singleElement()
                .satisfies(
                        part -> assertThat(((Coding) part.getValue()).getCode()).isEqualTo("held"));
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
}
