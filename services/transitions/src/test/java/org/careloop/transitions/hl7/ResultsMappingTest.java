package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.hl7.Messages.discharge;
import static org.careloop.transitions.hl7.Messages.facts;
import static org.careloop.transitions.hl7.Messages.with;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.AdtFacts;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OBX, PR1, ARV and what else of PV1 and PV2 a stay has. */
class ResultsMappingTest {

    private static final String HEMOGLOBIN =
            "OBX|1|NM|718-7^Hemoglobin^LN||11.2|g/dL^^UCUM|12.0-16.0|L|||F|||20261118061500-0500||1457398765^Chen^Wei\r";

    @Test
    void mapsALaboratoryResultOfTheStay() {
        // When
        AdtFacts facts = facts(discharge() + HEMOGLOBIN).forPatient(new FhirId("rosa"));
        // Then
        Observation result = facts.related().observations().getFirst();
        assertThat(result.getStatus()).isEqualTo(ObservationStatus.FINAL);
        assertThat(result.getCode().getCodingFirstRep())
                .returns("http://loinc.org", Coding::getSystem)
                .returns("718-7", Coding::getCode);
        assertThat(result.getCategoryFirstRep().getCodingFirstRep().getCode()).isEqualTo("laboratory");
        assertThat(result.getSubject().getReference()).isEqualTo("Patient/rosa");
        assertThat(result.getEncounter().getReference())
                .isEqualTo("Encounter/"
                        + facts.encounter().orElseThrow().getIdElement().getIdPart());
        assertThat(result.getEffectiveDateTimeType().getValueAsString()).isEqualTo("2026-11-18T06:15:00-05:00");
        assertThat(result.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("L");
        assertThat(result.getReferenceRangeFirstRep().getText()).isEqualTo("12.0-16.0");
        assertThat(result.getPerformerFirstRep().getIdentifier().getValue()).isEqualTo("1457398765");
        Quantity value = result.getValueQuantity();
        assertThat(value.getValue()).isEqualByComparingTo("11.2");
        assertThat(value.getSystem() + "|" + value.getCode()).isEqualTo("http://unitsofmeasure.org|g/dL");
    }

    @Test
    void aResultToldAgainIsTheSameOneOfAnotherTimeIsNot() {
        // When
        String first = idOf(HEMOGLOBIN);
        String corrected = idOf(HEMOGLOBIN.replace("11.2", "11.4").replace("|F|", "|C|"));
        String sameMoment = idOf(HEMOGLOBIN.replace("20261118061500-0500", "20261118111500+0000"));
        String later = idOf(HEMOGLOBIN.replace("20261118061500", "20261118181500"));
        // Then
        assertThat(corrected).isEqualTo(first);
        assertThat(sameMoment).isEqualTo(first);
        assertThat(later).isNotEqualTo(first);
    }

    private static String idOf(String obx) {
        return facts(discharge() + obx)
                .related()
                .observations()
                .getFirst()
                .getIdElement()
                .getIdPart();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NM; 72; {\"value\":72}",
                "NM; >200; \">200\"",
                "NM; pending; \"pending\"",
                "SN; >^100; {\"value\":100,\"comparator\":\">\"}",
                "SN; ^1^:^128; {\"numerator\":{\"value\":1},\"denominator\":{\"value\":128}}",
                "SN; ^10^-^20; {\"low\":{\"value\":10},\"high\":{\"value\":20}}",
                "SN; about^100; \"about 100\"",
                "ST; clear; \"clear\"",
                "DT; 20261117; \"2026-11-17\"",
                "TS; 20261117083000-0500; \"2026-11-17T08:30:00-05:00\"",
                "DT; yesterday; \"yesterday\"",
                "CWE; 260385009^Negative^SCT; {\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"260385009\",\"display\":\"Negative\"}],\"text\":\"Negative\"}"
            })
    void mapsAValueByItsType(String type, String value, String expected) {
        // When
        Observation result = result("OBX|1|" + type + "|1234-5^Some test^LN||" + value + "||||||F\r");
        // Then
        assertThat(json(result)).contains(":" + expected);
        assertThat(result.hasValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "F, final",
        "C, corrected",
        "A, amended",
        "B, amended",
        "U, final",
        "P, preliminary",
        "X, cancelled",
        "W, entered-in-error",
        "I, registered",
        "'', unknown",
        "Q, unknown"
    })
    void mapsTheStatusOfAResult(String told, String expected) {
        // When
        Observation result = result("OBX|1|NM|718-7^Hemoglobin^LN||11.2|g/dL|||||" + told + "\r");
        // Then
        assertThat(result.getStatus().toCode()).isEqualTo(expected);
    }

    @Test
    void whatWasAskedWithoutAnAnswerIsNoResult() {
        // When
        AdtFacts facts = facts(discharge() + "OBX|1|NM|718-7^Hemoglobin^LN|||g/dL|||||O\r");
        // Then
        assertThat(facts.related().observations()).isEmpty();
    }

    @Test
    void aResultThatIsFinalWithoutBeingSentAgainKeepsItsValue() {
        assertThat(facts(discharge() + "OBX|1|NM|718-7^Hemoglobin^LN|||g/dL|||||U\r")
                        .related()
                        .observations())
                .isEmpty();
    }

    @Test
    void aResultWithoutATimeIsOfItsVisit() {
        // Given
        String weight = "OBX|1|NM|29463-7^Weight^LN||72|kg|||||F\r";
        // When
        String march = idOf(weight);
        String again = idOf(weight.replace("72", "73"));
        String june = facts(with(discharge(), "PV1", 19, "V2026-99999^^^GENHOSP^VN") + weight)
                .related()
                .observations()
                .getFirst()
                .getIdElement()
                .getIdPart();
        // Then
        assertThat(again).isEqualTo(march);
        assertThat(june).isNotEqualTo(march);
    }

    @Test
    void twoOrganismsOfOneCultureAreTwoResults() {
        // Given
        String culture = "OBX|1|CE|600-7^Blood culture^LN||112283007^E coli^SCT||||||F|||20261117083000\r"
                + "OBX|2|CE|600-7^Blood culture^LN||3092008^S aureus^SCT||||||F|||20261117083000\r";
        // When
        List<Observation> results = facts(discharge() + culture).related().observations();
        // Then
        assertThat(results)
                .extracting(each ->
                        each.getValueCodeableConcept().getCodingFirstRep().getCode())
                .containsExactly("112283007", "3092008");
        assertThat(results).extracting(each -> each.getIdElement().getIdPart()).doesNotHaveDuplicates();
        assertThat(facts(discharge() + culture).related().observations())
                .extracting(each -> each.getIdElement().getIdPart())
                .isEqualTo(results.stream()
                        .map(each -> each.getIdElement().getIdPart())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"F, 134, C, corrected", "P, 134, F, final", "F, 130, D, entered-in-error"})
    void theLaterWordOfAResultCounts(String first, String value, String then, String status) {
        // Given
        String sodium = "OBX|1|NM|2951-2^Sodium^LN||130|mmol/L|||||" + first + "|||20261117083000\r"
                + "OBX|2|NM|2951-2^Sodium^LN||" + value + "|mmol/L|||||" + then + "|||20261117083000\r";
        // When
        List<Observation> results = facts(discharge() + sodium).related().observations();
        // Then
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.getStatus().toCode()).isEqualTo(status);
            assertThat(result.getValueQuantity().getValue()).isEqualByComparingTo(value);
        });
    }

    @ParameterizedTest
    @CsvSource({"00000000", "2026-03-01 10:00", "yesterday"})
    void nobodyRefusesAnAdmissionForTheTimeOfAResult(String time) {
        // When
        AdtFacts facts = facts(discharge() + "OBX|1|NM|29463-7^Weight^LN||72|kg|||||F|||" + time
                + "\rPR1|1||93000^ECG^C4||" + time + "\r");
        // Then
        assertThat(facts.related().observations().getFirst().hasEffective()).isFalse();
        assertThat(facts.related().procedures().getFirst().hasPerformed()).isFalse();
    }

    @Test
    void severalValuesAreComponentsAndLinesOfATextAreOneText() {
        // When
        List<Observation> results = facts(discharge()
                        + "OBX|1|NM|8867-4^Heart rate^LN||60~120|/min^^UCUM|||||F\r"
                        + "OBX|2|TX|||NORMAL CHAMBER SIZE||||||F|||20261117164100\r"
                        + "OBX|3|TX|||NO EFFUSION||||||F|||20261117164100\r"
                        + "OBX|4|ED|18842-5^Summary^LN||^application^pdf^Base64^JVBERi0=||||||F\r")
                .related()
                .observations();
        // Then
        assertThat(results).hasSize(3);
        assertThat(results.get(0).getComponent())
                .extracting(each -> each.getValueQuantity().getValue().intValue())
                .containsExactly(60, 120);
        assertThat(results.get(0).getCategoryFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("vital-signs");
        assertThat(results.get(1).getValueStringType().getValue()).isEqualTo("NORMAL CHAMBER SIZE\nNO EFFUSION");
        assertThat(results.get(1).getCode().getText()).isEqualTo("not coded");
        assertThat(results.get(2).getDataAbsentReason().getCodingFirstRep().getCode())
                .isEqualTo("unsupported");
    }

    @Test
    void mapsAProcedureOfTheStay() {
        // When
        Procedure procedure = procedure(
                "PR1|1||02703DZ^Dilation of coronary artery^I10P||20261114103000-0500||||||1457398765^Chen^Wei|1457398765^Chen^Wei|||I25.10^Coronary disease^I10\r");
        // Then
        assertThat(procedure.getStatus()).isEqualTo(ProcedureStatus.COMPLETED);
        assertThat(procedure.getCode().getCodingFirstRep().getSystem())
                .isEqualTo("http://www.cms.gov/Medicare/Coding/ICD10");
        assertThat(procedure.getPerformedDateTimeType().getValueAsString()).isEqualTo("2026-11-14T10:30:00-05:00");
        assertThat(procedure.getPerformer()).hasSize(1);
        assertThat(procedure.getReasonCodeFirstRep().getText()).isEqualTo("Coronary disease");
        assertThat(procedure.hasEncounter()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "PR1|1|C4|99213^Visit||20261114, http://www.ama-assn.org/go/cpt, completed",
        "PR1|1||02703DZ^^I10P||20261125, http://www.cms.gov/Medicare/Coding/ICD10, preparation",
        "PR1|1||02703DZ^^I10P||20261114|||||||||||||||D, http://www.cms.gov/Medicare/Coding/ICD10, entered-in-error",
        "PR1|1|||Dressing changed|20261114, , completed"
    })
    void tellsWhatIsKnownOfAProcedure(String pr1, String system, String status) {
        // When
        Procedure procedure = procedure(pr1 + "\r");
        // Then
        assertThat(procedure.getCode().getCodingFirstRep().getSystem()).isEqualTo(system);
        assertThat(procedure.getStatus().toCode()).isEqualTo(status);
        assertThat(procedure.getCode().isEmpty()).isFalse();
    }

    @Test
    void tellsWhereTheyWentHowLongTheyStayedAndHowTheyCame() {
        // Given
        String message = with(discharge(), "PV1", 37, "HAR^Harbor House^L")
                + "PV2|||||||||||6||||||||||||||2|||||||||||||A^Ambulance\r";
        // When
        Encounter stay = facts(message).encounter().orElseThrow();
        // Then
        assertThat(stay.getHospitalization().getDestination().getDisplay()).isEqualTo("Harbor House");
        assertThat(stay.getLength().getValue().intValue()).isEqualTo(6);
        assertThat(stay.getLength().getCode()).isEqualTo("d");
        assertThat(stay.getExtensionByUrl("http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival")
                        .getValue())
                .isInstanceOfSatisfying(
                        Coding.class, arrival -> assertThat(arrival.getCode()).isEqualTo("A"));
        assertThat(stay.getPriority().getCodingFirstRep().getCode())
                .as("PV1-4 before PV2-25")
                .isEqualTo("EM");
    }

    @Test
    void theVisitsPriorityIsToldWhereTheTypeOfAdmissionSaysNothing() {
        // Given
        String message = with(discharge(), "PV1", 4, "") + "PV2|||||||||||||||||||||||||3\r";
        // When
        Encounter stay = facts(message).encounter().orElseThrow();
        // Then
        assertThat(stay.getPriority().getCodingFirstRep().getCode()).isEqualTo("EL");
    }

    @Test
    void aRestrictionBeforeTheVisitIsOfThePersonOneAfterItOfTheVisit() {
        // Given
        String arv = "ARV|1|A|DEM|PAT|Restricted\r";
        // When
        AdtFacts person = facts(discharge().replace("PV1|1", arv + "PV1|1"));
        AdtFacts visit = facts(discharge() + arv);
        AdtFacts lifted = facts(discharge() + "ARV|1|D|DEM|PAT\r");
        // Then
        assertThat(labels(person)).isEqualTo("R/");
        assertThat(labels(visit)).isEqualTo("/R");
        assertThat(labels(lifted)).isEqualTo("/");
    }

    @Test
    void whatIsToldOfARestrictedVisitOrPersonIsRestrictedToo() {
        // Given
        String arv = "ARV|1|A|DEM|PAT|Restricted\r";
        // When
        AdtFacts person = facts(discharge().replace("PV1|1", arv + "PV1|1") + HEMOGLOBIN);
        AdtFacts visit = facts(discharge() + HEMOGLOBIN + arv);
        // Then
        assertThat(person.related().all()).isNotEmpty().allMatch(ResultsMappingTest::isRestricted);
        assertThat(visit.related().ofVisit()).isNotEmpty().allMatch(ResultsMappingTest::isRestricted);
        assertThat(visit.related().coverages()).noneMatch(ResultsMappingTest::isRestricted);
    }

    private static boolean isRestricted(Resource resource) {
        return resource.getMeta().getSecurity().stream()
                .anyMatch(label -> label.getCode().equals("R"));
    }

    private static String labels(AdtFacts facts) {
        return facts.patient().getMeta().getSecurity().stream()
                        .map(Coding::getCode)
                        .reduce("", String::concat)
                + "/"
                + facts.encounter().orElseThrow().getMeta().getSecurity().stream()
                        .map(Coding::getCode)
                        .reduce("", String::concat);
    }

    private static Observation result(String obx) {
        return facts(discharge() + obx).related().observations().getFirst();
    }

    private static Procedure procedure(String pr1) {
        return facts(discharge() + pr1).related().procedures().getFirst();
    }

    private static String json(Observation result) {
        return new String(FhirJson.write(result), StandardCharsets.UTF_8);
    }
}
