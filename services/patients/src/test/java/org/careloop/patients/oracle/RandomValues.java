package org.careloop.patients.oracle;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.hl7.fhir.r4.model.Age;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Type;

/** Values that searches get wrong: accents, separators, zones, precisions, open ends, no system, nothing. */
abstract class RandomValues {

    static final List<String> TEXTS = List.of(
            "Ortiz",
            "Núñez",
            "nunez",
            "O'Brien",
            "Ortiz-Núñez",
            "a,b",
            "x$y",
            "p|q",
            "c\\d",
            "Ångström",
            "İpek",
            "100%",
            "a_b");
    static final List<String> SYSTEMS = List.of("", "urn:a", "http://x.org/s", "http://x.org/s2");
    static final List<String> CODES = List.of("1", "10", "A", "a", "a,b", "p|q", "x$y", "c\\d");
    static final List<String> DATES = List.of(
            "2024",
            "2023",
            "2024-02",
            "2024-03",
            "2024-02-29",
            "2024-03-01",
            "2024-02-29T23:30:00-05:00",
            "2024-03-01T04:30:00Z",
            "2024-03-01T04:30:00.250Z",
            "2024-03-01T10:00:00+14:00",
            "2023-12-31T23:59:59Z");
    static final List<String> NUMBERS =
            List.of("5", "5.4", "5.40", "5.45", "5400", "0", "-1", "100", "0.0054", "99.5", "100.5");
    static final List<String> UNITS = List.of("g", "mg", "kg");
    static final List<String> URIS = List.of(
            "http://x.org/q",
            "http://x.org/q/1",
            "http://x.org/q/1/a",
            "http://x.org/qq",
            "http://x.org",
            "urn:oid:1.2");

    final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    HumanName name() {
        HumanName name = new HumanName();
        sometimes(() -> name.setFamily(one(TEXTS)));
        several(2, () -> name.addGiven(one(TEXTS)));
        return name.isEmpty() ? name.setText(one(TEXTS)) : name;
    }

    Identifier identifier() {
        Identifier identifier = new Identifier().setValue(one(CODES));
        system(identifier::setSystem);
        sometimes(() -> identifier.setType(concept()));
        return identifier;
    }

    CodeableConcept concept() {
        CodeableConcept concept = new CodeableConcept();
        several(2, () -> concept.addCoding(coding()));
        return concept.isEmpty() || random.nextInt(3) == 0 ? concept.setText(one(TEXTS)) : concept;
    }

    Coding coding() {
        Coding coding = new Coding().setCode(one(CODES));
        system(coding::setSystem);
        sometimes(() -> coding.setDisplay(one(TEXTS)));
        return coding;
    }

    Type value() {
        return switch (random.nextInt(6)) {
            case 0 -> concept();
            case 1 -> new StringType(one(TEXTS));
            case 2 -> dateTime();
            case 3 -> period();
            default -> quantity(new Quantity());
        };
    }

    <T extends Quantity> T quantity(T quantity) {
        quantity.setValue(new BigDecimal(one(NUMBERS)));
        if (random.nextInt(4) > 0) {
            quantity.setCode(one(UNITS))
                    .setSystem(random.nextInt(3) > 0 ? "http://unitsofmeasure.org" : "http://x.org/u");
        }
        return quantity;
    }

    Range range() {
        Range range = new Range();
        sometimes(() -> range.getLow().setValue(new BigDecimal(one(List.of("1", "5", "5.4")))));
        if (range.isEmpty() || random.nextBoolean()) {
            range.getHigh().setValue(new BigDecimal(one(List.of("100", "100.5", "5400"))));
        }
        return range;
    }

    Type age() {
        return random.nextBoolean()
                ? new Age()
                        .setValue(new BigDecimal(one(List.of("5", "50", "100"))))
                        .setSystem("http://unitsofmeasure.org")
                        .setCode("a")
                : range();
    }

    DateTimeType dateTime() {
        return new DateTimeType(one(DATES));
    }

    Period period() {
        Period period = new Period();
        int first = random.nextInt(DATES.size());
        sometimes(() -> period.setStartElement(new DateTimeType(
                List.of("2023", "2023-12-31", "2024-02-29T23:30:00-05:00").get(first % 3))));
        if (period.isEmpty() || random.nextBoolean()) {
            period.setEndElement(new DateTimeType(
                    List.of("2024-03", "2024-03-01T10:00:00Z", "2025").get(first % 3)));
        }
        return period;
    }

    Timing timing() {
        Timing timing = new Timing();
        several(2, () -> timing.getEvent().add(dateTime()));
        if (timing.isEmpty()) {
            timing.getEvent().add(dateTime());
        }
        return timing;
    }

    Type when(boolean timing) {
        int choice = random.nextInt(timing ? 3 : 2);
        return choice == 0 ? dateTime() : choice == 1 ? period() : timing();
    }

    void system(Consumer<String> setter) {
        String system = one(SYSTEMS);
        if (!system.isEmpty()) {
            setter.accept(system);
        }
    }

    void sometimes(Runnable action) {
        if (random.nextInt(3) > 0) {
            action.run();
        }
    }

    void several(int most, Runnable action) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            action.run();
        }
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
