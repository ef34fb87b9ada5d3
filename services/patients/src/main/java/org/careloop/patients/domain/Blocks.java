package org.careloop.patients.domain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Patient;

/**
 * The searches that find whom a Patient may be: nobody compares with everybody. Each tolerates a fault where another does not: the
 * birth date finds misspelt names, name and postal code a wrong date, the telephone both. Each is one that the index answers.
 */
public final class Blocks {

    private static final int BEGINNING = 3;

    private Blocks() {}

    /** A search by parameters, each a name and a value as in a query. */
    public record Block(List<String[]> parameters) {

        private static Block of(String... namesAndValues) {
            List<String[]> parameters = new ArrayList<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                parameters.add(new String[] {namesAndValues[i], namesAndValues[i + 1]});
            }
            return new Block(parameters);
        }
    }

    /** Returns the searches for {@code patient}; none where nothing tells who it is. */
    public static List<Block> of(Patient patient, MatchRules rules) {
        List<Block> blocks = new ArrayList<>();
        byIdentifier(patient, rules).ifPresent(blocks::add);
        String given = escaped(beginning(given(patient), BEGINNING));
        String family = family(patient);
        String birth = patient.getBirthDateElement().getValueAsString();
        if (birth != null && birth.length() == "2000-01-01".length()) {
            blocks.add(Block.of("birthdate", birth + transposed(birth)));
            if (!family.isEmpty()) {
                blocks.add(
                        Block.of("family", escaped(beginning(family, BEGINNING)), "birthdate", birth.substring(0, 4)));
            }
        }
        if (!family.isEmpty() && !given.isEmpty()) {
            blocks.add(Block.of("family", escaped(family), "given", given));
        }
        if (!given.isEmpty()) {
            patient.getAddress().stream()
                    .filter(Address::hasPostalCode)
                    .limit(2)
                    .forEach(address -> blocks.add(
                            Block.of("address-postalcode", escaped(address.getPostalCode()), "given", given)));
        }
        String telecoms = patient.getTelecom().stream()
                .filter(telecom -> telecom.hasValue()
                        && (telecom.getSystem() == ContactPointSystem.PHONE
                                || telecom.getSystem() == ContactPointSystem.EMAIL))
                .map(ContactPoint::getValue)
                .map(Blocks::escaped)
                .distinct()
                .collect(Collectors.joining(","));
        if (!telecoms.isEmpty()) {
            blocks.add(Block.of("telecom", telecoms));
        }
        return blocks;
    }

    /** Returns the search for those who have one of the identifiers of {@code patient}. */
    public static Optional<Block> byIdentifier(Patient patient, MatchRules rules) {
        String identifiers = PersonTraits.usable(patient, rules).stream()
                .map(identifier -> escaped(identifier.getSystem()) + "|" + escaped(identifier.getValue()))
                .collect(Collectors.joining(","));
        return identifiers.isEmpty() ? Optional.empty() : Optional.of(Block.of("identifier", identifiers));
    }

    private static String family(Patient patient) {
        return patient.getName().stream()
                .filter(HumanName::hasFamily)
                .map(HumanName::getFamily)
                .findFirst()
                .orElse("");
    }

    private static String given(Patient patient) {
        return patient.getName().stream()
                .filter(HumanName::hasGiven)
                .map(name -> String.valueOf(name.getGiven().getFirst().getValue()))
                .findFirst()
                .orElse("");
    }

    private static String beginning(String text, int most) {
        return text.substring(0, Math.min(most, text.length()));
    }

    private static String transposed(String birth) {
        try {
            LocalDate date = LocalDate.parse(birth);
            LocalDate other = LocalDate.of(date.getYear(), date.getDayOfMonth(), date.getMonthValue());
            return other.equals(date) ? "" : "," + other;
        } catch (DateTimeException e) {
            return "";
        }
    }

    /** Commas and bars separate, so those within are escaped. */
    private static String escaped(String text) {
        return text.replaceAll("([,|$\\\\])", "\\\\$1");
    }
}
