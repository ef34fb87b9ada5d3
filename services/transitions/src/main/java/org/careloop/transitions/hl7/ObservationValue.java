package org.careloop.transitions.hl7;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Quantity.QuantityComparator;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Ratio;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/** OBX-5 by the type that OBX-2 names. A value that is not of its type is kept as text: nobody refuses an admission for it. */
final class ObservationValue {

    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d{1,15}(\\.\\d{0,15})?|\\.\\d{1,15})");
    private static final Pattern NOT_IN_A_UNIT = Pattern.compile("[^\\x21-\\x7e]");

    private final Hl7Segment obx;
    private final SenderProfile profile;

    ObservationValue(Hl7Segment obx, SenderProfile profile) {
        this.obx = obx;
        this.profile = profile;
    }

    /** Why there is no value: what was sent is of a type that has no counterpart (pictures, files, times of day), or nothing was. */
    static CodeableConcept absent() {
        return new CodeableConcept(new Coding(ABSENT, "unsupported", "Unsupported"));
    }

    /** The values, in order; a text of several repetitions is one. */
    List<Type> values() {
        List<Hl7Field> told =
                obx.repetitions(5).stream().filter(field -> !field.isEmpty(4)).toList();
        String type = obx.text(2);
        return switch (type) {
            case "ST", "TX", "FT", "" -> text(told);
            case "ED", "RP", "AD" -> List.of();
            default -> told.stream().map(field -> value(type, field)).toList();
        };
    }

    private static List<Type> text(List<Hl7Field> told) {
        String text = told.stream().map(field -> field.text(1)).collect(Collectors.joining("\n"));
        return text.isEmpty() ? List.of() : List.of(new StringType(text));
    }

    private Type value(String type, Hl7Field field) {
        Optional<? extends Type> value = switch (type) {
            case "NM" -> quantity(field.text(1));
            case "SN" -> structured(field);
            case "CE", "CWE", "CNE", "CF", "IS", "ID" -> CodeTables.concept(profile, field);
            case "DT", "TS", "DTM" -> Hl7Time.parse(field.text(1)).map(time -> time.toDateTime(profile.timeZone()));
            default -> Optional.empty();
        };
        return value.<Type>map(each -> each).orElseGet(() -> new StringType(written(field)));
    }

    private Optional<Quantity> quantity(String number) {
        if (!NUMBER.matcher(number).matches()) {
            return Optional.empty();
        }
        Quantity quantity = new Quantity().setValue(new BigDecimal(number));
        String unit = obx.field(6).text(1);
        if (!unit.isEmpty()) {
            quantity.setUnit(
                    obx.field(6).text(2).isEmpty() ? unit : obx.field(6).text(2));
            if (!NOT_IN_A_UNIT.matcher(unit).find() && obx.field(6).text(3).equals("UCUM")) {
                quantity.setSystem(UCUM).setCode(unit);
            }
        }
        return Optional.of(quantity);
    }

    /** {@code >^100}, {@code ^100^-^200}, {@code ^1^:^128}. */
    private Optional<Type> structured(Hl7Field field) {
        Optional<Quantity> first = quantity(field.text(2));
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Optional<Quantity> second = quantity(field.text(4));
        return switch (field.text(3)) {
            case "" -> compared(first.get(), field.text(1));
            case "-" -> second.map(high -> new Range().setLow(first.get()).setHigh(high));
            case ":", "/" ->
                second.map(below -> new Ratio().setNumerator(first.get()).setDenominator(below));
            default -> Optional.empty();
        };
    }

    private static Optional<Type> compared(Quantity quantity, String comparator) {
        return switch (comparator) {
            case "", "=" -> Optional.of(quantity);
            case "<", "<=", ">", ">=" -> Optional.of(quantity.setComparator(QuantityComparator.fromCode(comparator)));
            default -> Optional.empty();
        };
    }

    private static String written(Hl7Field field) {
        return List.of(field.text(1), field.text(2), field.text(3), field.text(4)).stream()
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
