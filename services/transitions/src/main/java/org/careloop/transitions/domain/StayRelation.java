package org.careloop.transitions.domain;

import java.util.Locale;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** How a stay follows from an earlier one. */
public enum StayRelation {
    /** Left one hospital for another: both are one stay for whoever counts readmissions. */
    DIRECT_TRANSFER("Direct transfer from another stay"),
    READMISSION_PLANNED("Planned readmission"),
    /** Came back on the day of the discharge, and that was not planned. */
    SAME_DAY_RETURN("Return on the day of discharge"),
    READMISSION_UNPLANNED("Unplanned readmission"),
    /** Went on from hospital to care that is not acute: no readmission. */
    POST_ACUTE_ADMISSION("Admission to post-acute care from a hospital stay");

    /** The code system of {@link #concept}. */
    public static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/stay-relation";

    private final String display;

    StayRelation(String display) {
        this.display = display;
    }

    /** Its code in {@link #SYSTEM}: {@code readmission-planned}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the patient only went on to another place, so that it matters how the stay before came about. */
    boolean goesOn() {
        return switch (this) {
            case DIRECT_TRANSFER, POST_ACUTE_ADMISSION -> true;
            case READMISSION_PLANNED, SAME_DAY_RETURN, READMISSION_UNPLANNED -> false;
        };
    }

    /** As it stands in {@code EpisodeOfCare.type}, where it can be searched. */
    public CodeableConcept concept() {
        return new CodeableConcept(new Coding(SYSTEM, code(), display));
    }
}
