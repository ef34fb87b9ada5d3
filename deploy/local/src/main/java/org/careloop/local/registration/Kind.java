package org.careloop.local.registration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may be registered: the role that its tokens carry, and the scopes that it may ask for unless others are given. */
enum Kind {
    HOSPITAL("event-source", List.of("hl7v2.send", "system/Patient.rs", "system/Encounter.rs")),
    EHR("coordinator", List.of("system/*.cruds", "system/*.rs")),
    AGENCY(
            "partner",
            List.of(
                    "system/Task.rus",
                    "system/ServiceRequest.rs",
                    "system/Patient.rs",
                    "system/Procedure.crus",
                    "system/Observation.crs",
                    "system/DocumentReference.crs",
                    "system/CarePlan.rs",
                    "system/Goal.rs",
                    "system/CareTeam.rs",
                    "system/Communication.crus",
                    "system/Organization.rs",
                    "system/HealthcareService.rus",
                    "system/Location.rus",
                    "system/OrganizationAffiliation.rs",
                    "system/Practitioner.rs",
                    "system/PractitionerRole.rus",
                    "system/Endpoint.rus",
                    "system/VerificationResult.crs",
                    // Whatever of a record a Task may name.
                    "system/RelatedPerson.rs",
                    "system/Consent.rs",
                    "system/Coverage.rs",
                    "system/Condition.rs",
                    "system/AllergyIntolerance.rs",
                    "system/MedicationRequest.rs",
                    "system/MedicationDispense.rs",
                    "system/MedicationStatement.rs",
                    "system/Immunization.rs",
                    "system/DiagnosticReport.rs",
                    "system/QuestionnaireResponse.rs",
                    "system/Device.rs",
                    "system/FamilyMemberHistory.rs",
                    "system/DetectedIssue.rs",
                    "system/List.rs",
                    "system/Specimen.rs",
                    "system/Encounter.rs",
                    "system/EpisodeOfCare.rs",
                    "system/RiskAssessment.rs",
                    "system/Composition.rs",
                    // What it is sent of a transition, and that it received it.
                    "system/Bundle.rs",
                    "system/Measure.rs",
                    "system/MeasureReport.rs",
                    "system/Provenance.rs"));

    private final String role;
    private final List<String> scopes;

    Kind(String role, List<String> scopes) {
        this.role = role;
        this.scopes = scopes;
    }

    static Optional<Kind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    /** All of them, as one writes them. */
    static String words() {
        return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The claim {@code careloop_role}. */
    String role() {
        return role;
    }

    List<String> scopes() {
        return scopes;
    }
}
