package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.patients.domain.reconciliation.Regimen.Amount;
import org.careloop.patients.domain.reconciliation.Regimen.Dose;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.Dosage.DosageDoseAndRateComponent;
import org.hl7.fhir.r4.model.Quantity;

/** Reads how a medicine is taken from what FHIR says of it. */
final class ReadRegimen {

    private static final Set<String> OF_THE_PRODUCT = Set.of(
            "",
            "1",
            "each",
            "tab",
            "tablet",
            "tablets",
            "tbl",
            "cap",
            "capsule",
            "capsules",
            "puff",
            "puffs",
            "actuat",
            "patch",
            "ea",
            "dose");

    private final Map<String, String> routes;
    private final PerDay perDay;

    ReadRegimen(ReconciliationRules rules) {
        this.routes = rules.routesByName();
        this.perDay = new PerDay(rules.frequenciesByName(), rules.hours());
    }

    /** Returns what {@code dosages} tell; {@code strength}: how much is in one of the product. */
    Regimen read(List<Dosage> dosages, Optional<Amount> strength) {
        boolean inSequence =
                dosages.stream().map(Dosage::getSequence).distinct().count() > 1;
        List<Dosage> ordered = dosages.stream()
                .sorted(Comparator.comparingInt(Dosage::getSequence))
                .toList();
        Map<String, Dose> doses = new LinkedHashMap<>();
        for (Dosage dosage : ordered) {
            Dose dose = dose(dosage, strength);
            // What is taken in the morning and in the evening is taken twice a day; what follows one another is not.
            String alike =
                    inSequence || dose.perDay().isEmpty() || dose.amount().isEmpty()
                            ? Integer.toString(doses.size())
                            : dose.amount() + " " + dose.routes() + " " + dose.asNeeded();
            doses.merge(alike, dose, ReadRegimen::together);
        }
        return doses.isEmpty() ? Regimen.UNKNOWN : new Regimen(List.copyOf(doses.values()), inSequence);
    }

    private static Dose together(Dose one, Dose other) {
        return new Dose(
                one.amount(),
                one.perDay().flatMap(often -> other.perDay().map(often::add)),
                one.routes(),
                one.asNeeded(),
                one.text() + " " + other.text(),
                one.hours().isEmpty() || other.hours().isEmpty()
                        ? List.of()
                        : Stream.concat(one.hours().stream(), other.hours().stream())
                                .sorted()
                                .toList());
    }

    private Dose dose(Dosage dosage, Optional<Amount> strength) {
        return new Dose(
                amount(dosage, strength),
                perDay.of(dosage.getTiming()),
                routes(dosage.getRoute()),
                dosage.hasAsNeededCodeableConcept()
                        || dosage.hasAsNeededBooleanType()
                                && dosage.getAsNeededBooleanType().booleanValue(),
                ReconciliationRules.fold(dosage.hasText() ? dosage.getText() : ""),
                perDay.hours(dosage.getTiming().getRepeat()));
    }

    private Set<String> routes(CodeableConcept route) {
        Set<String> names = new TreeSet<>();
        Stream.concat(
                        Medicines.texts(route),
                        route.getCoding().stream().filter(Coding::hasCode).map(Coding::getCode))
                .map(ReconciliationRules::fold)
                .forEach(name -> names.add(routes.getOrDefault(name, name)));
        return names;
    }

    private static Optional<Amount> amount(Dosage dosage, Optional<Amount> strength) {
        return dosage.getDoseAndRate().stream()
                .filter(DosageDoseAndRateComponent::hasDose)
                .findFirst()
                .flatMap(told -> told.hasDoseQuantity()
                        ? amount(told.getDoseQuantity(), told.getDoseQuantity())
                        : amount(
                                told.getDoseRange().getLow(),
                                told.getDoseRange().getHigh()))
                .map(amount -> strength.filter(ignored -> amount.unit().equals(Amount.EACH))
                        .map(each -> new Amount(
                                amount.low().multiply(each.low()), amount.high().multiply(each.high()), each.unit()))
                        .orElse(amount));
    }

    private static Optional<Amount> amount(Quantity low, Quantity high) {
        return low.hasValue() && high.hasValue()
                ? amount(low.getValue(), high.getValue(), high.hasCode() ? high.getCode() : unit(high))
                : Optional.empty();
    }

    private static String unit(Quantity quantity) {
        return quantity.hasUnit() ? quantity.getUnit() : "";
    }

    /** Returns an amount in the one unit that is used for its kind here; any other unit stays as it is. */
    static Optional<Amount> amount(BigDecimal low, BigDecimal high, String unit) {
        String folded =
                unit.toLowerCase(Locale.ROOT).replaceAll("[{}\\[\\]]", "").strip();
        if (OF_THE_PRODUCT.contains(folded)) {
            return Optional.of(new Amount(low, high, Amount.EACH));
        }
        return Optional.of(
                switch (folded) {
                    case "g", "gram", "grams", "gm" -> new Amount(low.movePointRight(3), high.movePointRight(3), "mg");
                    case "ug", "mcg", "µg", "μg" -> new Amount(low.movePointLeft(3), high.movePointLeft(3), "mg");
                    case "unt", "unit", "units", "u", "iu" -> new Amount(low, high, "unit");
                    default -> new Amount(low, high, folded);
                });
    }
}
