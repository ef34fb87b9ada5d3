package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.internal.RetentionLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.FollowFact;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.Test;

/** What is told before its stay is of it when it comes; what waits for one that does not come goes after a time, and only then. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class AwaitedFactsApiTest {

    @Inject
    FollowFact followFact;

    @Inject
    ResourceStore store;

    @Inject
    RetentionLoop retention;

    @Inject
    DataSource database;

    private final Stay stay = Stay.fresh();
    private final String patient = InMemoryPatients.idOf(stay.number()).value();

    @Test
    void aTestThatWasToldBeforeTheAdmissionCountsForTheStay() throws Exception {
        // Given
        tell(test("718-7", "11.2", "g/dL"));
        tell(test("2951-2", "132", "mmol/L"));
        // When
        stay.discharged();
        // Then
        soon().untilAsserted(() -> assertThat(hospital().getStatus().toCode()).isEqualTo("final"));
        assertThat(hospital().getPredictionFirstRep().getRationale()).contains("H 1", "S 1");
        // When it is taken back
        LeaderLoop.await(() -> store.inUnit(
                unit -> followFact.gone(ResourceKey.of("Observation", "early-718-7" + stay.number()), unit)));
        // Then
        assertThat(hospital().getStatus().toCode()).isEqualTo("preliminary");
    }

    @Test
    void aTestOfAnotherTimeIsNotOfTheStay() throws Exception {
        // Given
        tell(test("718-7", "11.2", "g/dL").setEffective(new DateTimeType("2026-03-09T07:00:00-05:00")));
        tell(test("2951-2", "132", "mmol/L"));
        // When
        stay.discharged();
        // Then
        soon().untilAsserted(() -> assertThat(hospital().getNoteFirstRep().getText())
                .contains("hemoglobin")
                .doesNotContain("sodium"));
    }

    @Test
    void whatWaitsForAStayGoesAfterAWhileAndWhatIsOfOneStays() throws Exception {
        // Given
        stay.discharged();
        String never = "never-" + stay.number();
        tell(procedure("lost", never));
        tell(procedure("kept", stay.encounterId()));
        tell(test("2951-2", "132", "mmol/L").setEffective(new DateTimeType("2025-03-09T07:00:00-05:00")));
        assertThat(count("stay_fact", "encounter_id", never)).isEqualTo(1);
        assertThat(count("test_without_stay", "patient_id", patient)).isEqualTo(1);
        // When
        age("stay_fact", "awaits_stay", "encounter_id", never, 89);
        retention.hint();
        assertThat(count("stay_fact", "encounter_id", never)).isEqualTo(1);
        age("stay_fact", "awaits_stay", "encounter_id", never, 91);
        age("stay_fact", "awaits_stay", "encounter_id", stay.encounterId(), 91);
        age("test_without_stay", "told", "patient_id", patient, 91);
        // Then
        soon().until(() -> {
            retention.hint();
            return count("stay_fact", "encounter_id", never) == 0
                    && count("test_without_stay", "patient_id", patient) == 0;
        });
        assertThat(count("stay_fact", "reference", "Procedure/kept" + stay.number()))
                .isEqualTo(1);
    }

    @Test
    void evidenceOfAStayThatIsDeletedWaitsForItAndGoes() throws Exception {
        // Given
        String encounter = Fhir.as(Tokens.service())
                .body("""
                {"resourceType":"Encounter","status":"in-progress","subject":{"reference":"Patient/%s"},
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
                 "serviceProvider":{"reference":"Organization/general-hospital"},"period":{"start":"2026-03-03T10:00:00Z"}}""".formatted(patient))
                .post("/fhir/Encounter")
                .path("id");
        notice("placed", encounter);
        notice("early", "never-" + encounter);
        soon().until(() -> count("transition_evidence", "encounter_id", encounter) == 1
                && count("transition_evidence", "encounter_id", "never-" + encounter) == 1);
        assertThat(waiting(encounter)).isZero();
        assertThat(waiting("never-" + encounter)).isEqualTo(1);
        // When
        Fhir.as(Tokens.service())
                .delete("/fhir/Encounter/{id}", encounter)
                .then()
                .statusCode(204);
        // Then
        soon().until(() -> waiting(encounter) == 1);
        age("transition_evidence", "awaits_stay", "encounter_id", encounter, 91);
        soon().until(() -> {
            retention.hint();
            return count("transition_evidence", "encounter_id", encounter) == 0;
        });
        assertThat(count("transition_evidence", "encounter_id", "never-" + encounter))
                .isEqualTo(1);
    }

    private void notice(String id, String encounter) {
        Events.tell(
                "care-plans",
                Events.event(
                        ResourceKey.of("Communication", id + stay.number()),
                        Change.CREATED,
                        1,
                        "Patient/" + patient,
                        """
                        {"resourceType":"Communication","id":"%s","status":"completed","subject":{"reference":"Patient/%s"},
                         "encounter":{"reference":"Encounter/%s"},"received":"2026-03-03T12:00:00Z",
                         "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/recipient-kind","valueCode":"medical-home"}],
                         "category":[{"coding":[{"system":"%s","code":"stay-notice"}]}],
                         "reasonCode":[{"coding":[{"system":"%s","code":"admission"}]}]}""".formatted(
                                        id + stay.number(),
                                        patient,
                                        encounter,
                                        SharedTerms.COMMUNICATION_CATEGORY_SYSTEM,
                                        SharedTerms.STAY_NOTICE_SYSTEM)));
    }

    private Procedure procedure(String id, String encounter) {
        Procedure procedure = new Procedure()
                .setStatus(ProcedureStatus.COMPLETED)
                .setCode(new CodeableConcept().setText("dressing"))
                .setSubject(new Reference("Patient/" + patient))
                .setEncounter(new Reference("Encounter/" + encounter));
        procedure.setId(id + stay.number());
        return procedure;
    }

    private Observation test(String code, String value, String unit) {
        Observation test = new Observation()
                .setStatus(ObservationStatus.FINAL)
                .setCode(new CodeableConcept(new Coding("http://loinc.org", code, null)))
                .setSubject(new Reference("Patient/" + patient))
                .setEffective(new DateTimeType("2026-03-06T07:00:00-05:00"))
                .setValue(new Quantity()
                        .setValue(new BigDecimal(value))
                        .setUnit(unit)
                        .setCode(unit));
        test.setId("early-" + code + stay.number());
        return test;
    }

    /** As its event would. */
    private void tell(Resource fact) throws Exception {
        LeaderLoop.await(() -> store.inUnit(unit -> followFact.handle(fact, unit)));
    }

    private RiskAssessment hospital() {
        String id = Fhir.matches(Fhir.search(Tokens.service(), "RiskAssessment?method=hospital&patient=" + patient))
                .getFirst();
        return FhirJson.parse(
                RiskAssessment.class,
                Fhir.as(Tokens.service()).get("/fhir/RiskAssessment/{id}", id).asByteArray());
    }

    private long waiting(String encounter) throws SQLException {
        return number(
                "select count(*) from transition_evidence where awaits_stay is not null and encounter_id = ?",
                encounter);
    }

    private long count(String table, String column, String value) throws SQLException {
        return number("select count(*) from " + table + " where " + column + " = ?", value);
    }

    private long number(String query, String value) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement sql = connection.prepareStatement(query)) {
            sql.setString(1, value);
            ResultSet row = sql.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private void age(String table, String time, String column, String value, int days) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement sql = connection.prepareStatement("update " + table + " set " + time
                        + " = now() - interval '" + days + " days' where " + column + " = ?")) {
            sql.setString(1, value);
            sql.executeUpdate();
        }
    }
}
