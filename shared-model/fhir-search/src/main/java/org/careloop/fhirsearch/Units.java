package org.careloop.fhirsearch;

import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.Pair;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;

/**
 * Units of UCUM as multiples of base units, so that 5.4 g is found by 5400 mg.
 *
 * @see <a href="https://ucum.org/ucum">The Unified Code for Units of Measure</a>
 */
final class Units {

    static final String UCUM = "http://unitsofmeasure.org";

    /** The codes come from clients: what is remembered of them is bounded. */
    private static final int MOST = 2000;

    /** Adding an offset to 1E-1000000 would make a number of a million digits. */
    private static final int LONGEST = 500;

    private static final Map<String, Optional<Unit>> KNOWN = new ConcurrentHashMap<>();

    /** Those with an offset, which the library does not know. */
    private static final Map<String, Unit> OFFSET = Map.of(
            "Cel", new Unit(BigDecimal.ONE, new BigDecimal("273.15"), "K"),
            "[degF]",
                    new Unit(
                            BigDecimal.valueOf(5).divide(BigDecimal.valueOf(9), MathContext.DECIMAL128),
                            new BigDecimal("459.67")
                                    .multiply(BigDecimal.valueOf(5))
                                    .divide(BigDecimal.valueOf(9), MathContext.DECIMAL128),
                            "K"));

    private Units() {}

    /** A unit: {@code value * factor + offset} in {@code base}. */
    record Unit(BigDecimal factor, BigDecimal offset, String base) {

        double of(BigDecimal value) {
            if (Math.abs(value.scale()) > LONGEST) {
                return value.doubleValue() * factor.doubleValue() + offset.doubleValue();
            }
            return value.multiply(factor).add(offset).doubleValue();
        }
    }

    /** Returns what {@code code} is in base units; empty when UCUM does not know it. */
    static Optional<Unit> find(String code) {
        Optional<Unit> known = KNOWN.get(code);
        if (known == null) {
            known = Optional.ofNullable(OFFSET.get(code)).or(() -> computed(code));
            if (KNOWN.size() < MOST) {
                KNOWN.put(code, known);
            }
        }
        return known;
    }

    /** The library's parser keeps state. */
    private static synchronized Optional<Unit> computed(String code) {
        try {
            Pair pair = Service.UCUM_ESSENCE.getCanonicalForm(new Pair(new Decimal("1"), code));
            return code.isEmpty() || code.length() > 60
                    ? Optional.empty()
                    : Optional.of(
                            new Unit(new BigDecimal(pair.getValue().asDecimal()), BigDecimal.ZERO, pair.getCode()));
        } catch (UcumException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Read when the first unit is asked for. */
    private static final class Service {

        static final UcumEssenceService UCUM_ESSENCE = read();

        private static UcumEssenceService read() {
            try (InputStream essence = UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml")) {
                return new UcumEssenceService(essence);
            } catch (Exception e) {
                throw new IllegalStateException("ucum-essence.xml is part of the library", e);
            }
        }
    }
}
