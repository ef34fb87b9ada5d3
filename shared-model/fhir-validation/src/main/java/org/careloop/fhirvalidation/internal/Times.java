package org.careloop.fhirvalidation.internal;

import java.time.LocalDate;
import org.hl7.fhir.r4.model.BaseDateTimeType;

/** Compares times that may be of unequal precision. */
final class Times {

    private static final int DAY = "2026-11-24".length();

    private Times() {}

    /** Whether {@code first} is before {@code second} for sure; both have a value. */
    static boolean isBefore(BaseDateTimeType first, BaseDateTimeType second) {
        String one = first.getValueAsString();
        String other = second.getValueAsString();
        if (one.length() > DAY && other.length() > DAY) {
            // To the second: one of them may have no fractions.
            return first.getValue().getTime() / 1000 < second.getValue().getTime() / 1000;
        }
        if (one.length() >= DAY && other.length() >= DAY && one.length() != other.length()) {
            // A day without a time zone may begin or end up to a day apart from that of a time with one.
            return LocalDate.parse(one.substring(0, DAY))
                    .isBefore(LocalDate.parse(other.substring(0, DAY)).minusDays(1));
        }
        int shared = Math.min(Math.min(one.length(), other.length()), DAY);
        return one.substring(0, shared).compareTo(other.substring(0, shared)) < 0;
    }
}
