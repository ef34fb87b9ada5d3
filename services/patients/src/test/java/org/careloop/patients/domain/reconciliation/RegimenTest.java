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
import org.hl7.fhir.r4.model.Timing;
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

    @Test
    void theSameWordsBesideAnotherAmountAreNotTheSame() {
        Dosage before = dosage("5", "mg", 1).setText("take as directed");
        Dosage after = dosage("10", "mg", 1).setText("take as directed");
        assertThat(read(before).compare(read(after), true).amount()).isEqualTo(Regimen.Change.CHANGED);
        Dosage often = dosage("5", "mg", 2).setText("take as directed");
        assertThat(read(before).compare(read(often), true).frequency()).isEqualTo(Regimen.Change.CHANGED);
        Dosage words = new Dosage().setText("take as directed");
        assertThat(read(before).compare(read(words), true).isUnknown()).isTrue();
    }

    @Test
    void theSameWordsOfTabletsAreOnlyOfOneProductTheSame() {
        Regimen tablets = read(new Dosage().setText("take 1 tablet daily"));
        assertThat(tablets.compare(tablets, true).isUnknown()).isFalse();
        assertThat(tablets.compare(tablets, false).isUnknown()).isTrue();
        Regimen milligrams = read(new Dosage().setText("take 5 mg daily"));
        assertThat(milligrams.compare(milligrams, false).isUnknown()).isFalse();
    }

    @Test
    void nothingToldIsNotTheSameAsNothingTold() {
        Dosage route = new Dosage();
        route.getRoute().setText("oral");
        assertThat(read(route).compare(read(route), true).isUnknown()).isTrue();
    }

    @Test
    void aTaperUpIsNotATaperDown() {
        Regimen down =
                read(dosage("40", "mg", 1).setSequence(1), dosage("20", "mg", 1).setSequence(2));
        Regimen up =
                read(dosage("20", "mg", 1).setSequence(1), dosage("40", "mg", 1).setSequence(2));
        Regimen downToo =
                read(dosage("20", "mg", 1).setSequence(2), dosage("40", "mg", 1).setSequence(1));
        assertThat(down.compare(up, true).isChanged()).isTrue();
        assertThat(down.print()).isNotEqualTo(up.print());
        assertThat(down.compare(downToo, true).isChanged()).isFalse();
        assertThat(down.print()).isEqualTo(downToo.print());
    }

    @Test
    void moreInTheMorningIsNotMoreInTheEvening() {
        Regimen morning = read(at("MORN", "40"), at("EVE", "20"));
        Regimen evening = read(at("MORN", "20"), at("EVE", "40"));
        Regimen breakfast = read(at("CV", "20"), at("CM", "40"));
        Regimen untimed = read(dosage("40", "mg", 1), dosage("20", "mg", 1));
        assertThat(morning.compare(evening, true).isChanged()).isTrue();
        assertThat(morning.print()).isNotEqualTo(evening.print());
        assertThat(morning.compare(breakfast, true).isChanged()).isFalse();
        assertThat(morning.compare(untimed, true).isChanged()).isFalse();
    }

    private static Dosage at(String when, String amount) {
        Dosage dosage = dosage(amount, "mg", 1);
        dosage.getTiming().getRepeat().addWhen(Timing.EventTiming.fromCode(when));
        return dosage;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metformin 1,500 mg tablet|1500",
                "metformin 1500 mg|1500",
                "digoxin .25 mg|0.25",
                "digoxin 0.25 mg|0.25",
                "ferrous 1,000,000.5 mg|1000000.5",
                "oxycodone 5-10 mg|",
                "something 1 000 mg|",
                "something 2,5 mg|",
                "something 250 mg/5 mL|"
            })
    void readsStrengthsAsTheyAreWritten(String text, String milligrams) {
        assertThat(ReadStrength.in(Prescriptions.medicine(text))
                        .map(each -> each.low().toPlainString()))
                .isEqualTo(Optional.ofNullable(milligrams));
    }
}
