package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Date;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stay that an EHR writes as an Encounter is the stay that messages tell of, and has the same transition. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class StayByFhirApiTest {

    private static final String VISITS = "https://careloop.org/fhir/sid/general-hospital/visit";
    private static final String DISPOSITION = "http://terminology.hl7.org/CodeSystem/discharge-disposition";

    private final Stay stay = Stay.fresh();

    /** Whose patient it is already: the record is open to the coordinator by another stay. */
    @BeforeEach
    void hasOpenRecord() {
        Stay other = stay.next();
        other.tell(other.admission());
        other.awaitStatus("in-progress");
    }

    @Test
    void aStayThatIsWrittenHasItsTransition() {
        // When
        Fhir.as(ehr())
                .body(FhirJson.write(admitted()))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
        // Then
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.PLANNED);
        assertThat(stay.encounter().getEpisodeOfCareFirstRep().getReference())
                .isEqualTo("EpisodeOfCare/" + stay.episodeId());
        // When
        update(discharged()).then().statusCode(200);
        // Then
        Encounter encounter = stay.encounter();
        assertThat(encounter.getStatusHistory())
                .singleElement()
                .satisfies(before -> assertThat(before.getStatus()).isEqualTo(EncounterStatus.INPROGRESS));
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        assertThat(StayApiTest.milestones(stay.episode())).containsKeys("outreach", "medication-reconciliation");
        // When the discharge is taken back
        update(admitted()).then().statusCode(200);
        // Then
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.PLANNED);
        assertThat(StayApiTest.milestones(stay.episode())).containsOnlyKeys("admission-notification");
        assertThat(stay.encounter().getStatusHistory()).hasSize(2);
        // When it was an error
        Encounter error = admitted();
        error.setStatus(EncounterStatus.ENTEREDINERROR);
        update(error).then().statusCode(200);
        // Then
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.CANCELLED);
        assertThat(stay.status()).isEqualTo("entered-in-error");
    }

    @Test
    void messageAndUpdateAreOfOneEncounter() {
        // Given
        Fhir.as(ehr())
                .body(FhirJson.write(admitted()))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
        String id = stay.encounterId();
        // When
        stay.tell(stay.discharge());
        stay.awaitStatus("finished");
        // Then
        assertThat(stay.encounterId()).isEqualTo(id);
        assertThat(stay.encounter().getPeriod().getEnd()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        // When
        Encounter edited = stay.encounter();
        edited.setServiceType(new CodeableConcept().setText("Cardiology"));
        update(edited).then().statusCode(200);
        stay.tell(stay.admission());
        stay.tell(stay.event("A08", "20260306090000-0500"));
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
        // Then
        assertThat(stay.status()).isEqualTo("finished");
        assertThat(stay.encounter().getServiceType().getText()).isEqualTo("Cardiology");
        assertThat(StayApiTest.milestones(stay.episode())).hasSize(8);
    }

    @Test
    void aVisitNumberIsOfOneEncounter() {
        // Given
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        // When
        Response again = Fhir.as(ehr()).body(FhirJson.write(admitted())).post("/fhir/Encounter");
        // Then
        Fhir.problem(again, ProblemCode.ALREADY_EXISTS);
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void aNumberOfAnySystemThatANotificationCallsTheVisitIsOne() {
        // Given
        String other = "urn:visits:of-another-system";
        Fhir.as(Tokens.eventSource())
                .body(Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z")
                        .replace(VISITS, other))
                .post("/fhir/$process-message")
                .then()
                .statusCode(200);
        Stay.soon()
                .untilAsserted(() -> assertThat(Fhir.matches(
                                Fhir.search(Tokens.service(), "Encounter?identifier=" + other + "%7C" + stay.visit())))
                        .hasSize(1));
        // When
        Encounter again = admitted();
        again.getIdentifierFirstRep().setSystem(other);
        // Then
        Fhir.problem(Fhir.as(ehr()).body(FhirJson.write(again)).post("/fhir/Encounter"), ProblemCode.ALREADY_EXISTS);
        // When it is the number of an account
        again.getIdentifierFirstRep()
                .setType(new CodeableConcept(new Coding("http://terminology.hl7.org/CodeSystem/v2-0203", "AN", null)));
        // Then
        Fhir.as(ehr())
                .body(FhirJson.write(again))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
    }

    @Test
    void whatIsRecordedLongAfterIsHistory() {
        // Given
        Encounter old = discharged();
        // When
        Fhir.as(ehr()).body(FhirJson.write(old)).post("/fhir/Encounter").then().statusCode(201);
        // Then
        assertThat(stay.status()).isEqualTo("finished");
        assertThat(Fhir.as(Tokens.service())
                        .get("/fhir/EpisodeOfCare/{id}", stay.episodeId())
                        .statusCode())
                .isEqualTo(404);
        // When it was not long ago
        Stay recent = stay.next();
        Encounter finished = encounter(recent).setStatus(EncounterStatus.FINISHED);
        finished.getPeriod()
                .setStart(Date.from(Instant.now().minusSeconds(500_000)))
                .setEnd(Date.from(Instant.now().minusSeconds(5_000)));
        Fhir.as(ehr())
                .body(FhirJson.write(finished))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
        // Then
        assertThat(recent.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
    }

    @Test
    void anEncounterThatIsDeletedEndsItsTransition() {
        // Given
        Fhir.as(ehr())
                .body(FhirJson.write(admitted()))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
        String episode = stay.episodeId();
        // When
        Fhir.as(ehr()).delete("/fhir/Encounter/{id}", stay.encounterId()).then().statusCode(204);
        // Then
        soon().untilAsserted(() -> assertThat(Fhir.as(Tokens.service())
                        .get("/fhir/EpisodeOfCare/{id}", episode)
                        .jsonPath()
                        .getString("status"))
                .isEqualTo("cancelled"));
        // When it is told of anew
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        // Then it begins anew
        assertThat(stay.encounter().hasStatusHistory()).isFalse();
    }

    private Encounter admitted() {
        return encounter(stay).setStatus(EncounterStatus.INPROGRESS);
    }

    private Encounter discharged() {
        Encounter encounter = admitted().setStatus(EncounterStatus.FINISHED);
        encounter.getPeriod().setEnd(Date.from(Instant.parse("2026-03-07T20:00:00Z")));
        encounter
                .getHospitalization()
                .setDischargeDisposition(new CodeableConcept(new Coding(DISPOSITION, "home", "Home")));
        return encounter;
    }

    private static Encounter encounter(Stay stay) {
        Encounter encounter = new Encounter()
                .setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP", null))
                .setSubject(new Reference("Patient/" + InMemoryPatients.idOf(stay.number())))
                .setServiceProvider(new Reference("Organization/general-hospital"));
        encounter.addIdentifier().setSystem(VISITS).setValue(stay.visit());
        encounter.getPeriod().setStart(Date.from(Instant.parse("2026-03-03T13:15:00Z")));
        return encounter;
    }

    private Response update(Encounter encounter) {
        encounter.setId(stay.encounterId());
        return Fhir.as(ehr()).body(FhirJson.write(encounter)).put("/fhir/Encounter/{id}", stay.encounterId());
    }

    private static String ehr() {
        return Tokens.coordinator();
    }
}
