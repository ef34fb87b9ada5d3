package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.FollowFact;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.Test;

/** The scores of a discharge follow what is known of the stay, whenever it comes to be known. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class RiskApiTest {

    @Inject
    FollowFact followFact;

    @Inject
    ResourceStore store;

    private final Stay stay = Stay.fresh();

    @Test
    void hospitalScoreIsMadeWhenItsTestsAreTold() throws Exception {
        // Given
        stay.discharged();
        assertThat(risk("hospital").getStatus().toCode()).isEqualTo("preliminary");
        assertThat(risk("hospital").getNoteFirstRep().getText()).contains("hemoglobin", "sodium");
        // When
        tell(test("718-7", "11.2", "g/dL").setEncounter(new Reference("Encounter/" + stay.encounterId())));
        tell(test("2951-2", "132", "mmol/L"));
        // Then
        soon().untilAsserted(
                        () -> assertThat(risk("hospital").getStatus().toCode()).isEqualTo("final"));
        RiskAssessment risk = risk("hospital");
        assertThat(risk.getPredictionFirstRep().getRationale())
                .isEqualTo("H 1 + O 0 + S 1 + P 0 + IT 1 + A 0 + L 0 = 3");
        assertThat(risk.getBasis())
                .extracting(Reference::getReference)
                .contains("Observation/hb-718-7" + stay.number(), "Observation/hb-2951-2" + stay.number());
        // When it is told again
        String version = risk.getMeta().getVersionId();
        tell(test("2951-2", "132", "mmol/L"));
        // Then
        assertThat(risk("hospital").getMeta().getVersionId()).isEqualTo(version);
    }

    @Test
    void laceFollowsADiagnosisThatIsToldLater() throws Exception {
        // Given
        stay.discharged();
        Condition cancer = new Condition()
                .setSubject(new Reference("Patient/" + InMemoryPatients.idOf(stay.number())))
                .setEncounter(new Reference("Encounter/" + stay.encounterId()))
                .setCode(new CodeableConcept(new Coding("http://hl7.org/fhir/sid/icd-10-cm", "C78.7", null)));
        cancer.setId("late-" + stay.number());
        // When
        tell(cancer);
        // Then
        assertThat(risk("lace").getBasis())
                .extracting(Reference::getReference)
                .contains("Condition/late-" + stay.number());
        assertThat(risk("lace").getNoteFirstRep().getText()).contains("metastatic");
    }

    private Observation test(String code, String value, String unit) {
        Observation test = new Observation()
                .setStatus(ObservationStatus.FINAL)
                .setCode(new CodeableConcept(new Coding("http://loinc.org", code, null)))
                .setSubject(new Reference("Patient/" + InMemoryPatients.idOf(stay.number())))
                .setEffective(new DateTimeType("2026-03-06T07:00:00-05:00"))
                .setValue(new Quantity()
                        .setValue(new BigDecimal(value))
                        .setUnit(unit)
                        .setCode(unit));
        test.setId("hb-" + code + stay.number());
        return test;
    }

    /** As its event would. */
    private void tell(Resource fact) throws Exception {
        LeaderLoop.await(() -> store.inUnit(unit -> followFact.handle(fact, unit)));
    }

    private RiskAssessment risk(String method) {
        List<String> found = Fhir.matches(Fhir.search(
                Tokens.service(),
                "RiskAssessment?method=" + method + "&patient=" + InMemoryPatients.idOf(stay.number())));
        assertThat(found).hasSize(1);
        return FhirJson.parse(
                RiskAssessment.class,
                Fhir.as(Tokens.service())
                        .get("/fhir/RiskAssessment/{id}", found.getFirst())
                        .asByteArray());
    }
}
