package org.careloop.patients.domain.reconciliation;

import java.util.Locale;

/** What may differ between the medicines before, during and after a stay; {@code rules/reconciliation.yaml} says how grave it is. */
public enum DifferenceKind {
    OMITTED,
    NEW_WITHOUT_INDICATION,
    INPATIENT_CONTINUED,
    RESUMED,
    DOSE_CHANGED,
    FREQUENCY_CHANGED,
    ROUTE_CHANGED,
    PRODUCT_CHANGED,
    DOSAGE_UNKNOWN,
    DUPLICATE_INGREDIENT,
    DUPLICATE_CLASS,
    STOPPED_WITHOUT_REASON,
    NOT_TAKEN,
    ALLERGY,
    LIST_MISSING,
    NOT_COMPARED;

    /** The system of the codes in {@code DetectedIssue.code}. */
    public static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/medication-difference";

    /** As rules and answers write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the dosages are what is judged, so that a resolution does not outlive them. */
    boolean isOfDosage() {
        return switch (this) {
            case DOSE_CHANGED,
                    FREQUENCY_CHANGED,
                    ROUTE_CHANGED,
                    PRODUCT_CHANGED,
                    DOSAGE_UNKNOWN,
                    DUPLICATE_INGREDIENT,
                    RESUMED -> true;
            case OMITTED, NEW_WITHOUT_INDICATION, INPATIENT_CONTINUED, DUPLICATE_CLASS -> false;
            case STOPPED_WITHOUT_REASON, NOT_TAKEN, ALLERGY, LIST_MISSING, NOT_COMPARED -> false;
        };
    }
}
