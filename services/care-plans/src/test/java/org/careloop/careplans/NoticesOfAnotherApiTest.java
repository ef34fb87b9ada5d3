package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** What was told of a stay that turns out to be of another patient, or of the same by another id. */
@QuarkusTest
class NoticesOfAnotherApiTest extends NoticeScene {

    @Test
    void aStayOfAnotherPatientIsTakenBackFromTheFirstHome() throws SQLException {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        // When it was another's all the time
        DischargeScene other = new DischargeScene("p-" + UUID.randomUUID(), scene.stay());
        tell(other.event("patient-created"));
        tell(new StayScene(other).admitted(2, since));
        // Then it is not believed at once
        awaitApart();
        assertThat(reasons(home)).containsExactly("admission");
        // When it is another's still
        run("update notice set apart = apart - interval '1 day' where encounter_id = '" + scene.stay() + "'");
        lookNow(other.patient());
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
    void aMergeThatIsHeardOfAfterTheStayHasMovedTakesNothingBack() throws SQLException {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        DischargeScene survivor = new DischargeScene("p-" + UUID.randomUUID(), scene.stay());
        tell(survivor.event("patient-created"));
        // When
        tell(new StayScene(survivor).admitted(2, since));
        awaitApart();
        tell(event(replacedBy(survivor), 3));
        soon().untilAsserted(() ->
                assertThat(notice("admission").getSubject().getReference()).isEqualTo("Patient/" + survivor.patient()));
        lookNow(survivor.patient());
        // Then
        soon().until(() ->
                count("notice", "encounter_id = '" + scene.stay() + "' and standing and apart is null") == 1);
        assertThat(reasons(home)).containsExactly("admission");
    }

    @Test
    void aMergeTakesNothingBack() {
        // Given
        tell(patient(2, new Reference("Organization/" + home)));
        tell(stay.admitted(1, since));
        awaitReasons("admission");
        // When the patient turns out to be another, who was known already
        DischargeScene survivor = new DischargeScene("p-" + UUID.randomUUID(), scene.stay());
        tell(event(replacedBy(survivor), 3));
        soon().untilAsserted(() ->
                assertThat(notice("admission").getSubject().getReference()).isEqualTo("Patient/" + survivor.patient()));
        Patient standing = survivor.resource("patient-created", Patient.class);
        standing.setGeneralPractitioner(List.of(new Reference("Organization/" + home)));
        tell(survivor.event(standing));
        tell(new StayScene(survivor).left(9, since, until));
        // Then
        awaitReasons("admission", "discharge");
    }

    private Patient replacedBy(DischargeScene survivor) {
        Patient replaced = scene.resource("patient-created", Patient.class).setActive(false);
        replaced.addLink()
                .setOther(new Reference("Patient/" + survivor.patient()))
                .setType(LinkType.REPLACEDBY)
                .addExtension(
                        "https://careloop.org/fhir/StructureDefinition/merged",
                        new InstantType("2026-11-28T10:00:00Z"));
        return replaced;
    }

    private void awaitApart() {
        soon().until(() -> count("notice", "encounter_id = '" + scene.stay() + "' and apart is not null") == 1);
    }

    private void lookNow(String patient) throws SQLException {
        run("update notice_due set due = now() where patient_id = '" + patient + "'");
    }
}
