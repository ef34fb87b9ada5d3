package org.careloop.transitions.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.ruledata.RuleData;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;

/** Which Task shows that which milestone is reached; data, {@code rules/milestone-evidence-2026.yaml}. */
public final class MilestoneEvidence {

    /** The data file. */
    record Rules(String version, List<String> completed, Map<String, List<String>> earlier) {}

    private final Rules rules;

    MilestoneEvidence(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static MilestoneEvidence standard() {
        return new MilestoneEvidence(RuleData.fromResource(Rules.class, "rules/milestone-evidence-2026.yaml"));
    }

    /** Returns the code of the milestone that {@code task} shows to be reached, empty when it shows none. */
    public Optional<String> of(Task task) {
        return milestone(task)
                .filter(code -> task.hasStatus()
                        && rules.earlier()
                                .getOrDefault(code, rules.completed())
                                .contains(task.getStatus().toCode()));
    }

    private static Optional<String> milestone(Task task) {
        return Stream.of(task.getCode(), task.getReasonCode())
                .map(CodeableConcept::getCoding)
                .flatMap(List::stream)
                .filter(coding -> SharedTerms.MILESTONE_SYSTEM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .findFirst();
    }
}
