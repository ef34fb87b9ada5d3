package org.careloop.eventcontracts;

/** Code systems and extensions of ours that one service writes and another reads: part of what an event promises. */
public final class SharedTerms {

    /** Identifier of a ServiceRequest or Task that was made for an activity of a plan: {@code <plan id>#<activity id>}. */
    public static final String PLAN_ACTIVITY_SYSTEM = "https://careloop.org/fhir/sid/plan-activity";

    /** Codes of milestones, in {@code Task.code} or, for referrals, {@code Task.reasonCode}. */
    public static final String MILESTONE_SYSTEM = "https://careloop.org/fhir/CodeSystem/milestone";

    /** On an EpisodeOfCare: a milestone with code, title, opens, target, due, rules, source, reached, evidence. */
    public static final String MILESTONE_EXTENSION = "https://careloop.org/fhir/StructureDefinition/milestone";

    /** On an EpisodeOfCare: the stay that it follows. */
    public static final String INDEX_ENCOUNTER_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/index-encounter";

    /** On an activity of a plan: the type of HealthcareService that it needs. */
    public static final String REQUIRED_SERVICE_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/required-service-type";

    /** On an activity of a plan: the priority of the request that is to be made for it. */
    public static final String ACTIVITY_PRIORITY_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/activity-priority";

    private SharedTerms() {}
}
