package org.careloop.patients.domain;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.StringType;

/**
 * What of a Patient tells who it is, without case, accents and punctuation. Placeholders are missing: they are said of many.
 *
 * @param givens the first given name of each name
 * @param identifiers as {@code system|value}, of one person each
 * @param identifierSystems the systems of numbers of which a person has one
 * @param birthOrder which of several that were born together
 */
public record PersonTraits(
        Set<String> families,
        Set<String> givens,
        Optional<LocalDate> birthDate,
        Optional<AdministrativeGender> gender,
        Set<String> phones,
        Set<String> emails,
        Set<String> addresses,
        Set<String> postalCodes,
        Set<String> identifiers,
        Set<String> identifierSystems,
        Optional<Integer> birthOrder,
        Optional<LocalDate> deathDate) {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern NO_DIGIT = Pattern.compile("\\D+");
    /** So many digits at the end tell a telephone; those before are the country, or are left out. */
    private static final int DIGITS = 10;

    private static final int LEAST_DIGITS = 7;
    private static final int LENGTH_OF_DATE = 10;
    private static final int LENGTH_OF_ZIP = 5;

    /** Reads {@code patient} as {@code rules} say. */
    public static PersonTraits of(Patient patient, MatchRules rules) {
        List<Identifier> identifiers = usable(patient, rules);
        return new PersonTraits(
                texts(patient.getName().stream().map(HumanName::getFamily), rules.unknownNames()),
                texts(
                        patient.getName().stream()
                                .flatMap(name ->
                                        name.getGiven().stream().limit(1).map(StringType::getValue)),
                        rules.unnamed()),
                Optional.ofNullable(patient.getBirthDateElement()).flatMap(PersonTraits::date),
                Optional.ofNullable(patient.getGender())
                        .filter(gender -> gender == AdministrativeGender.MALE || gender == AdministrativeGender.FEMALE),
                values(patient, ContactPointSystem.PHONE)
                        .flatMap(PersonTraits::phone)
                        .collect(Collectors.toSet()),
                values(patient, ContactPointSystem.EMAIL)
                        .map(PersonTraits::folded)
                        .collect(Collectors.toSet()),
                texts(patient.getAddress().stream().flatMap(PersonTraits::line), List.of()),
                texts(patient.getAddress().stream().map(PersonTraits::postalCode), List.of()),
                identifiers.stream()
                        .map(identifier -> identifier.getSystem() + "|" + identifier.getValue())
                        .collect(Collectors.toSet()),
                identifiers.stream()
                        .filter(identifier -> identifier.getUse() != Identifier.IdentifierUse.OLD)
                        .map(Identifier::getSystem)
                        .collect(Collectors.toSet()),
                patient.getMultipleBirth() instanceof IntegerType order
                        ? Optional.of(order.getValue())
                        : Optional.empty(),
                patient.getDeceased() instanceof DateTimeType died
                        ? date(new DateType(died.getValueAsString()
                                .substring(
                                        0,
                                        Math.min(
                                                LENGTH_OF_DATE,
                                                died.getValueAsString().length()))))
                        : Optional.empty());
    }

    /** Returns those identifiers of {@code patient} that are of one person. */
    public static List<Identifier> usable(Patient patient, MatchRules rules) {
        return patient.getIdentifier().stream()
                .filter(identifier -> identifier.hasSystem() && identifier.hasValue())
                .filter(identifier -> identifier.getType().getCoding().stream()
                        .noneMatch(coding ->
                                rules.identifiers().notOfOnePerson().contains(String.valueOf(coding.getCode()))))
                .filter(identifier -> rules.identifiers().placeholders().stream()
                        .noneMatch(each ->
                                each.matcher(identifier.getValue().strip()).matches()))
                .toList();
    }

    private static Set<String> texts(Stream<String> values, List<Pattern> placeholders) {
        return values.filter(value -> value != null)
                .map(PersonTraits::plain)
                .filter(value -> !value.isEmpty()
                        && placeholders.stream()
                                .noneMatch(each -> each.matcher(value).matches()))
                .collect(Collectors.toSet());
    }

    private static String plain(String text) {
        return NO_LETTER.matcher(folded(text)).replaceAll(" ").strip();
    }

    private static String folded(String text) {
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static Optional<LocalDate> date(DateType date) {
        String text = date.getValueAsString();
        return text != null && text.length() == LENGTH_OF_DATE ? Optional.of(LocalDate.parse(text)) : Optional.empty();
    }

    private static Stream<String> values(Patient patient, ContactPointSystem system) {
        return patient.getTelecom().stream()
                .filter(telecom -> telecom.getSystem() == system && telecom.hasValue())
                .map(ContactPoint::getValue);
    }

    private static Stream<String> phone(String text) {
        String digits = NO_DIGIT.matcher(text).replaceAll("");
        return digits.length() < LEAST_DIGITS
                ? Stream.empty()
                : Stream.of(digits.substring(Math.max(0, digits.length() - DIGITS)));
    }

    /** The first line, where a house is told from another; with the place, because streets have the same names everywhere. */
    private static Stream<String> line(Address address) {
        return address.hasLine() && (address.hasPostalCode() || address.hasCity())
                ? Stream.of(address.getLine().getFirst().getValue() + " "
                        + (address.hasPostalCode() ? postalCode(address) : address.getCity()))
                : Stream.empty();
    }

    private static String postalCode(Address address) {
        String code = address.getPostalCode();
        return code != null && code.matches("\\d{5}-?\\d{4}") ? code.substring(0, LENGTH_OF_ZIP) : code;
    }
}
