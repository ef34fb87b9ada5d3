package org.careloop.careplans.domain;

import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** Why the platform changes a plan. By its coding the platform knows later what it did itself, and undoes nothing else. */
public enum PlanReason {
    DIAGNOSES("diagnoses-changed", "The diagnoses of the stay have changed"),
    RISK("risk-changed", "The risk was assessed anew"),
    DISPOSITION("disposition-changed", "The disposition of the discharge has changed"),
    DISCHARGE_TIME("discharge-time-changed", "The time of the discharge was corrected"),
    MILESTONES("milestones-changed", "The due times of the transition have changed"),
    PATIENT("patient-changed", "The age of the patient is another"),
    PARTIES("parties-changed", "Who is responsible has changed"),
    STAY_RELATION("stay-relation-changed", "What the stay follows from is known otherwise"),
    NOT_DISCHARGED("discharge-cancelled", "The discharge was cancelled; the patient is still in hospital"),
    DISCHARGED_AGAIN("discharged-again", "The patient was discharged again"),
    ADMISSION_ERROR("admission-cancelled", "The admission was an error"),
    READMITTED("readmitted", "The patient was admitted again"),
    NOT_READMITTED("readmission-cancelled", "The admission that had paused the plan was an error"),
    SUSPENDED("coordination-suspended", "The patient is not enrolled in coordination for now"),
    RESUMED("coordination-resumed", "The patient is enrolled in coordination again"),
    DIED("patient-died", "The patient has died"),
    REPLACED("replaced", "The plan of a later stay takes its place");

    /** The system of {@link #code}. */
    public static final String SYSTEM = SharedTerms.PLAN_REASON_SYSTEM;

    private final String code;
    private final String text;

    PlanReason(String code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The code in {@link #SYSTEM}. */
    public String code() {
        return code;
    }

    CodeableConcept concept() {
        return new CodeableConcept(new Coding(SYSTEM, code, null)).setText(text);
    }
}
