package org.careloop.patients.domain;

/**
 * How sure it is that two Patients are one person.
 *
 * @see <a href="https://hl7.org/fhir/R4/valueset-match-grade.html">FHIR R4 match grades</a>
 */
public enum Grade {
    CERTAIN("certain"),
    PROBABLE("probable"),
    POSSIBLE("possible"),
    CERTAINLY_NOT("certainly-not");

    private final String code;

    Grade(String code) {
        this.code = code;
    }

    /** The code as FHIR writes it. */
    public String code() {
        return code;
    }
}
