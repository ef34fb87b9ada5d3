package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ReplacedRecords;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.FollowFact;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When two patients turn out to be one, the risk of a discharge rests on what is known of both; and no longer when they are two. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MergedStaysApiTest {

    private static final String HEMOGLOBIN = "718-7";

    @Inject
    ReplacedRecords replaced;

    @Inject
    FollowFact followFact;

    @Inject
    ResourceStore store;

    private final Stay stay = Stay.fresh();
    private final String survivor = InMemoryPatients.idOf(stay.number()).value();

    @BeforeEach
    void isDischarged() throws Exception {
        stay.discharged();
        learn(HEMOGLOBIN, "11.2", "g/dL");
        learn("2951-2", "132", "mmol/L");
    }

    @Test
    void anAdmissionOfTheOtherCountsFromTheMergeOnUntilItsEnd() throws Exception {
        // Given: an emergency visit two months before, and two admissions
        String other = "other-" + stay.number();
        earlier(other, "EMER");
        earlier(other, "IMP");
        earlier(other, "IMP");
        assertThat(rationale("lace")).contains("E 0");
        assertThat(rationale("hospital")).contains("A 0");
        // When
        tell(other, 2, Optional.of(survivor));
        // Then
        soon().untilAsserted(() -> {
            assertThat(rationale("lace")).contains("E 1");
            assertThat(rationale("hospital")).contains("A 2");
        });
        // When
        tell(other, 3, Optional.empty());
        // Then
        soon().untilAsserted(() -> {
            assertThat(rationale("lace")).contains("E 0");
            assertThat(rationale("hospital")).contains("A 0");
        });
    }

    @Test
    void anOpenStayThatIsMovedIsAssessedForItsNewPatientAndComesBack() throws Exception {
        // Given
        String other = "other-" + stay.number();
        earlier(other, "EMER");
        // When: the one with the open stay is replaced
        tell(survivor, 2, Optional.of(other));
        // Then
        soon().untilAsserted(() -> {
            RiskAssessment risk = risk("lace", other);
            assertThat(risk.getSubject().getReference()).isEqualTo("Patient/" + other);
            assertThat(risk.getPredictionFirstRep().getRationale()).contains("E 1");
            assertThat(stay.episode().getPatient().getReference()).isEqualTo("Patient/" + other);
        });
        // When
        tell(survivor, 3, Optional.empty());
        // Then
        soon().untilAsserted(() -> {
            assertThat(rationale("lace")).contains("E 0");
            assertThat(stay.episode().getPatient().getReference()).isEqualTo("Patient/" + survivor);
            assertThat(Fhir.matches(Fhir.search(Tokens.service(), "RiskAssessment?patient=" + other)))
                    .isEmpty();
        });
    }

    @Test
    void aTestThatFollowsBeforeItsStayIsStillOfTheStay() throws Exception {
        // Given
        String other = "other-" + stay.number();
        ResourceKey encounter = ResourceKey.of("Encounter", stay.encounterId());
        assertThat(rationale("hospital")).contains("H 1");
        // When: the stay is held up, its test is told of the survivor already
        LeaderLoop.await(() -> store.inUnit(unit -> unit.find(encounter, Condition.EVERYTHING)
                .chain(() -> replaced.keep(ResourceKey.of("Patient", survivor), 2, Optional.of(other), unit))
                .chain(() -> followFact.handle(test(other, HEMOGLOBIN, "11.2", "g/dL"), unit))));
        // Then
        soon().untilAsserted(() -> assertThat(
                        risk("hospital", other).getPredictionFirstRep().getRationale())
                .contains("H 1"));
    }

    /** As its event would. */
    private void learn(String code, String value, String unitOfIt) throws Exception {
        LeaderLoop.await(() -> store.inUnit(unit -> followFact.handle(test(survivor, code, value, unitOfIt), unit)));
    }

    private Observation test(String patient, String code, String value, String unitOfIt) {
        Observation test = new Observation()
                .setStatus(ObservationStatus.FINAL)
                .setCode(new CodeableConcept(new Coding("http://loinc.org", code, null)))
                .setSubject(new Reference("Patient/" + patient))
                .setEffective(new DateTimeType("2026-03-06T07:00:00-05:00"))
                .setValue(new Quantity()
                        .setValue(new BigDecimal(value))
                        .setUnit(unitOfIt)
                        .setCode(unitOfIt));
        test.setId("t-" + code + stay.number());
        return test;
    }

    /** As the patient's event would. */
    private void tell(String patient, long version, Optional<String> by) throws Exception {
        LeaderLoop.await(
                () -> store.inUnit(unit -> replaced.keep(ResourceKey.of("Patient", patient), version, by, unit)));
    }

    private static void earlier(String patient, String type) {
        Encounter visit = new Encounter()
                .setStatus(EncounterStatus.FINISHED)
                .setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", type, null))
                .setSubject(new Reference("Patient/" + patient));
        visit.getPeriod()
                .setStartElement(new DateTimeType("2026-01-10T08:00:00-05:00"))
                .setEndElement(new DateTimeType("2026-01-11T08:00:00-05:00"));
        Fhir.as(Tokens.service())
                .body(FhirJson.write(visit))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
    }

    private String rationale(String method) {
        return risk(method, survivor).getPredictionFirstRep().getRationale();
    }

    private RiskAssessment risk(String method, String patient) {
        List<String> found = Fhir.matches(Fhir.search(
                Tokens.service(),
                "RiskAssessment?method=" + method + "&patient=" + patient + "&encounter=" + stay.encounterId()));
        assertThat(found).hasSize(1);
        return FhirJson.parse(
                RiskAssessment.class,
                Fhir.as(Tokens.service())
                        .get("/fhir/RiskAssessment/{id}", found.getFirst())
                        .asByteArray());
    }
}
