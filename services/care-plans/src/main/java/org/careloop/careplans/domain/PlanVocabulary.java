package org.careloop.careplans.domain;

import org.careloop.eventcontracts.SharedTerms;

/** The systems and extensions that only plans, goals and protocols use. */
final class PlanVocabulary {

    private static final String EXTENSIONS = "https://careloop.org/fhir/StructureDefinition/";

    static final String ACHIEVEMENT_SYSTEM = "http://terminology.hl7.org/CodeSystem/goal-achievement";
    /**
     * On {@code CarePlan.activity}, may repeat: {@code goal} (reference) and {@code effect} (code: achieves,
     * advances) of
     * completing the activity.
     */
    static final String ACTIVITY_GOAL = EXTENSIONS + "activity-goal";
    /**
     * On {@code CarePlan.activity}, one for each Task or ServiceRequest of the activity: {@code source} (reference),
     * {@code status} (code) and {@code version} (positiveInt), as last heard of.
     */
    static final String ACTIVITY_PROGRESS = EXTENSIONS + "activity-progress";
    /** On {@code Goal}, may repeat: a reference to what shows progress and is not an Observation. */
    static final String GOAL_EVIDENCE = EXTENSIONS + "goal-evidence";
    /** On {@code Goal} that the platform has cancelled: why (CodeableConcept, of {@link PlanReason#SYSTEM}). */
    static final String GOAL_WITHDRAWN = EXTENSIONS + "goal-withdrawn";
    /** On {@code PlanDefinition.action} and {@code goal.target}: the milestone by which it is due. */
    static final String DUE_MILESTONE = EXTENSIONS + "due-milestone";
    /** On {@code PlanDefinition.action}, for each goalId: {@code goal} (string) and {@code effect} (code). */
    static final String GOAL_EFFECT = EXTENSIONS + "goal-effect";
    /** On {@code PlanDefinition.action.condition}: {@code fact} (code) and its values {@code in} (string, repeats). */
    static final String APPLICABILITY = EXTENSIONS + "applicability";
    /** HL7's reason for the status of a request, on {@code CarePlan}, which has no element for it in R4. */
    static final String STATUS_REASON = SharedTerms.PLAN_STATUS_REASON_EXTENSION;

    private PlanVocabulary() {}
}
