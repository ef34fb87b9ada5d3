package org.careloop.patients.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.Grade.CERTAIN;
import static org.careloop.patients.domain.Grade.CERTAINLY_NOT;
import static org.careloop.patients.domain.Grade.POSSIBLE;
import static org.careloop.patients.domain.Grade.PROBABLE;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is taken for one person, by the rules that come with the service. */
class ComparisonTest {

    private static final MatchRules RULES = MatchRules.shipped();
    private static final Comparison COMPARISON = new Comparison(RULES);

    static Stream<Arguments> people() {
        return Stream.of(
                is("all agrees", CERTAIN, other -> {}),
                is("case, accents, hyphens", CERTAIN, other -> name(other, "ÓKEEFE-lund", "MARIT")),
                is("moved, same telephone", CERTAIN, other -> address(other, "9 Elm Rd", "99501")),
                is("other telephone, same address", CERTAIN, other -> phone(other, "907-555-9999")),
                is("telephone written otherwise", CERTAIN, other -> {
                    phone(other, "+1 (617) 555-0101");
                    other.getAddress().clear();
                }),
                is("neither telephone nor address agree", PROBABLE, other -> {
                    phone(other, "907-555-9999");
                    address(other, "9 Elm Rd", "99501");
                }),
                is("neither telephone nor address are told", PROBABLE, other -> {
                    other.getTelecom().clear();
                    other.getAddress().clear();
                }),
                is("a letter of the family name", CERTAIN, other -> name(other, "Okeefe Lundt", "Marit")),
                is("one of two family names", CERTAIN, other -> name(other, "Lund", "Marit")),
                is("a given name misspelt", PROBABLE, other -> name(other, "Okeefe Lund", "Marrit")),
                is("an initial", PROBABLE, other -> name(other, "Okeefe Lund", "M")),
                is("a new family name", PROBABLE, other -> name(other, "Castellano", "Marit")),
                is("day and month changed places", PROBABLE, other -> other.setBirthDateElement(date("1948-05-03"))),
                is("a digit of the year", PROBABLE, other -> other.setBirthDateElement(date("1949-03-05"))),
                is("another sex", PROBABLE, other -> other.setGender(AdministrativeGender.MALE)),
                is("sex unknown, which says nothing", CERTAIN, other -> other.setGender(AdministrativeGender.UNKNOWN)),
                is("no birth date", PROBABLE, other -> other.setBirthDate(null)),
                is(
                        "only the year of birth, which says nothing",
                        PROBABLE,
                        other -> other.setBirthDateElement(date("1948"))),
                is("a twin", POSSIBLE, other -> name(other, "Okeefe Lund", "Sigrid")),
                is("a twin by the order of birth", CERTAINLY_NOT, other -> {
                    name(other, "Okeefe Lund", "Sigrid");
                    other.setMultipleBirth(new IntegerType(2));
                }),
                is("parent and child of one name", POSSIBLE, other -> other.setBirthDateElement(date("1975-03-05"))),
                is(
                        "parent and child with one birthday",
                        POSSIBLE,
                        other -> other.setBirthDateElement(date("1972-03-05"))),
                is("a spouse", CERTAINLY_NOT, other -> {
                    name(other, "Okeefe Lund", "Torvald");
                    other.setGender(AdministrativeGender.MALE).setBirthDateElement(date("1944-11-30"));
                    other.getTelecom().clear();
                }),
                is("a namesake elsewhere", CERTAINLY_NOT, other -> {
                    other.setBirthDateElement(date("1991-08-21"));
                    phone(other, "907-555-9999");
                    address(other, "9 Elm Rd", "99501");
                }),
                is("somebody else of one birth date", CERTAINLY_NOT, other -> {
                    name(other, "Castellano", "Ruth");
                    phone(other, "907-555-9999");
                    address(other, "9 Elm Rd", "99501");
                }),
                is("two dates of death", POSSIBLE, other -> other.setDeceased(new DateTimeType("2020-01-02"))),
                is("nothing told at all", CERTAINLY_NOT, other -> {
                    other.getName().clear();
                    other.setBirthDate(null).setGender(null);
                    other.getTelecom().clear();
                    other.getAddress().clear();
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("people")
    void twoPatientsAreOnePersonAsFarAsTheyAgree(String what, Grade expected, Consumer<Patient> change) {
        // Given
        Patient one = marit();
        one.setDeceased(what.contains("death") ? new DateTimeType("2021-05-06") : null);
        one.setMultipleBirth(what.contains("twin by") ? new IntegerType(1) : null);
        Patient other = one.copy();
        change.accept(other);
        // When
        Comparison.Result result = compare(one, other);
        // Then
        assertThat(result.grade()).as(result.toString()).isEqualTo(expected);
        assertThat(result.score()).isBetween(0.0, 1.0);
        assertThat(result.version()).isEqualTo("match-1");
        assertThat(compare(other, one)).isEqualTo(result);
    }

    @Test
    void missingElementsNeitherAddNorTake() {
        // Given
        Patient bare = marit();
        bare.getTelecom().clear();
        Patient full = marit();
        Patient different = marit();
        phone(different, "907-555-9999");
        // Then
        assertThat(compare(bare, full).score())
                .isLessThan(compare(marit(), full).score() + 1e-9);
        assertThat(compare(bare, full).score())
                .isGreaterThan(compare(different, full).score() - 1e-9);
    }

    @Test
    void newbornsWithoutNamesAreNotTakenForEachOther() {
        // Given: two children born on a day to mothers of one name, and one child that was named later.
        Patient unnamed = newborn("Baby Boy", "617-555-0101");
        Patient otherUnnamed = newborn("BB", "907-555-9999");
        Patient named = newborn("Elias", "617-555-0101");
        // Then
        assertThat(compare(unnamed, otherUnnamed).grade()).isNotIn(CERTAIN, PROBABLE);
        assertThat(compare(unnamed, named).grade()).isEqualTo(PROBABLE);
        Patient first = newborn("Twin A", "617-555-0101").setMultipleBirth(new IntegerType(1));
        Patient second = newborn("Twin B", "617-555-0101").setMultipleBirth(new IntegerType(2));
        assertThat(compare(first, second).grade()).isEqualTo(CERTAINLY_NOT);
    }

    @Test
    void anIdentifierInCommonDecidesUnlessAllElseContradicts() {
        // Given
        Patient one = marit().addIdentifier(number("urn:mrn", "47110815", "MR"));
        Patient moved = new Patient().addIdentifier(number("urn:mrn", "47110815", "MR"));
        Patient married = marit().addIdentifier(number("urn:mrn", "47110815", "MR"));
        name(married, "Castellano", "Marit");
        Patient somebody = new Patient().addIdentifier(number("urn:mrn", "47110815", "MR"));
        name(somebody, "Castellano", "Ruth");
        somebody.setBirthDateElement(date("1999-09-09")).setGender(AdministrativeGender.MALE);
        // Then
        assertThat(compare(one, moved).grade()).isEqualTo(CERTAIN);
        assertThat(compare(one, moved).byIdentifier()).isTrue();
        assertThat(compare(one, married).grade()).isEqualTo(CERTAIN);
        assertThat(compare(one, somebody).grade()).isEqualTo(POSSIBLE);
    }

    @Test
    void numbersOfVisitsAndPlaceholdersAreOfNobody() {
        // Given
        Patient visit = new Patient().addIdentifier(number("urn:account", "A-1", "AN"));
        Patient filled = new Patient().addIdentifier(number("urn:ssn", "999999999", "SS"));
        // Then
        assertThat(compare(visit, visit.copy()).grade()).isEqualTo(CERTAINLY_NOT);
        assertThat(compare(filled, filled.copy()).grade()).isEqualTo(CERTAINLY_NOT);
    }

    @Test
    void twoNumbersOfOneFacilityAreForAPersonToJudge() {
        // Given
        Patient one = marit().addIdentifier(number("urn:mrn", "47110815", "MR"));
        Patient other = marit().addIdentifier(number("urn:mrn", "47110816", "MR"));
        Patient elsewhere = marit().addIdentifier(number("urn:mrn:other", "1", "MR"));
        // Then
        assertThat(compare(one, other).grade()).isEqualTo(PROBABLE);
        assertThat(compare(one, elsewhere).grade()).isEqualTo(CERTAIN);
    }

    @Test
    void nicknamesAreAlike() {
        // Given
        Patient one = marit();
        Patient other = marit();
        name(one, "Okeefe Lund", "Elizabeth");
        name(other, "Okeefe Lund", "Betty");
        // Then
        assertThat(compare(one, other).grade()).isEqualTo(PROBABLE);
    }

    private static Comparison.Result compare(Patient one, Patient other) {
        return COMPARISON.compare(PersonTraits.of(one, RULES), PersonTraits.of(other, RULES));
    }

    private static Arguments is(String what, Grade grade, Consumer<Patient> change) {
        return Arguments.of(what, grade, change);
    }

    private static Patient marit() {
        Patient patient = new Patient();
        patient.setGender(AdministrativeGender.FEMALE).setBirthDateElement(date("1948-03-05"));
        name(patient, "Okeefe Lund", "Marit");
        phone(patient, "617-555-0101");
        address(patient, "12 Harbor St", "02110");
        return patient;
    }

    private static Patient newborn(String given, String phone) {
        Patient patient = new Patient();
        patient.setGender(AdministrativeGender.MALE).setBirthDateElement(date("2026-11-20"));
        name(patient, "Nguyen", given);
        phone(patient, phone);
        return patient;
    }

    private static DateType date(String text) {
        return new DateType(text);
    }

    private static void name(Patient patient, String family, String given) {
        patient.setName(null);
        patient.addName().setFamily(family).addGiven(given);
    }

    private static void phone(Patient patient, String number) {
        patient.setTelecom(null);
        patient.addTelecom().setSystem(ContactPointSystem.PHONE).setValue(number);
    }

    private static void address(Patient patient, String line, String postalCode) {
        patient.setAddress(null);
        patient.addAddress().addLine(line).setPostalCode(postalCode);
    }

    private static Identifier number(String system, String value, String type) {
        return new Identifier()
                .setSystem(system)
                .setValue(value)
                .setType(new CodeableConcept(new Coding("http://terminology.hl7.org/CodeSystem/v2-0203", type, null)));
    }
}
