package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.hl7.Messages.admission;
import static org.careloop.transitions.hl7.Messages.discharge;
import static org.careloop.transitions.hl7.Messages.facts;
import static org.careloop.transitions.hl7.Messages.with;
import static org.careloop.transitions.hl7.Messages.without;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;
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
    void tellsWhatHappenedWhenAndWhereTo() {
        // When
        AdtFacts.Event event = facts(discharge()).event();
        // Then
        assertThat(event.code()).isEqualTo("A03");
        assertThat(event.step()).contains(StayStep.DISCHARGE);
        assertThat(event.when())
                .isEqualTo(new StayEvent.Times(
                        Instant.parse("2026-11-18T19:15:00Z"),
                        Instant.parse("2026-11-18T19:15:02Z"),
                        Instant.parse("2026-11-18T19:00:00Z"),
                        Messages.RECEIVED));
        Encounter encounter = facts(discharge()).encounter().orElseThrow();
        assertThat(encounter.getPeriod().getEnd().toInstant()).isEqualTo(Instant.parse("2026-11-18T19:00:00Z"));
        assertThat(DischargeDestination.named(encounter.getHospitalization().getDischargeDisposition()))
                .contains(DischargeDestination.HOME_HEALTH);
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

    @Test
    void tellsClearedFromAbsent() {
        // Given
        String message = with(with(admission(), "PID", 13, "\"\""), "PV1", 10, "");
        // When
        AdtFacts facts = facts(message);
        // Then
        assertThat(facts.cleared()).containsExactly("Patient.telecom");
        assertThat(facts.patient().getTelecom())
                .extracting(point -> point.getValue())
                .containsExactly("(413) 5550199");
    }

    @ParameterizedTest
    @CsvSource({
        "A01, I, ADMIT",
        "A02, I, MOVE",
        "A03, I, DISCHARGE",
        "A04, E, ADMIT",
        "A04, P, PLAN",
        "A05, P, PLAN",
        "A06, I, RECLASS",
        "A07, O, RECLASS",
        "A08, I, UPDATE",
        "A11, I, CANCEL_ADMIT",
        "A12, I, CANCEL_MOVE",
        "A13, I, CANCEL_DISCHARGE",
        "A17, I, MOVE",
        "A21, I, LEAVE",
        "A22, I, RETURN",
        "A38, P, CANCEL_PLAN"
    })
    void tellsWhatTheEventSaysOfTheStay(String event, String patientClass, StayStep step) {
        // Given
        String message = with(with(discharge(), "MSH", 9, "ADT^" + event), "PV1", 2, patientClass);
        // When
        AdtFacts facts = facts(message);
        // Then
        assertThat(facts.event().code()).isEqualTo(event);
        assertThat(facts.event().step()).contains(step);
        assertThat(facts.encounter()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A28", "A31"})
    void tellsOfThePersonAlone(String event) {
        // When
        AdtFacts facts = facts(with(admission(), "MSH", 9, "ADT^" + event));
        // Then
        assertThat(facts.event().step()).isEmpty();
        assertThat(facts.encounter()).isEmpty();
        assertThat(facts.related().conditions()).isEmpty();
        assertThat(facts.related().relatedPersons()).isNotEmpty();
    }

    @Test
    void takesAnUpdateWithoutAVisitForOneOfThePerson() {
        // When
        AdtFacts facts = facts(with(without(without(admission(), "PV1"), "DG1"), "MSH", 9, "ADT^A08"));
        // Then
        assertThat(facts.event().step()).isEmpty();
        assertThat(facts.encounter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A34", "A40"})
    void tellsWhichNumberIsNoMore(String event) {
        // When
        AdtFacts facts =
                facts(with(without(admission(), "PV1"), "MSH", 9, "ADT^" + event) + "MRG|MRN000001^^^GENHOSP^MR\r");
        // Then
        assertThat(facts.merged()).hasValueSatisfying(gone -> {
            assertThat(gone.getSystem()).isEqualTo("https://careloop.org/fhir/sid/general-hospital/mrn");
            assertThat(gone.getValue()).isEqualTo("MRN000001");
        });
        assertThat(facts.encounter()).isEmpty();
    }

    @Test
    void tellsOfBothPatientsOfASwap() {
        // Given
        String other = Arrays.stream(admission().split("\r"))
                .filter(line -> line.startsWith("PID|") || line.startsWith("PV1|"))
                .map(line -> line.replace("MRN100234", "MRN7")
                        .replace("V2026-77001", "V7")
                        .replace("4E^412^B", "5W^1^A"))
                .collect(Collectors.joining("\r", "", "\r"));
        String message = with(without(without(admission(), "DG1"), "AL1"), "MSH", 9, "ADT^A17") + other;
        // When
        List<AdtFacts> parts = Messages.parts(message);
        // Then
        assertThat(parts)
                .extracting(part -> part.patientIdentifier().getValue())
                .containsExactly("MRN100234", "MRN7");
        assertThat(parts)
                .extracting(part -> part.encounter()
                        .orElseThrow()
                        .getLocationFirstRep()
                        .getLocation()
                        .getDisplay())
                .containsExactly("4E, 412, B, GENHOSP", "5W, 1, A, GENHOSP");
    }

    @Test
    void doesNotBelieveAClockThatIsAhead() {
        // When
        AdtFacts.Event event = facts(with(with(admission(), "EVN", 2, "20290101"), "MSH", 7, "20290101"))
                .event();
        // Then
        assertThat(event.when().recorded()).isEqualTo(Instant.parse("2026-11-12T13:15:00Z"));
        assertThat(event.when().sent()).isEqualTo(Messages.RECEIVED);
    }

    @Test
    void putsWhatIsEnteredAheadOfTimeWhereItWasEntered() {
        // Given a discharge that is entered, and sent, at 14:15 for 17:00
        String message = with(with(discharge(), "EVN", 6, "20261118170000-0500"), "PV1", 45, "20261118170000-0500");
        // When
        StayEvent.Times when = facts(message).event().when();
        // Then it can be cancelled at 15:00
        assertThat(when.recorded()).isEqualTo(Instant.parse("2026-11-18T19:15:00Z"));
        assertThat(when.at()).isEqualTo(Instant.parse("2026-11-18T22:00:00Z"));
    }

    @Test
    void putsACancellationWhereItWasEntered() {
        // Given EVN-6, which of a cancellation is when that happened which is cancelled
        String message = with(discharge(), "MSH", 9, "ADT^A13");
        // When
        StayEvent.Times when = facts(with(message, "EVN", 2, "")).event().when();
        // Then
        assertThat(when.recorded()).isEqualTo(Instant.parse("2026-11-18T19:15:02Z"));
        assertThat(when.at()).isEqualTo(Instant.parse("2026-11-18T19:00:00Z"));
    }

    @Test
    void leavesTheDischargeOutOfACancelledDischarge() {
        // Given
        String message = with(discharge(), "MSH", 9, "ADT^A13^ADT_A01");
        // When
        Encounter encounter = facts(message).encounter().orElseThrow();
        // Then
        assertThat(encounter.getPeriod().hasEnd()).isFalse();
        assertThat(encounter.getHospitalization().hasDischargeDisposition()).isFalse();
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
    void startsNoPeriodForAPlannedVisit() {
        // Given
        String message = with(with(with(admission(), "MSH", 9, "ADT^A04"), "PV1", 2, "P"), "PV1", 44, "");
        // When
        Encounter encounter = facts(message).encounter().orElseThrow();
        // Then
        assertThat(encounter.hasPeriod()).isFalse();
    }

    @Test
    void startsThePeriodWithTheEventWhenThereIsNoTimeOfAdmission() {
        // When
        Encounter encounter =
                facts(with(admission(), "PV1", 44, "")).encounter().orElseThrow();
        // Then
        assertThat(encounter.getPeriod().getStartElement().getValueAsString()).isEqualTo("2026-11-12T08:15:00-05:00");
    }

    @Test
    void labelsAProtectedVisitAsRestricted() {
        // When
        Encounter encounter =
                facts(with(admission(), "PV2", 22, "Y")).encounter().orElseThrow();
        // Then
        assertThat(encounter.getMeta().getSecurityFirstRep().getCode()).isEqualTo("R");
    }

    @Test
    void tellsADeathByItsTime() {
        // When
        Patient patient = facts(with(admission(), "PID", 29, "20261112")).patient();
        // Then
        assertThat(patient.getDeceasedDateTimeType().getValueAsString()).isEqualTo("2026-11-12");
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
