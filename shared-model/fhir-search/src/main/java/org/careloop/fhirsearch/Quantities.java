package org.careloop.fhirsearch;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and quantities, indexed and asked for. A unit of UCUM is indexed in base units, any other as it is written.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#quantity">FHIR R4 quantity search</a>
 */
final class Quantities {

    private static final String CURRENCY = "urn:iso:std:iso:4217";

    /** Marks the keys of base units apart from those of units as they are written. */
    private static final String BASE = "=";

    private static final int LONGEST = 500;

    private Quantities() {}

    /** Takes one value of an element. */
    interface Sink {
        /** {@code unit} is the spelling of the unit, empty for the number alone. */
        void add(String unit, double low, double high);
    }

    /** Hands on what {@code element} says, once for each spelling of its unit. */
    static void index(Base element, Sink sink) {
        switch (element) {
            case IntegerType integer
            when integer.hasValue() -> point(BigDecimal.valueOf(integer.getValue()), null, null, null, sink);
            case DecimalType decimal when decimal.hasValue() -> point(decimal.getValue(), null, null, null, sink);
            case Quantity quantity
            when quantity.getValue() != null ->
                point(quantity.getValue(), quantity.getSystem(), quantity.getCode(), quantity.getUnit(), sink);
            case Money money
            when money.getValue() != null -> point(money.getValue(), CURRENCY, money.getCurrency(), null, sink);
            case Range range when range.getLow().hasValue() || range.getHigh().hasValue() -> range(range, sink);
            default -> {}
        }
    }

    private static void point(
            BigDecimal value, @Nullable String system, @Nullable String code, @Nullable String text, Sink sink) {
        between(Optional.of(value), Optional.of(value), system, code, text, sink);
    }

    private static void range(Range range, Sink sink) {
        Quantity named = range.getLow().hasValue() ? range.getLow() : range.getHigh();
        between(
                Optional.ofNullable(range.getLow().getValue()),
                Optional.ofNullable(range.getHigh().getValue()),
                named.getSystem(),
                named.getCode(),
                named.getUnit(),
                sink);
    }

    private static void between(
            Optional<BigDecimal> low,
            Optional<BigDecimal> high,
            @Nullable String system,
            @Nullable String code,
            @Nullable String text,
            Sink sink) {
        add("", low, high, BigDecimal::doubleValue, sink);
        if (text != null && !text.equals(code)) {
            add(unit("", text), low, high, BigDecimal::doubleValue, sink);
        }
        if (code == null) {
            return;
        }
        Optional<Units.Unit> base = Units.UCUM.equals(system) ? Units.find(code) : Optional.empty();
        if (base.isPresent()) {
            add(BASE + base.get().base(), low, high, base.get()::of, sink);
            return;
        }
        add(unit("", code), low, high, BigDecimal::doubleValue, sink);
        if (system != null) {
            add(unit(system, code), low, high, BigDecimal::doubleValue, sink);
        }
    }

    private interface Scale {
        double of(BigDecimal value);
    }

    private static void add(String unit, Optional<BigDecimal> low, Optional<BigDecimal> high, Scale scale, Sink sink) {
        sink.add(
                unit,
                low.map(scale::of).orElse(Double.NEGATIVE_INFINITY),
                high.map(scale::of).orElse(Double.POSITIVE_INFINITY));
    }

    private static String unit(String system, String code) {
        return system + "|" + code;
    }

    /** Reads {@code [prefix]number}, for a quantity also with {@code |system|code}, as a condition under {@code key}. */
    static Condition asked(SearchParameter.Kind kind, String name, IndexKey key, String value) {
        Comparison comparison = Comparison.prefixOf(value);
        List<String> parts = Escapes.split(comparison.strip(value), '|', 4);
        if (parts.size() != 1
                && (parts.size() != 3 || parts.get(2).isEmpty() || kind != SearchParameter.Kind.QUANTITY)) {
            throw notANumber(kind, name);
        }
        try {
            Interval interval = Interval.of(comparison, new BigDecimal(parts.getFirst()));
            Condition number = parts.size() == 1
                    ? interval.condition(key.hash(), BigDecimal::doubleValue)
                    : ofUnit(interval, key, Escapes.plain(parts.get(1)), Escapes.plain(parts.get(2)));
            return number;
        } catch (ArithmeticException | NumberFormatException e) {
            throw notANumber(kind, name);
        }
    }

    private static Condition ofUnit(Interval interval, IndexKey key, String system, String code) {
        Condition written = interval.condition(key.hash(unit(system, code)), BigDecimal::doubleValue);
        return (system.isEmpty() || system.equals(Units.UCUM) ? Units.find(code) : Optional.<Units.Unit>empty())
                .<Condition>map(base -> new Condition.AnyOf(
                        List.of(interval.condition(key.hash(BASE + base.base()), base::of), written)))
                .orElse(written);
    }

    /** What a number is compared with: by its last digit where it must equal, a tenth around it where about. */
    private record Interval(Comparison comparison, BigDecimal low, BigDecimal high) {

        static Interval of(Comparison comparison, BigDecimal number) {
            if (Math.abs(number.scale()) > LONGEST) {
                throw new ArithmeticException("no measured value");
            }
            BigDecimal half = switch (comparison) {
                case EQ, NE -> BigDecimal.valueOf(5).scaleByPowerOfTen(-number.scale() - 1);
                case AP -> number.abs().movePointLeft(1);
                case GT, LT, GE, LE, SA, EB -> BigDecimal.ZERO;
            };
            return new Interval(comparison, number.subtract(half), number.add(half));
        }

        Condition condition(long key, Scale scale) {
            return new Condition.HasNumber(key, comparison, scale.of(low), scale.of(high));
        }
    }

    private static FhirProblem notANumber(SearchParameter.Kind kind, String name) {
        String form = kind == SearchParameter.Kind.QUANTITY
                ? "[prefix]number, [prefix]number||code or [prefix]number|system|code"
                : "[prefix]number";
        return new FhirProblem(ProblemCode.INVALID_PARAMETER, name + ": not a number (expected: " + form + ")");
    }
}
