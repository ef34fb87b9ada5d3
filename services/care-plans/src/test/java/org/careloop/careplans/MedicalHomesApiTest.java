package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** Where general practitioners work, whenever the directory tells, decides who is sent what. */
@QuarkusTest
class MedicalHomesApiTest extends NoticeScene {

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
    void whoBeginsElsewhereIsTheMedicalHomeFromThen() {
        // Given
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(patient(2, doctor));
        tell(stay.admitted(1, since));
        Instant starts = Instant.now().plusSeconds(5);
        PractitionerRole role = role("b", home, doctor);
        role.getPeriod().setStartElement(FhirTime.dateTime(starts));
        // When
        tell(event(role, 1));
        // Then
        awaitReasons("admission");
        assertThat(notice("admission").getSent().toInstant()).isAfterOrEqualTo(starts.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void whoMovesToAnotherPracticeMovesThereWithTheirPatients() {
        // Given
        String former = "home-" + UUID.randomUUID();
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(event(role("b", former, doctor), 1));
        tell(patient(2, doctor));
        tell(stay.admitted(1, since));
        soon().untilAsserted(() -> assertThat(reasons(former)).containsExactly("admission"));
        // When
        tell(event(role("b", home, doctor), 2));
        // Then
        awaitReasons("admission");
        assertThat(reasons(former)).containsExactly("admission");
    }

    @Test
    void whoCannotBeToldHoldsUpNobodyElseOfThePractitioner() throws SQLException {
        // Given two patients who wait for their practitioner's place, of one of whom what is known cannot be read
        Reference doctor = new Reference("Practitioner/pr-" + home);
        tell(patient(2, doctor));
        tell(stay.admitted(1, since));
        soon().until(() -> count("general_practitioner", "patient_id = '" + scene.patient() + "'") == 1);
        String broken = "a-" + scene.patient();
        run("insert into general_practitioner (person, patient_id) values ('Practitioner/pr-" + home + "', '" + broken
                + "')");
        run("insert into known_resource (reference, type, version, patient_id, encounter_id, body) values"
                + " ('Encounter/" + broken + "', 'Encounter', 1, '" + broken + "', '" + broken + "', 'no FHIR')");
        // When
        tell(event(role("b", home, doctor), 1));
        // Then
        awaitReasons("admission");
        soon().until(() -> count("notice_due", "attempts > 0 and patient_id = '" + broken + "'") == 1);
        soon().until(() -> count("notice_due", "patient_id = '" + scene.patient() + "'") == 0);
        run("delete from notice_due where patient_id = '" + broken + "'");
    }
}
