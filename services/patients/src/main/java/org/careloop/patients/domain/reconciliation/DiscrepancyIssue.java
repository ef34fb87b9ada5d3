package org.careloop.patients.domain.reconciliation;

import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.patients.domain.reconciliation.ReconciliationRules.KindRule;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * The DetectedIssue of a difference: preliminary until a named person has resolved it, then final. It names no medicine itself, only what
 * it is about: whom those are shut to learns nothing from it.
 */
public final class DiscrepancyIssue {

    /** System of the identifier of the platform's own; its value is the id of the stay's Encounter. */
    public static final String STAY_SYSTEM = "https://careloop.org/fhir/sid/medication-reconciliation";

    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String FACTS = "https://careloop.org/fhir/StructureDefinition/reconciliation-facts";
    private static final String RULES = "https://careloop.org/fhir/StructureDefinition/reconciliation-rules";

    private static final Set<DetectedIssueStatus> RESOLVED =
            EnumSet.of(DetectedIssueStatus.FINAL, DetectedIssueStatus.AMENDED, DetectedIssueStatus.CORRECTED);

    private static final Set<DetectedIssueStatus> OPEN =
            EnumSet.of(DetectedIssueStatus.REGISTERED, DetectedIssueStatus.PRELIMINARY, DetectedIssueStatus.UNKNOWN);

    private DiscrepancyIssue() {}

    /** Whether {@code issue} is one that the platform makes. */
    public static boolean isOwn(DetectedIssue issue) {
        return issue.getIdentifier().stream().anyMatch(identifier -> STAY_SYSTEM.equals(identifier.getSystem()));
    }

    /** Whether a person has resolved it. */
    public static boolean isResolved(DetectedIssue issue) {
        return RESOLVED.contains(issue.getStatus());
    }

    /** Whether {@code issue} answers {@code difference}: a person has resolved it, and the facts are those. */
    public static boolean answers(DetectedIssue issue, Difference difference) {
        return isResolved(issue) && difference.print().equals(issue.getExtensionString(FACTS));
    }

    /**
     * Returns what is to be stored for {@code difference}.
     *
     * @param known what is stored, if any; what a person resolved stays, unless the facts have changed, and is open again then
     */
    public static DetectedIssue of(
            Difference difference,
            Optional<DetectedIssue> known,
            Reconciliation reconciliation,
            ReconciliationRules rules,
            Instant at) {
        if (known.isPresent() && answers(known.get(), difference)) {
            return kept(known.get(), reconciliation.stay(), difference.labels());
        }
        DetectedIssue next = known.map(DetectedIssue::copy).orElseGet(DetectedIssue::new);
        boolean stillOpen =
                known.filter(issue -> OPEN.contains(issue.getStatus())).isPresent();
        if (!stillOpen) {
            next.setMitigation(null);
            next.setIdentified(new DateTimeType(Date.from(at)));
            next.getExtension().removeIf(extension -> RULES.equals(extension.getUrl()));
            next.addExtension(new Extension(RULES, new StringType(reconciliation.version())));
        }
        describe(next, difference, rules);
        StayPeriod stay = reconciliation.stay();
        next.setId(difference.issueId(stay.encounterId()).value());
        next.setPatient(new Reference("Patient/" + stay.patientId()));
        next.setEvidence(null);
        next.addEvidence().addDetail(new Reference(stay.reference()));
        next.setIdentifier(null);
        next.addIdentifier().setSystem(STAY_SYSTEM).setValue(stay.encounterId());
        next.getExtension().removeIf(extension -> FACTS.equals(extension.getUrl()));
        next.addExtension(new Extension(FACTS, new StringType(difference.print())));
        return next.setStatus(DetectedIssueStatus.PRELIMINARY);
    }

    private static void describe(DetectedIssue issue, Difference difference, ReconciliationRules rules) {
        KindRule rule = rules.rule(difference.kind());
        CodeableConcept code = new CodeableConcept().setText(rule.text());
        code.addCoding(new Coding(DifferenceKind.SYSTEM, difference.kind().code(), null));
        if (rule.actCode() != null) {
            code.addCoding(new Coding(ACT_CODE, rule.actCode(), null));
        }
        issue.setCode(code);
        issue.setDetail(rule.text());
        issue.setSeverity(difference.severity());
        issue.setImplicated(difference.implicated().stream()
                .map(key -> new Reference(key.reference()))
                .toList());
        label(issue, difference.labels());
    }

    /** Whom a sensitive medicine is shut to is not told of it by its differences. */
    private static void label(DetectedIssue issue, List<Coding> labels) {
        missing(issue, labels).forEach(label -> issue.getMeta().addSecurity(label.copy()));
    }

    private static List<Coding> missing(DetectedIssue issue, List<Coding> labels) {
        return labels.stream()
                .filter(label -> issue.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                .toList();
    }

    /** Returns {@code issue} as it is when it does not hold any more; what a person resolved stays. */
    public static DetectedIssue gone(DetectedIssue issue, StayPeriod stay) {
        if (!OPEN.contains(issue.getStatus())) {
            return kept(issue, stay, List.of());
        }
        DetectedIssue gone = issue.copy();
        gone.setStatus(
                stay.phase() == StayPeriod.Phase.RETRACTED
                        ? DetectedIssueStatus.ENTEREDINERROR
                        : DetectedIssueStatus.CANCELLED);
        return kept(gone, stay, List.of());
    }

    /**
     * Returns {@code issue} with what it says, in the record of the patient whose stay it is: patients who were merged may be told apart.
     */
    public static DetectedIssue kept(DetectedIssue issue, StayPeriod stay) {
        return kept(issue, stay, List.of());
    }

    private static DetectedIssue kept(DetectedIssue issue, StayPeriod stay, List<Coding> labels) {
        String patient = "Patient/" + stay.patientId();
        boolean ofThem = patient.equals(issue.getPatient().getReference());
        if (ofThem && missing(issue, labels).isEmpty()) {
            return issue;
        }
        DetectedIssue kept = issue.copy();
        if (!ofThem) {
            kept.setPatient(new Reference(patient));
        }
        label(kept, labels);
        return kept;
    }
}
