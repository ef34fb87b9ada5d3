package org.careloop.referrals.domain.hsds;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** What became of an import: how many resources of each type, and all that was not taken. */
public final class HsdsReport {

    /** What became of one resource. */
    public enum Done {
        CREATED,
        UPDATED,
        UNCHANGED
    }

    private record Line(IssueSeverity severity, IssueType type, String text) {}

    private final Map<String, Map<Done, Integer>> counts = new TreeMap<>();
    private final List<Line> lines = new ArrayList<>();

    /** Counts a resource of {@code type}. */
    public void done(String type, Done done) {
        counts.computeIfAbsent(type, name -> new EnumMap<>(Done.class)).merge(done, 1, Integer::sum);
    }

    /** Tells what was found when the file was understood. */
    public void add(HsdsIssue issue) {
        String text = issue.place() + ": " + issue.text();
        lines.add(
                switch (issue.weight()) {
                    case LEFT_OUT -> new Line(IssueSeverity.ERROR, IssueType.PROCESSING, text);
                    case IN_PART -> new Line(IssueSeverity.WARNING, IssueType.PROCESSING, text);
                    case NO_PLACE -> new Line(IssueSeverity.INFORMATION, IssueType.NOTSUPPORTED, text);
                });
    }

    /** Tells that the resource from {@code place} was refused, and why. */
    public void refused(String place, String type, String why) {
        lines.add(new Line(IssueSeverity.ERROR, IssueType.PROCESSING, place + ": " + type + " not stored: " + why));
    }

    /** Tells that {@code reference} is from an earlier import and not in the file any more. */
    public void vanished(String reference) {
        lines.add(new Line(
                IssueSeverity.WARNING, IssueType.NOTFOUND, reference + ": not in this file any more, and kept"));
    }

    /** Tells that it was not looked for what has vanished: the file is one of several pages. */
    public void notWhole() {
        lines.add(new Line(
                IssueSeverity.INFORMATION,
                IssueType.INCOMPLETE,
                "one of several pages, so what is not in it any more was not looked for"));
    }

    /** Returns all of it; the first issue has the numbers. */
    public OperationOutcome outcome() {
        OperationOutcome outcome = new OperationOutcome();
        List<String> numbers = new ArrayList<>();
        counts.forEach((type, ofType) -> numbers.add(type + " created " + ofType.getOrDefault(Done.CREATED, 0)
                + ", updated " + ofType.getOrDefault(Done.UPDATED, 0) + ", unchanged "
                + ofType.getOrDefault(Done.UNCHANGED, 0)));
        add(
                outcome,
                new Line(
                        IssueSeverity.INFORMATION,
                        IssueType.INFORMATIONAL,
                        numbers.isEmpty() ? "nothing stored" : String.join("; ", numbers)));
        lines.forEach(line -> add(outcome, line));
        return outcome;
    }

    private static void add(OperationOutcome outcome, Line line) {
        outcome.addIssue().setSeverity(line.severity()).setCode(line.type()).setDiagnostics(line.text());
    }
}
