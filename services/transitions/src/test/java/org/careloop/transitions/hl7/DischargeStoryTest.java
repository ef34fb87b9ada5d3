package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.EncounterStep;
import org.careloop.transitions.domain.EncounterStep.Clocks;
import org.careloop.transitions.domain.EncounterTimeline;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.LaceResult;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.RiskBand;
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
        EncounterStep admission = step(Optional.empty(), admitted);
        Encounter stay = EncounterTimeline.apply(Optional.empty(), admitted.encounter(), admitted.cleared(), admission);
        // When
        EncounterStep discharge = step(Optional.of(admission), discharged);
        Encounter finished =
                EncounterTimeline.apply(Optional.of(stay), discharged.encounter(), discharged.cleared(), discharge);
        EncounterStep repeated = step(Optional.of(discharge), discharged);
        Lace lace = Lace.standard();
        ZoneId zone = ZoneId.of("America/New_York");
        LaceResult risk = lace.score(lace.inputOf(finished, discharged.related().conditions(), Optional.of(0), zone));
        List<Milestone> milestones = DischargeMilestones.standard(BusinessCalendar.usFederal())
                .after(
                        discharged.event().discharged().orElseThrow(),
                        risk.band(),
                        discharged.event().destination().orElseThrow(),
                        zone);
        // Then
        assertThat(stay.getStatus()).isEqualTo(EncounterStatus.INPROGRESS);
        assertThat(finished.getStatus()).isEqualTo(EncounterStatus.FINISHED);
        assertThat(finished.getIdPart()).isEqualTo(stay.getIdPart());
        assertThat(discharge.clocks()).isEqualTo(Clocks.START);
        assertThat(repeated.clocks()).isEqualTo(Clocks.NONE);
        assertThat(risk).isInstanceOfSatisfying(LaceResult.Score.class, score -> {
            assertThat(score.total()).isEqualTo(12);
            assertThat(score.band()).isEqualTo(RiskBand.HIGH);
        });
        assertThat(milestones)
                .filteredOn(milestone -> milestone.code().equals("outreach"))
                .singleElement()
                .extracting(Milestone::due)
                .isEqualTo(Instant.parse("2026-11-20T22:00:00Z"));
    }

    private static EncounterStep step(Optional<EncounterStep> before, AdtFacts facts) {
        return EncounterTimeline.decide(
                before.map(EncounterStep::next),
                facts.event().code(),
                facts.event().at(),
                facts.encounter().getStatus());
    }
}
