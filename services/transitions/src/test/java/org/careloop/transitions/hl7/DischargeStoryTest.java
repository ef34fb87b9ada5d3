package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.DischargeDestinations;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.RiskBand;
import org.careloop.transitions.domain.RiskScore;
import org.careloop.transitions.domain.StayCourse;
import org.careloop.transitions.domain.StayEvent;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.junit.jupiter.api.Test;

/** From the two messages of a stay to its risk and its clocks, in the order in which the service goes. */
class DischargeStoryTest {

    private static final FhirId ROSA = new FhirId("rosa");

    @Test
    void leadsFromAdmissionAndDischargeToRiskAndClocks() {
        // Given
        AdtFacts admitted = Messages.facts(Messages.admission()).forPatient(ROSA);
        AdtFacts discharged = Messages.facts(Messages.discharge()).forPatient(ROSA);
        ZoneId zone = ZoneId.of("America/New_York");
        Encounter stay = StayCourse.of(List.of(said(admitted)), zone);
        // When
        Encounter finished = StayCourse.of(List.of(said(discharged), said(admitted)), zone);
        Lace lace = Lace.shipped();
        RiskScore risk = lace.score(lace.inputOf(finished, discharged.related().conditions(), Optional.of(0), zone));
        List<Milestone> milestones = DischargeMilestones.shipped()
                .after(
                        finished.getPeriod().getEnd().toInstant(),
                        risk.band(),
                        DischargeDestinations.shipped()
                                .of(finished.getHospitalization().getDischargeDisposition()),
                        zone);
        // Then
        assertThat(stay.getStatus()).isEqualTo(EncounterStatus.INPROGRESS);
        assertThat(finished.getStatus()).isEqualTo(EncounterStatus.FINISHED);
        assertThat(risk).isInstanceOfSatisfying(RiskScore.Score.class, score -> {
            assertThat(score.total()).isEqualTo(12);
            assertThat(score.band()).isEqualTo(RiskBand.HIGH);
        });
        assertThat(milestones)
                .filteredOn(milestone -> milestone.code().equals("outreach"))
                .singleElement()
                .extracting(Milestone::due)
                .isEqualTo(Instant.parse("2026-11-20T22:00:00Z"));
    }

    private static StayEvent said(AdtFacts facts) {
        return new StayEvent(
                facts.event().step().orElseThrow(),
                facts.event().when(),
                facts.event().code(),
                facts.encounter().orElseThrow(),
                facts.cleared(),
                false);
    }
}
