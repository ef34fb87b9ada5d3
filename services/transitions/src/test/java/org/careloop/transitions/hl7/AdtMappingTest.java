package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.hl7.Messages.admission;
import static org.careloop.transitions.hl7.Messages.discharge;
import static org.careloop.transitions.hl7.Messages.facts;
import static org.careloop.transitions.hl7.Messages.with;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.Payers;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HumanName.NameUse;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR</a> */
class AdtMappingTest {

    @Test
    void mapsThePatientInTheShapeOfUsCore() {
        // When
        Patient patient = facts(admission()).patient();
        // Then
        assertThat(json(patient)).isEqualTo(golden("a01-patient.json"));
        assertThat(patient.getNameFirstRep().getUse()).isEqualTo(NameUse.OFFICIAL);
        assertThat(facts(admission()).patientIdentifier().getSystem())
                .isEqualTo("https://careloop.org/fhir/sid/general-hospital/mrn");
        assertThat(facts(admission()).patientIdentifier().getValue()).isEqualTo("MRN100234");
    }

    @Test
    void mapsTheVisitOfADischarge() {
        // When
        Encounter encounter =
                facts(discharge()).forPatient(new FhirId("rosa")).encounter().orElseThrow();
        // Then
        assertThat(json(encounter)).isEqualTo(golden("a03-encounter.json"));
    }

    @Test
    void makesOneConditionOfADiagnosisToldAsAdmittingAndAsFinal() {
        // When
        AdtFacts facts = facts(discharge()).forPatient(new FhirId("rosa"));
        List<Condition> conditions = facts.related().conditions();
        // Then
        assertThat(conditions)
                .extracting(condition -> condition.getCode().getCodingFirstRep().getCode())
                .containsExactly("I50.23", "E11.22");
        assertThat(conditions).allSatisfy(condition -> {
            assertThat(condition.getSubject().getReference()).isEqualTo("Patient/rosa");
            assertThat(condition.getEncounter().getReference())
                    .isEqualTo("Encounter/" + facts.encounter().orElseThrow().getIdPart());
            assertThat(condition.getCategoryFirstRep().getCodingFirstRep().getCode())
                    .isEqualTo("encounter-diagnosis");
            assertThat(condition.getClinicalStatus().getCodingFirstRep().getCode())
                    .isEqualTo("active");
        });
        assertThat(facts.encounter().orElseThrow().getDiagnosis())
                .extracting(diagnosis -> diagnosis.getUse().getCodingFirstRep().getCode() + " " + diagnosis.getRank())
                .containsExactly("AD 1", "DD 1", "DD 2");
    }

    @Test
    void marksADeletedDiagnosisAsEnteredInError() {
        // Given
        String message = with(admission(), "DG1", 21, "D");
        // When
        AdtFacts facts = facts(message);
        // Then
        Condition condition = facts.related().conditions().getFirst();
        assertThat(condition.getVerificationStatus().getCodingFirstRep().getCode())
                .isEqualTo("entered-in-error");
        assertThat(condition.hasClinicalStatus()).isFalse();
        assertThat(facts.encounter().orElseThrow().hasDiagnosis()).isFalse();
    }

    @Test
    void mapsKinInsuranceAndAllergy() {
        // When
        AdtFacts.Related related =
                facts(admission()).forPatient(new FhirId("rosa")).related();
        // Then
        assertThat(related.relatedPersons()).singleElement().satisfies(person -> {
            assertThat(person.getPatient().getReference()).isEqualTo("Patient/rosa");
            assertThat(person.getNameFirstRep().getNameAsSingleString()).isEqualTo("Luis Rivera");
            assertThat(person.getRelationship())
                    .extracting(each -> each.getCodingFirstRep().getCode())
                    .containsExactly("SPS", "C");
            assertThat(person.getTelecomFirstRep().getValue()).isEqualTo("(413) 5550143");
        });
        Coverage coverage = related.coverages().getFirst();
        assertThat(coverage.getSubscriberId()).isEqualTo("1EG4TE5MK73");
        assertThat(coverage.getSubscriber().getReference()).isEqualTo("Patient/rosa");
        assertThat(coverage.getBeneficiary().getReference()).isEqualTo("Patient/rosa");
        assertThat(coverage.getPayorFirstRep().getDisplay()).isEqualTo("Centers for Medicare");
        assertThat(coverage.getPeriod().getStartElement().getValueAsString()).isEqualTo("2013-04-01");
        assertThat(coverage.getType().getCoding())
                .extracting(coding -> coding.getSystem() + "|" + coding.getCode())
                .containsExactly("null|MC", "https://nahdo.org/sopt|1");
        assertThat(Payers.shipped().of(coverage)).isEqualTo("MEDICARE");
        assertThat(related.allergies()).singleElement().satisfies(allergy -> {
            assertThat(allergy.getCode().getCodingFirstRep().getSystem())
                    .isEqualTo("http://www.nlm.nih.gov/research/umls/rxnorm");
            assertThat(allergy.getCriticality().toCode()).isEqualTo("high");
            assertThat(allergy.getPatient().getReference()).isEqualTo("Patient/rosa");
        });
    }

    @Test
    void makesTheSameResourcesOfTheSameMessage() {
        // When
        AdtFacts first = facts(discharge());
        AdtFacts second = facts(discharge().replace("GH0000002", "GH0000003"));
        // Then
        assertThat(ids(second)).isEqualTo(ids(first)).hasSize(6).doesNotHaveDuplicates();
        assertThat(facts(admission()).encounter().orElseThrow().getIdPart())
                .isEqualTo(first.encounter().orElseThrow().getIdPart());
    }

    @ParameterizedTest
    @CsvSource({
        "I, http://terminology.hl7.org/CodeSystem/v3-ActCode, IMP",
        "E, http://terminology.hl7.org/CodeSystem/v3-ActCode, EMER",
        "O, http://terminology.hl7.org/CodeSystem/v3-ActCode, AMB",
        "P, http://terminology.hl7.org/CodeSystem/v3-ActCode, PRENC",
        "V, http://terminology.hl7.org/CodeSystem/v3-ActCode, OBSENC",
        "S, http://terminology.hl7.org/CodeSystem/v3-ActCode, SS",
        "B, http://terminology.hl7.org/CodeSystem/v2-0004, B",
        "R, http://terminology.hl7.org/CodeSystem/v2-0004, R"
    })
    void mapsThePatientClass(String told, String system, String code) {
        // When
        Coding mapped = facts(with(admission(), "PV1", 2, told))
                .encounter()
                .orElseThrow()
                .getClass_();
        // Then
        assertThat(mapped.getSystem()).isEqualTo(system);
        assertThat(mapped.getCode()).isEqualTo(code);
    }

    @Test
    void takesTimesWithoutAnOffsetInTheZoneOfTheSite() {
        // Given
        String message = with(with(discharge(), "PV1", 45, "20261118140000"), "EVN", 6, "");
        // When
        AdtFacts facts = facts(message);
        // Then
        assertThat(facts.encounter().orElseThrow().getPeriod().getEndElement().getValueAsString())
                .isEqualTo("2026-11-18T14:00:00-05:00");
        assertThat(facts.event().when().at()).isEqualTo(Instant.parse("2026-11-18T19:15:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2"})
    void readsEachVersionAlike(String version) {
        // When
        AdtFacts facts = facts(with(discharge(), "MSH", 12, version));
        // Then
        assertThat(json(facts.encounter().orElseThrow()))
                .isEqualTo(json(facts(discharge()).encounter().orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\r"})
    void toleratesOtherSegmentEnds(String end) {
        // When
        AdtFacts facts = facts("\uFEFF\r\n" + discharge().replace("\r", end));
        // Then
        assertThat(json(facts.patient())).isEqualTo(json(facts(discharge()).patient()));
    }

    @ParameterizedTest
    @CsvSource({"8859/1, ISO-8859-1", "8859/15, ISO-8859-15", "UNICODE UTF-8, UTF-8", "'', UTF-8"})
    void readsTheDeclaredCharacterSet(String declared, String charset) {
        // Given
        String message = with(admission().replace("Rivera^Rosa", "Müller^Renée"), "MSH", 18, declared);
        // When
        AdtFacts facts = facts(message.getBytes(Charset.forName(charset)));
        // Then
        assertThat(facts.patient().getNameFirstRep().getFamily()).isEqualTo("Müller");
    }

    @ParameterizedTest
    @CsvSource({
        "7^Chen^Wei^^^^^^NPI, http://hl7.org/fhir/sid/us-npi",
        "7^Chen^Wei^^^^^^^^^^NPI, http://hl7.org/fhir/sid/us-npi",
        "7^Chen^Wei^^^^^^X&2.16.840.1.113883.4.6&ISO, http://hl7.org/fhir/sid/us-npi",
        "7^Chen^Wei^^^^^^X&1.2.3&ISO, urn:oid:1.2.3",
        "7^Chen^Wei^^^^^^OTHER HOSP, https://careloop.org/fhir/sid/general-hospital/staff/OTHER-HOSP",
        "7^Chen^Wei, https://careloop.org/fhir/sid/general-hospital/staff/GENHOSP"
    })
    void namesTheSystemOfANumberByItsAssigner(String attending, String system) {
        // When
        Encounter encounter =
                facts(with(admission(), "PV1", 7, attending)).encounter().orElseThrow();
        // Then
        assertThat(encounter
                        .getParticipantFirstRep()
                        .getIndividual()
                        .getIdentifier()
                        .getSystem())
                .isEqualTo(system);
    }

    @Test
    void unescapesText() {
        // When
        AdtFacts facts = facts(admission().replace("Apt 4^Springfield", "Smith \\T\\ Sons\\S\\4^Springfield"));
        // Then
        assertThat(facts.patient().getAddressFirstRep().getLine().get(1).getValue())
                .isEqualTo("Smith & Sons^4");
    }

    @Test
    void writesFhirThatReadsBack() {
        // Given
        AdtFacts facts = facts(discharge()).forPatient(new FhirId("rosa"));
        // When
        Resource read = FhirJson.parse(FhirJson.write(facts.patient()));
        // Then
        assertThat(json(read)).isEqualTo(json(facts.patient()));
    }

    private static List<String> ids(AdtFacts facts) {
        List<Resource> all = new ArrayList<>(facts.related().conditions());
        all.addAll(facts.related().relatedPersons());
        all.addAll(facts.related().coverages());
        all.addAll(facts.related().allergies());
        all.add(facts.encounter().orElseThrow());
        return all.stream().map(Resource::getIdPart).toList();
    }

    private static String json(Resource resource) {
        return FhirJson.context().newJsonParser().setPrettyPrint(true).encodeResourceToString(resource);
    }

    private static String golden(String name) {
        return Messages.resource("golden/" + name).replace('\r', '\n').strip();
    }
}
