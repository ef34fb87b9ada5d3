package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.patients.domain.reconciliation.Regimen.Amount;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Medication;

/** Reads how much is in one of a product. What could be read in two ways, as one of a row of numbers, is not read. */
final class ReadStrength {

    private static final Pattern STRENGTH = Pattern.compile(
            "(?<![0-9.,])(?<![0-9][-/ ])((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?|\\.[0-9]+)"
                    + " ?(mg|mcg|ug|g|unt|units|meq)(?!\\w)(/ ?\\w+)?",
            Pattern.CASE_INSENSITIVE);

    private static final String CONCENTRATION = "";

    private ReadStrength() {}

    /** What a Medication of one ingredient tells. */
    static Optional<Amount> of(Medication medication) {
        return medication.getIngredient().size() == 1
                        && medication.getIngredientFirstRep().hasStrength()
                ? Optional.of(medication.getIngredientFirstRep().getStrength())
                        .filter(strength -> strength.getNumerator().hasValue()
                                && (!strength.getDenominator().hasValue()
                                        || strength.getDenominator().getValue().intValue() == 1))
                        .flatMap(strength -> ReadRegimen.amount(
                                strength.getNumerator().getValue(),
                                strength.getNumerator().getValue(),
                                strength.getNumerator().hasCode()
                                        ? strength.getNumerator().getCode()
                                        : String.valueOf(strength.getNumerator().getUnit())))
                : Optional.empty();
    }

    /** What texts tell of the strength, if all tell the same, and not how much is in a volume. */
    static Optional<Amount> in(CodeableConcept medicine) {
        Set<String> strengths = Medicines.texts(medicine)
                .flatMap(text -> STRENGTH.matcher(text).results())
                .map(found -> found.group(3) == null
                        ? new BigDecimal(found.group(1).replace(",", ""))
                                        .stripTrailingZeros()
                                        .toPlainString()
                                + " "
                                + found.group(2).toLowerCase(Locale.ROOT)
                        : CONCENTRATION)
                .collect(Collectors.toSet());
        return strengths.size() == 1 && !strengths.contains(CONCENTRATION)
                ? strengths.stream()
                        .map(told -> told.split(" ", 2))
                        .findFirst()
                        .flatMap(told -> ReadRegimen.amount(new BigDecimal(told[0]), new BigDecimal(told[0]), told[1]))
                : Optional.empty();
    }
}
