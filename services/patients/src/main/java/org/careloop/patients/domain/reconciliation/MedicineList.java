package org.careloop.patients.domain.reconciliation;

/** The lists that are compared. */
public enum MedicineList {
    /** What was taken before the admission. */
    HOME,
    /** What was ordered during the stay. */
    STAY,
    /** What is to be taken after the discharge. */
    DISCHARGE;

    /** As the answer tells it. */
    public String code() {
        return switch (this) {
            case HOME -> "pre-admission";
            case STAY -> "inpatient";
            case DISCHARGE -> "discharge";
        };
    }
}
