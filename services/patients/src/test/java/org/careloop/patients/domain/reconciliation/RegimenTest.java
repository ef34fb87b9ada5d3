package org.careloop.patients.domain.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.reconciliation.Prescriptions.RULES;
import static org.careloop.patients.domain.reconciliation.Prescriptions.dosage;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often and how much, as FHIR says it in many ways. */
class RegimenTest {

    private final ReadRegimen read = new ReadRegimen(RULES);

    private static Dosage of(String json) {
        String statement = "{\"resourceType\":\"MedicationStatement\",\"status\":\"active\",\"dosage\":[" + json + "]}";
        return FhirJson.parse(MedicationStatement.class, statement.getBytes(StandardCharsets.UTF_8))
                .getDosageFirstRep();
    }

    private Regimen read(Dosage... dosages) {
        return read.read(List.of(dosages), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}}|2",
                "{'repeat':{'frequency':1,'period':8,'periodUnit':'h'}}|3",
                "{'repeat':{'frequency':1,'frequencyMax':3,'period':1,'periodUnit':'d'}}|3",
                "{'repeat':{'timeOfDay':['08:00:00','20:00:00']}}|2",
                "{'repeat':{'when':['CM','CD','CV']}}|3",
                "{'repeat':{'frequency':1,'period':1,'periodUnit':'wk'}}|0.142857",
                "{'repeat':{'dayOfWeek':['mon','thu']}}|0.285714",
                "{'code':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation','code':'BID'}]}}|2",
                "{'code':{'text':'Every 6 hours'}}|4",
                "{'code':{'text':'when the moon is full'}}|",
                "{'repeat':{'boundsDuration':{'value':7,'system':'http://unitsofmeasure.org','code':'d'}}}|"
            })
    void tellsHowOftenOnADay(String timing, String expected) {
        Regimen regimen = read(of("{\"timing\":" + timing.replace('\'', '"') + "}"));
        assertThat(regimen.dosesPerDay().map(BigDecimal::toPlainString)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void twiceIsTwiceHoweverItIsWritten() {
        Regimen twice = read(dosage("5", "mg", 2));
        Regimen morningAndEvening = read(dosage("5", "mg", 1), dosage("0.005", "g", 1));
        assertThat(morningAndEvening.doses()).hasSize(1);
        assertThat(twice.compare(morningAndEvening, false).isChanged()).isFalse();
    }

    @Test
    void aTaperIsNotItsSum() {
        Regimen taper =
                read(dosage("40", "mg", 1).setSequence(1), dosage("20", "mg", 1).setSequence(2));
        assertThat(taper.doses()).hasSize(2);
        assertThat(taper.compare(read(dosage("40", "mg", 1)), true).isChanged()).isTrue();
        assertThat(taper.compare(taper, true).isChanged()).isFalse();
    }

    @Test
    void asNeededIsNotTheSameAsAlways() {
        Dosage asNeeded = dosage("5", "mg", 2);
        asNeeded.setAsNeeded(new BooleanType(true));
        assertThat(read(asNeeded).compare(read(dosage("5", "mg", 2)), true).frequency())
                .isEqualTo(Regimen.Change.CHANGED);
    }

    @Test
    void theSameWordsAreTheSameAndOtherWordsAreUnknown() {
        Regimen words = read(new Dosage().setText("Take one in the morning."));
        assertThat(words.compare(read(new Dosage().setText("take one in the morning")), true)
                        .isUnknown())
                .isFalse();
        assertThat(words.compare(read(new Dosage().setText("take one")), true).isUnknown())
                .isTrue();
        assertThat(Regimen.UNKNOWN.compare(Regimen.UNKNOWN, true).isUnknown()).isTrue();
    }

    @Test
    void otherUnitsAreNotCompared() {
        assertThat(read(dosage("5", "mL", 1))
                        .compare(read(dosage("5", "mg", 1)), true)
                        .amount())
                .isEqualTo(Regimen.Change.UNKNOWN);
        assertThat(read(dosage("1", "tablet", 1))
                        .compare(read(dosage("1", "{tbl}", 1)), false)
                        .amount())
                .isEqualTo(Regimen.Change.UNKNOWN);
        assertThat(read(dosage("1", "tablet", 1))
                        .compare(read(dosage("2", "TAB", 1)), true)
                        .amount())
                .isEqualTo(Regimen.Change.CHANGED);
    }
}
