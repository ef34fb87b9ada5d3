package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.UUID;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** The medical home is told of admissions and discharges, documents are sent to it and to accepting partners; they say when they got it. */
@QuarkusTest
class NoticesApiTest extends NoticeScene {

    @Test
    void theMedicalHomeIsToldOnceAndSaysWhenItGotIt() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        tell(stay.left(2, since, until));
        tell(stay.left(3, since, until));
        // Then
        awaitReasons("admission", "discharge");
        Communication notice = notice("discharge");
        assertThat(notice.getEncounter().getReference()).isEqualTo("Encounter/" + scene.stay());
        assertThat(notice.getSent()).isNotNull();
        assertThat(notice.hasReceived()).isFalse();
        // When its own client says that it was received
        Communication received = notice.copy().setReceivedElement(FhirTime.dateTime(Instant.now()));
        String id = notice.getIdElement().getIdPart();
        put(clinic(home), received).then().statusCode(200);
        // Then who said so is noted
        assertThat(matches(search(Tokens.service(), "Provenance?target=Communication/" + id)))
                .hasSize(1);
        // And once, and nothing else
        assertThat(problem(
                        put(clinic(home), received.copy().setReceivedElement(FhirTime.dateTime(Instant.now()))),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.received: of what was received");
        Communication other = notice("admission");
        other.addNote().setText("more");
        problem(put(clinic(home), other), ProblemCode.RULE_VIOLATED);
        // What it may not delete is not there for it to delete
        as(clinic(home)).delete("/fhir/Communication/{id}", id);
        assertThat(read(id).getStatus()).isEqualTo(CommunicationStatus.COMPLETED);
    }

    @Test
    void aReceiptMayBeAPatchAndWhoIsNoRecipientSeesNothing() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        String id = notice("admission").getIdElement().getIdPart();
        // Then
        String stranger = clinic("other-" + home);
        problem(as(stranger).get("/fhir/Communication/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(matches(search(stranger, "Communication?recipient=Organization/" + home)))
                .isEmpty();
        String foreign = partner("other-" + home);
        problem(as(foreign).get("/fhir/Communication/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        as(clinic(home))
                .contentType("application/merge-patch+json")
                .body("{\"received\":\"" + FhirTime.dateTime(Instant.now()).getValueAsString() + "\"}")
                .patch("/fhir/Communication/{id}", id)
                .then()
                .statusCode(200);
        // Then
        assertThat(notice("admission").hasReceived()).isTrue();
    }

    @Test
    void aGeneralPractitionerWithANumberIsFoundInTheDirectoryWheneverItTellsOfThem() {
        // Given a patient of whom nobody knows where their practitioner works
        String npi = UUID.randomUUID().toString();
        Reference known = new Reference();
        known.getIdentifier().setSystem("http://hl7.org/fhir/sid/us-npi").setValue(npi);
        tell(patient(2, known));
        tell(stay.admitted(1, since));
        // When the directory tells of them
        Practitioner practitioner = new Practitioner();
        practitioner.setId("pr-" + home);
        practitioner.addIdentifier().setSystem("http://hl7.org/fhir/sid/us-npi").setValue(npi);
        PractitionerRole role = new PractitionerRole()
                .setActive(true)
                .setPractitioner(new Reference("Practitioner/pr-" + home))
                .setOrganization(new Reference("Organization/" + home));
        role.setId("role-" + home);
        tell(event(practitioner, 1));
        tell(event(role, 1));
        // Then
        awaitReasons("admission");
        assertThat(notice("admission").getRecipientFirstRep().getReference()).isEqualTo("Organization/" + home);
    }

    @Test
    void whatIsCancelledIsCorrectedAndToldAnew() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.left(1, since, until));
        awaitReasons("admission", "discharge");
        Communication discharge = notice("discharge");
        // When
        tell(stay.admitted(2, since));
        // Then
        awaitReasons("admission", "discharge", "discharge-cancelled");
        assertThat(read(discharge).getStatus()).isEqualTo(CommunicationStatus.ENTEREDINERROR);
        assertThat(notice("discharge-cancelled").getInResponseToFirstRep().getReference())
                .isEqualTo("Communication/" + discharge.getIdElement().getIdPart());
        problem(
                put(clinic(home), read(discharge).setReceivedElement(FhirTime.dateTime(Instant.now()))),
                ProblemCode.RULE_VIOLATED);
        // When
        tell(stay.left(3, since, until));
        // Then
        awaitReasons("admission", "discharge", "discharge", "discharge-cancelled");
        // When there was no admission at all
        tell(stay.encounter(4, EncounterStatus.ENTEREDINERROR, encounter -> {}));
        // Then
        awaitReasons(
                "admission",
                "admission-cancelled",
                "discharge",
                "discharge",
                "discharge-cancelled",
                "discharge-cancelled");
    }

    @Test
    void aStayThatWasDeletedIsCorrectedWhenItsEpisodeEnds() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        // When
        tell(stay.episode(2, EpisodeOfCareStatus.CANCELLED));
        // Then
        awaitReasons("admission", "admission-cancelled");
    }

    @Test
    void theDocumentGoesToTheHomeAndToWhoAcceptsAndIsTakenBack() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        scene.planned();
        tell(stay.left(3, since, until));
        tell(accepted(TaskStatus.ACCEPTED, 2));
        awaitReasons("admission", "discharge");
        // When
        tell(document(1, CompositionStatus.FINAL));
        // Then
        soon().untilAsserted(() -> assertThat(documents(home)).hasSize(1));
        soon().untilAsserted(() -> assertThat(documents(agency)).hasSize(1));
        Communication sent = documents(agency).getFirst();
        assertThat(sent.getPayloadFirstRep().getContentReference().getReference())
                .isEqualTo("Bundle/document-of-" + scene.stay());
        // When the agency says that it has it
        put(partner(agency), sent.copy().setReceivedElement(FhirTime.dateTime(Instant.now())))
                .then()
                .statusCode(200);
        // And it is told again, then withdrawn
        tell(document(2, CompositionStatus.FINAL));
        tell(document(3, CompositionStatus.ENTEREDINERROR));
        // Then
        soon().untilAsserted(() -> assertThat(documents(agency))
                .singleElement()
                .satisfies(each -> assertThat(each.getStatus()).isEqualTo(CommunicationStatus.ENTEREDINERROR)));
        soon().untilAsserted(() -> assertThat(reasons(agency)).containsExactly("document-withdrawn"));
    }

    @Test
    void whoAcceptsLaterIsSentTheDocumentThen() {
        // Given
        scene.planned();
        tell(document(1, CompositionStatus.FINAL));
        tell(accepted(TaskStatus.REQUESTED, 1));
        // When
        tell(accepted(TaskStatus.ACCEPTED, 2));
        // Then
        soon().untilAsserted(() -> assertThat(documents(agency)).hasSize(1));
    }

    @Test
    void nobodyInventsANoticeAndAPersonSendsADocumentToOne() {
        // Given
        scene.planned();
        // Then
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(communication("stay-notice", ""))
                                .post("/fhir/Communication"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.category");
        assertThat(problem(
                        as(Tokens.coordinator())
                                .body(communication("transition-document", ""))
                                .post("/fhir/Communication"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("Communication.payload");
        // When
        String id = as(Tokens.coordinator())
                .body(communication(
                        "transition-document", ",\"payload\":[{\"contentReference\":{\"reference\":\"Bundle/b\"}}]"))
                .post("/fhir/Communication")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        // Then
        Communication sent = read(id);
        assertThat(sent.getStatus()).isEqualTo(CommunicationStatus.COMPLETED);
        assertThat(sent.getSent()).isAfter(java.util.Date.from(Instant.now().minusSeconds(600)));
        // And it stays, but for an error
        problem(as(Tokens.coordinator()).delete("/fhir/Communication/{id}", id), ProblemCode.RULE_VIOLATED);
        problem(
                put(Tokens.coordinator(), sent.copy().setReceivedElement(FhirTime.dateTime(Instant.now()))),
                ProblemCode.RULE_VIOLATED);
        put(
                        Tokens.coordinator(),
                        sent.copy()
                                .setStatus(CommunicationStatus.ENTEREDINERROR)
                                .setStatusReason(new CodeableConcept().setText("Sent to the wrong clinic")))
                .then()
                .statusCode(200);
    }
}
