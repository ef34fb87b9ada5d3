package org.careloop.patients.domain.reconciliation;

import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueMitigationComponent;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueStatus;

/** How a person resolves a DetectedIssue of the platform: says what was done and who did it, and changes nothing else. */
public final class IssueResolution {

    private static final Set<String> PEOPLE = Set.of("Practitioner", "PractitionerRole");

    private static final Set<DetectedIssueStatus> LIVING = EnumSet.of(
            DetectedIssueStatus.REGISTERED,
            DetectedIssueStatus.PRELIMINARY,
            DetectedIssueStatus.FINAL,
            DetectedIssueStatus.AMENDED,
            DetectedIssueStatus.CORRECTED);

    private IssueResolution() {}

    /** Returns {@code next} with the date of what was done; fails with {@link ProblemCode#RULE_VIOLATED}. */
    public static DetectedIssue check(DetectedIssue previous, DetectedIssue next, Instant at) {
        if (!LIVING.contains(previous.getStatus())) {
            throw refused("status", "of a difference that does not hold any more (expected: no change)");
        }
        if (!LIVING.contains(next.getStatus())) {
            throw refused("status", "not one that a person sets (expected: preliminary, final, amended or corrected)");
        }
        if (!fixed(previous).equalsDeep(fixed(next))) {
            throw refused(
                    "code",
                    "differs in what the platform found (expected: changes of status, mitigation and text alone)");
        }
        if (DiscrepancyIssue.isResolved(next) && !next.hasMitigation()) {
            throw refused("mitigation", "missing (expected: action and author of who resolved it)");
        }
        DetectedIssue dated = withLabels(previous, next.copy());
        dated.getMitigation().forEach(mitigation -> check(mitigation, at));
        return dated;
    }

    private static void check(DetectedIssueMitigationComponent mitigation, Instant at) {
        if (!isTold(mitigation.getAction())) {
            throw refused("mitigation.action", "missing (expected: what was done, a coding or a text)");
        }
        boolean named = ResourceKey.parse(String.valueOf(mitigation.getAuthor().getReference()))
                .filter(key -> PEOPLE.contains(key.type()))
                .isPresent();
        if (!named) {
            throw refused("mitigation.author", "nobody named (expected: a Practitioner or PractitionerRole)");
        }
        if (!mitigation.hasDate()) {
            mitigation.setDate(Date.from(at));
        }
    }

    /** Who sends it without the labels does not open it: they are of what it implicates. */
    private static DetectedIssue withLabels(DetectedIssue previous, DetectedIssue next) {
        previous.getMeta().getSecurity().stream()
                .filter(label -> next.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                .forEach(label -> next.getMeta().addSecurity(label.copy()));
        previous.getMeta().getTag().stream()
                .filter(tag -> next.getMeta().getTag(tag.getSystem(), tag.getCode()) == null)
                .forEach(tag -> next.getMeta().addTag(tag.copy()));
        return next;
    }

    private static boolean isTold(CodeableConcept action) {
        return action.hasCoding() || action.hasText() && !action.getText().isBlank();
    }

    private static DetectedIssue fixed(DetectedIssue issue) {
        DetectedIssue fixed = issue.copy();
        fixed.setMeta(null);
        fixed.setText(null);
        fixed.setMitigation(null);
        fixed.setStatus(DetectedIssueStatus.PRELIMINARY);
        fixed.setId((String) null);
        return fixed;
    }

    /** What a client is told that its write is refused. */
    public static FhirProblem refused(String element, String problem) {
        String path = "DetectedIssue." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }
}
