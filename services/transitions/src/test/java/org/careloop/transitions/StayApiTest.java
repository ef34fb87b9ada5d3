package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.careloop.calleraccess.Caller;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.Test;

/** What the messages of a stay do to encounter, risk and transition, in whatever order they come. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class StayApiTest {

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

    @Inject
    InMemoryPatients patients;

    private final Stay stay = Stay.fresh();

    @Test
    void admissionStartsEncounterAndExpectsTransition() {
        // When
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        // Then
        String patient = "Patient/" + InMemoryPatients.idOf(stay.number());
        Encounter encounter = stay.encounter();
        assertThat(encounter.getSubject().getReference()).isEqualTo(patient);
        assertThat(encounter.getServiceProvider().getReference()).isEqualTo("Organization/general-hospital");
        assertThat(encounter.getEpisodeOfCareFirstRep().getReference()).isEqualTo("EpisodeOfCare/" + stay.episodeId());
        assertThat(encounter.getPeriod().getStart()).isEqualTo("2026-03-03T13:15:00Z");
        EpisodeOfCare episode = stay.episode();
        assertThat(episode.getStatus()).isEqualTo(EpisodeOfCareStatus.PLANNED);
        assertThat(episode.getPatient().getReference()).isEqualTo(patient);
        assertThat(milestones(episode))
                .containsOnly(entry("admission-notification", Instant.parse("2026-03-06T04:59:59Z")));
        assertThat(patients.find(stay.number()).orElseThrow().getNameFirstRep().getFamily())
                .isEqualTo("Rivera");
    }

    @Test
    void dischargeFinishesEncounterAndOpensTransition() throws SQLException {
        // When
        stay.discharged();
        // Then
        Encounter encounter = stay.encounter();
        assertThat(encounter.getPeriod().getEnd()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(encounter.getMeta().getVersionId()).isEqualTo("2");
        RiskAssessment risk = stay.risk();
        assertThat(risk.getEncounter().getReference()).isEqualTo("Encounter/" + stay.encounterId());
        assertThat(risk.getPredictionFirstRep()
                        .getQualitativeRisk()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("high");
        EpisodeOfCare episode = stay.episode();
        assertThat(episode.getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        assertThat(milestones(episode))
                .containsOnly(
                        entry("admission-notification", Instant.parse("2026-03-06T04:59:59Z")),
                        entry("follow-up-call", Instant.parse("2026-03-10T20:00:00Z")),
                        entry("discharge-information", Instant.parse("2026-03-10T03:59:59Z")),
                        entry("outreach", Instant.parse("2026-03-10T21:00:00Z")),
                        entry("home-health-start", Instant.parse("2026-03-09T20:00:00Z")),
                        entry("follow-up-visit", Instant.parse("2026-03-15T03:59:59Z")),
                        entry("patient-engagement", Instant.parse("2026-04-07T03:59:59Z")),
                        entry("medication-reconciliation", Instant.parse("2026-04-07T03:59:59Z")));
        assertThat(rows(
                        "select code || ' ' || coalesce(withdrawn::text, 'valid') from transition_milestone"
                                + " where episode_id = ?",
                        stay.episodeId()))
                .hasSize(8)
                .allMatch(row -> row.endsWith(" valid"));
        assertThat(rows("select state || ' ' || risk_band from transition where episode_id = ?", stay.episodeId()))
                .containsExactly("OPEN HIGH");
    }

    @Test
    void repeatedMessageHasOneEffect() throws SQLException {
        // Given
        stay.tell(stay.admission());
        String discharge = stay.discharge();
        // When
        stay.tell(discharge);
        stay.awaitStatus("finished");
        stay.tell(discharge);
        stay.tell(discharge.replace("|20260307141502-0500|", "|20260307141559-0500|"));
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
        // Then
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("2");
        assertThat(stay.episode().getMeta().getVersionId()).isEqualTo("2");
        assertThat(rows("select status from hl7_message where control_id = ?", Stay.controlId(discharge)))
                .containsExactly("PROCESSED");
    }

    @Test
    void dischargeToldBeforeAdmissionHasSameEffect() {
        // Given
        stay.tell(stay.discharge());
        stay.awaitStatus("finished");
        // When
        stay.tell(stay.admission());
        afterwards();
        // Then
        assertThat(stay.status()).isEqualTo("finished");
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        assertThat(milestones(stay.episode())).hasSize(8);
        assertThat(stay.risk()
                        .getPredictionFirstRep()
                        .getQualitativeRisk()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("high");
    }

    @Test
    void cancelledDischargeWithdrawsMilestones() throws SQLException {
        // Given
        stay.discharged();
        // When
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // Then
        EpisodeOfCare episode = stay.episode();
        assertThat(episode.getStatus()).isEqualTo(EpisodeOfCareStatus.PLANNED);
        assertThat(milestones(episode)).containsOnlyKeys("admission-notification");
        assertThat(episode.getStatusHistory())
                .extracting(EpisodeOfCare.EpisodeOfCareStatusHistoryComponent::getStatus)
                .containsExactly(EpisodeOfCareStatus.PLANNED, EpisodeOfCareStatus.ACTIVE);
        assertThat(stay.encounter().getPeriod().hasEnd()).isFalse();
        assertThat(rows(
                        "select code from transition_milestone where withdrawn is not null and episode_id = ?",
                        stay.episodeId()))
                .hasSize(7);
    }

    @Test
    void secondDischargeOpensTransitionAgain() {
        // Given
        stay.discharged();
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // When
        stay.tell(stay.discharge()
                .replace("20260307150000-0500", "20260309150000-0400")
                .replace("2026030714150", "2026030915150"));
        stay.awaitStatus("finished");
        // Then
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        assertThat(milestones(stay.episode()))
                .hasSize(8)
                .containsEntry("home-health-start", Instant.parse("2026-03-11T19:00:00Z"));
    }

    @Test
    void cancelledAdmissionRetractsTransition() throws SQLException {
        // Given
        stay.discharged();
        // When
        stay.tell(stay.event("A11", "20260307160000-0500"));
        stay.awaitStatus("cancelled");
        // Then
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.CANCELLED);
        assertThat(milestones(stay.episode())).isEmpty();
        assertThat(rows("select state from transition where episode_id = ?", stay.episodeId()))
                .containsExactly("RETRACTED");
    }

    @Test
    void updateChangesDetailsAndNoStatus() {
        // Given
        stay.discharged();
        // When
        stay.tell(stay.event("A08", "20260308090000-0400").replace("4E^412^B", "5W^101^A"));
        soon().untilAsserted(() ->
                assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("3"));
        // Then
        assertThat(stay.status()).isEqualTo("finished");
        assertThat(stay.encounter().getPeriod().getEnd()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(stay.episode().getMeta().getVersionId()).isEqualTo("2");
        assertThat(milestones(stay.episode())).hasSize(8);
    }

    @Test
    void aLabelThatAPersonGaveStaysWhenThePlatformTellsTheSameAnew() throws Exception {
        // Given
        stay.discharged();
        RiskAssessment labelled = stay.risk();
        labelled.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", null);
        Fhir.as(Tokens.service())
                .body(FhirJson.write(labelled))
                .put("/fhir/RiskAssessment/{id}", stay.riskId())
                .then()
                .statusCode(200);
        // When
        RiskAssessment anew = stay.risk();
        anew.setMeta(null).setLanguage("en");
        LeaderLoop.await(() -> store.inUnit(unit -> unit.put(Caller.PLATFORM, anew)));
        // Then
        assertThat(stay.risk().getLanguage()).isEqualTo("en");
        assertThat(stay.risk().getMeta().getSecurity())
                .extracting(Coding::getCode)
                .containsExactly("R");
    }

    @Test
    void eventSourceSeesItsOwnEncountersAndNoRisk() {
        // Given
        stay.discharged();
        String other = Tokens.token("other", "event-source", "other-hospital", "hl7v2.send system/*.rs");
        String own = Tokens.token("general-hospital", "event-source", "general-hospital", "hl7v2.send system/*.rs");
        // When
        String url = "/fhir/Encounter/" + stay.encounterId();
        // Then
        assertThat(Fhir.as(own).get(url).statusCode()).isEqualTo(200);
        assertThat(Fhir.as(other).get(url).statusCode()).isEqualTo(404);
        assertThat(Fhir.as(own).get("/fhir/RiskAssessment/" + stay.riskId()).statusCode())
                .isEqualTo(403);
    }

    /** Completes when everything that was told of the patient so far took effect. */
    private void afterwards() {
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
    }

    static Map<String, Instant> milestones(EpisodeOfCare episode) {
        Map<String, Instant> due = new TreeMap<>();
        episode.getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION)
                .forEach(milestone -> due.put(
                        milestone.getExtensionByUrl("code").getValue().primitiveValue(),
                        ((DateTimeType) milestone.getExtensionByUrl("due").getValue())
                                .getValue()
                                .toInstant()));
        return due;
    }

    private List<String> rows(String query, String argument) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, argument);
            ResultSet rows = statement.executeQuery();
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
