package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Duration;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionComponent;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionGoalComponent;
import org.jspecify.annotations.Nullable;

/**
 * A protocol as it is applied: goals and actions of a PlanDefinition, each with its definition, in its order.
 *
 * @param canonical url and version of the PlanDefinition
 */
public record Protocol(String id, String canonical, String title, List<ProtocolGoal> goals, List<ProtocolAction> actions) {

    /** Due by a milestone, else by so many days after the discharge. */
    record Due(Optional<String> milestone, Optional<Integer> days) {

        /** Reads it from {@code element}; fails with IllegalArgumentException when neither is given. */
        static Due of(Element element, @Nullable Duration duration) {
            Optional<String> milestone =
                    Optional.ofNullable(element.getExtensionString(PlanVocabulary.DUE_MILESTONE));
            if (milestone.isEmpty() && (duration == null || !"d".equals(duration.getCode()))) {
                throw new IllegalArgumentException("due: missing (expected: a due-milestone, or a duration in days)");
            }
            return new Due(
                    milestone,
                    Optional.ofNullable(duration).filter(Duration::hasValue).map(days -> days.getValue().intValueExact()));
        }

        Instant after(DischargeFacts facts) {
            ZonedDateTime discharged = facts.discharge().at().atZone(facts.discharge().zone());
            return milestone
                    .map(facts::due)
                    .orElseGet(() -> discharged.plusDays(days.orElseThrow()).toInstant());
        }

        LocalDate dayAfter(DischargeFacts facts) {
            return LocalDate.ofInstant(after(facts), facts.discharge().zone());
        }
    }

    /** A goal of the protocol. */
    record ProtocolGoal(String id, CodeableConcept description, CodeableConcept category, Due due) {}

    /** An action of the protocol: done if all {@code conditions} hold. */
    record ProtocolAction(
            String id,
            String title,
            ActivityDefinition definition,
            List<Applicability> conditions,
            Due due,
            Map<String, GoalEffect> goals) {

        boolean appliesTo(DischargeFacts facts) {
            return conditions.stream().allMatch(condition -> condition.holds(facts));
        }
    }

    /**
     * Reads a protocol; fails with IllegalArgumentException when an id, a definition, a due time or a rule is missing or
     * unknown, so that a faulty protocol stops the start and not a discharge. {@code activities} are by canonical.
     */
    public static Protocol of(PlanDefinition plan, Map<String, ActivityDefinition> activities) {
        return new Protocol(
                plan.getIdElement().getIdPart(),
                plan.getUrl() + "|" + plan.getVersion(),
                plan.getTitle(),
                plan.getGoal().stream().map(Protocol::goal).toList(),
                plan.getAction().stream()
                        .map(action -> action(action, activities))
                        .toList());
    }

    private static ProtocolGoal goal(PlanDefinitionGoalComponent goal) {
        Due due = Due.of(
                goal.getTargetFirstRep(),
                goal.getTargetFirstRep().hasDue() ? goal.getTargetFirstRep().getDue() : null);
        return new ProtocolGoal(requireId(goal.getId()), goal.getDescription(), goal.getCategory(), due);
    }

    private static ProtocolAction action(
            PlanDefinitionActionComponent action, Map<String, ActivityDefinition> activities) {
        ActivityDefinition definition =
                activities.get(action.getDefinitionCanonicalType().getValue());
        if (definition == null) {
            throw new IllegalArgumentException("definitionCanonical: unknown (expected: a known ActivityDefinition)");
        }
        Map<String, GoalEffect> goals = new LinkedHashMap<>();
        for (IdType goal : action.getGoalId()) {
            goals.put(goal.getValue(), GoalEffect.of(goal.getExtensionString(PlanVocabulary.GOAL_EFFECT)));
        }
        return new ProtocolAction(
                requireId(action.getId()),
                action.getTitle(),
                definition,
                action.getCondition().stream().map(Applicability::of).toList(),
                Due.of(action, action.getTiming() instanceof Duration duration ? duration : null),
                goals);
    }

    private static String requireId(@Nullable String id) {
        if (id == null) {
            throw new IllegalArgumentException("id: missing (expected: each goal and action has one)");
        }
        return id;
    }
}
