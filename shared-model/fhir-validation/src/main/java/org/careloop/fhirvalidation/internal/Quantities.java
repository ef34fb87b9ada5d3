package org.careloop.fhirvalidation.internal;

import static org.careloop.fhirvalidation.internal.Children.first;
import static org.careloop.fhirvalidation.internal.Children.has;
import static org.careloop.fhirvalidation.internal.Children.number;
import static org.careloop.fhirvalidation.internal.Children.text;

import java.math.BigDecimal;
import org.hl7.fhir.r4.model.Base;

/** What R4's invariants ask of quantities. */
final class Quantities {

    private static final String UCUM = "http://unitsofmeasure.org";

    private Quantities() {}

    /** A value needs a code, and a system must be UCUM. */
    static boolean isUcum(Base quantity) {
        return (has(quantity, "code") || !has(quantity, "value")) && (!has(quantity, "system") || hasUcum(quantity));
    }

    static boolean hasUcum(Base quantity) {
        return text(quantity, "system").equals(UCUM);
    }

    static boolean isPositive(Base quantity) {
        BigDecimal value = number(quantity, "value");
        return value == null || value.signum() > 0;
    }

    static boolean isCount(Base quantity) {
        return (!has(quantity, "code") || text(quantity, "code").equals("1"))
                && !text(quantity, "value").contains(".");
    }

    /** Whether the quantity {@code name} is absent or a percentage. */
    static boolean isPercent(Base range, String name) {
        Base quantity = first(range, name);
        return quantity == null || text(quantity, "code").equals("%") && hasUcum(quantity);
    }

    /** Whether one quantity is less than the other for sure: units are not converted. */
    static boolean isLess(Base range, String lesser, String greater) {
        Base one = first(range, lesser);
        Base other = first(range, greater);
        if (one == null || other == null || !sameUnit(one, other)) {
            return false;
        }
        BigDecimal value = number(one, "value");
        BigDecimal than = number(other, "value");
        return value != null && than != null && value.compareTo(than) < 0;
    }

    private static boolean sameUnit(Base one, Base other) {
        return text(one, "system").equals(text(other, "system"))
                && text(one, "code").equals(text(other, "code"))
                && (has(one, "code") || text(one, "unit").equals(text(other, "unit")));
    }
}
