package org.careloop.eventcontracts;

import java.util.Set;

/** Code systems and extensions of ours that one service writes and another reads: part of what an event promises. */
public final class SharedTerms {

    /** Identifier of a ServiceRequest or Task that was made for an activity of a plan: {@code <plan id>#<activity id>}. */
    public static final String PLAN_ACTIVITY_SYSTEM = "https://careloop.org/fhir/sid/plan-activity";

    /** Codes of milestones, in {@code Task.code} or, for referrals, {@code Task.reasonCode}. */
    public static final String MILESTONE_SYSTEM = "https://careloop.org/fhir/CodeSystem/milestone";

    /**
     * On an EpisodeOfCare: a milestone with code, title, opens, target, due, rules, source, state (open, reached, attempted, missed,
     * withdrawn), reached, and evidence, which may repeat.
     */
    public static final String MILESTONE_EXTENSION = "https://careloop.org/fhir/StructureDefinition/milestone";

    /** Codes of the milestones of an admission. An episode that has only these asks for nothing after the discharge. */
    public static final Set<String> ADMISSION_MILESTONES = Set.of("admission-notification");

    /** On an EpisodeOfCare: the stay that it follows. */
    public static final String INDEX_ENCOUNTER_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/index-encounter";

    /**
     * On an EpisodeOfCare: the earlier stay that its own follows from, with encounter, first, relation, first-relation (of a transfer, if
     * the first of these stays follows from one), days, rules.
     */
    public static final String INDEX_STAY_EXTENSION = "https://careloop.org/fhir/StructureDefinition/index-stay";

    /** On an activity of a plan: the type of HealthcareService that it needs. */
    public static final String REQUIRED_SERVICE_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/required-service-type";

    /** On an activity of a plan: the priority of the request that is to be made for it. */
    public static final String ACTIVITY_PRIORITY_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/activity-priority";

    /** On an activity of a plan that does not apply any more: why (CodeableConcept). What was made for it ends, unless it has begun. */
    public static final String ACTIVITY_WITHDRAWN_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/activity-withdrawn";

    /** On an activity of a plan, may repeat, in order: its time has changed {@code from} a Period {@code to} another. */
    public static final String ACTIVITY_RESCHEDULED_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/activity-rescheduled";

    /** On a plan whose status the platform has changed: why (CodeableConcept of {@link #PLAN_REASON_SYSTEM}). */
    public static final String PLAN_STATUS_REASON_EXTENSION =
            "http://hl7.org/fhir/StructureDefinition/request-statusReason";

    /** Codes of why the platform changes plans; what people say of why they do it has another system. */
    public static final String PLAN_REASON_SYSTEM = "https://careloop.org/fhir/CodeSystem/plan-change-reason";

    /** Those of them for which a plan is on hold; with any other what was paused with it goes on. */
    public static final Set<String> PLAN_PAUSE_REASONS =
            Set.of("discharge-cancelled", "readmitted", "coordination-suspended");

    /** Code of the {@code RiskAssessment.method} by whose band milestones and protocols are chosen. */
    public static final String DECIDING_RISK_METHOD = "lace";

    /** Codes of what a Communication is for: {@link #STAY_NOTICE}, {@link #TRANSITION_DOCUMENT} and others. */
    public static final String COMMUNICATION_CATEGORY_SYSTEM =
            "https://careloop.org/fhir/CodeSystem/communication-category";

    /** Category: an admission or discharge is told to the medical home; {@code received} is its receipt. */
    public static final String STAY_NOTICE = "stay-notice";

    /** Category: the document of a transition is sent to one recipient; {@code received} is its receipt. */
    public static final String TRANSITION_DOCUMENT = "transition-document";

    /** On a Communication of these two: what the recipient is to the patient (code); nobody but the platform says so. */
    public static final String RECIPIENT_KIND_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/recipient-kind";

    /** The recipient is the medical home. */
    public static final String MEDICAL_HOME = "medical-home";

    /** The recipient is anybody else. */
    public static final String PARTNER = "partner";

    /**
     * Codes of what a {@link #STAY_NOTICE} tells: {@code admission}, {@code discharge}, {@code emergency-registration}, {@code
     * emergency-departure}, that one was none or at another time, a document withdrawn.
     */
    public static final String STAY_NOTICE_SYSTEM = "https://careloop.org/fhir/CodeSystem/stay-notice";

    /** Identifier of a transition-of-care document that the platform made: {@code <encounter id>/<number>}. */
    public static final String TRANSITION_DOCUMENT_SYSTEM = "https://careloop.org/fhir/sid/transition-document";

    /** LOINC code of such a document. */
    public static final String TRANSITION_DOCUMENT_TYPE = "18761-7";

    /** Tags of a document's Composition: ids of Organizations that it is not sent to unless a person decides so. */
    public static final String NOT_SENT_TO_SYSTEM = "https://careloop.org/fhir/CodeSystem/document-not-sent-to";

    /** Instead of an id: no partner. */
    public static final String NOT_SENT_TO_ANY_PARTNER = "any-partner";

    /** Category: somebody spoke with patient or caregiver after a discharge (completed), or tried to (not-done). */
    public static final String OUTREACH = "outreach";

    /** Ways of contact, in {@code Communication.medium}. */
    public static final String PARTICIPATION_MODE_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode";

    /**
     * On a Communication or DocumentReference that brings discharge information, once for each part that it holds: a Coding of
     * {@link #DISCHARGE_INFORMATION_PART_SYSTEM}.
     */
    public static final String DISCHARGE_INFORMATION_PART_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/discharge-information-part";

    /** Parts of discharge information: responsible-practitioner, procedures, diagnoses, medications, results, instructions. */
    public static final String DISCHARGE_INFORMATION_PART_SYSTEM =
            "https://careloop.org/fhir/CodeSystem/discharge-information-part";

    private SharedTerms() {}
}
