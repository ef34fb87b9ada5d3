package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Task;

/** What a Task of a milestone shows. */
final class TaskEvidence {

    private static final String KIND = "task:";

    private final EvidenceRules.Rules rules;

    TaskEvidence(EvidenceRules.Rules rules) {
        this.rules = rules;
    }

    List<FoundEvidence> of(Task task, String patient, Instant changed) {
        Optional<String> milestone = milestone(task).filter(code -> shows(task, code));
        Optional<String> encounter = ResourceKey.parse(
                        String.valueOf(task.getEncounter().getReference()))
                .map(key -> key.id().value());
        if (milestone.isEmpty() || encounter.isEmpty()) {
            return List.of();
        }
        Optional<EvidenceTime> stated = EvidenceTime.of(done(task, milestone.get()));
        return List.of(new FoundEvidence(
                KIND + milestone.get(),
                stated.orElseGet(() -> EvidenceTime.of(changed)),
                stated.isPresent(),
                Optional.ofNullable(task.getOwner().getReference()),
                patient,
                encounter));
    }

    boolean keeps(Task task) {
        return milestone(task)
                .filter(code -> task.hasStatus()
                        && rules.kept()
                                .getOrDefault(code, List.of())
                                .contains(task.getStatus().toCode()))
                .isPresent();
    }

    private boolean shows(Task task, String code) {
        return task.hasStatus()
                && rules.earlier()
                        .getOrDefault(code, rules.completed())
                        .contains(task.getStatus().toCode());
    }

    /** What its beginning shows was done then. */
    private DateTimeType done(Task task, String code) {
        return rules.earlier().containsKey(code)
                ? task.getExecutionPeriod().getStartElement()
                : task.getExecutionPeriod().getEndElement();
    }

    private static Optional<String> milestone(Task task) {
        return Stream.of(task.getCode(), task.getReasonCode())
                .map(CodeableConcept::getCoding)
                .flatMap(List::stream)
                .filter(coding -> SharedTerms.MILESTONE_SYSTEM.equals(coding.getSystem()) && coding.hasCode())
                .map(Coding::getCode)
                .findFirst();
    }
}
