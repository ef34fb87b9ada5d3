package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.ActivityDefinition.ActivityDefinitionKind;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Duration;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionComponent;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionGoalComponent;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionGoalTargetComponent;
import org.jspecify.annotations.Nullable;

/**
 * A protocol as it is applied: goals and actions of a PlanDefinition, each with its definition, in its order.
 *
 * @param canonical url and version of the PlanDefinition
 */
public record Protocol(
        String id, String canonical, String title, List<ProtocolGoal> goals, List<ProtocolAction> actions) {

    private static final Set<ActivityDefinitionKind> KINDS =
            EnumSet.of(ActivityDefinitionKind.TASK, ActivityDefinitionKind.SERVICEREQUEST);

    /** Due by a milestone where the episode has it, else by so many days after the discharge. */
    record Due(Optional<String> milestone, Optional<Integer> days) {

        /** Reads it from {@code element}; fails with IllegalArgumentException when neither is given. */
        static Due of(Element element, @Nullable Duration duration) {
            Optional<String> milestone = Optional.ofNullable(element.getExtensionString(PlanVocabulary.DUE_MILESTONE));
            if (milestone.isEmpty() && (duration == null || !"d".equals(duration.getCode()))) {
                throw new IllegalArgumentException("due: missing (expected: a due-milestone, or a duration in days)");
            }
            return new Due(
                    milestone,
                    Optional.ofNullable(duration)
                            .filter(Duration::hasValue)
                            .map(days -> days.getValue().intValueExact()));
        }

        /** Whether there is a day: what is due by a milestone alone is not owed where the episode has none. */
        boolean isKnown(DischargeFacts facts) {
            return days.isPresent() || facts.milestones().containsKey(milestone.orElseThrow());
        }

        /** Fails with IllegalArgumentException unless {@link #isKnown}. */
        Instant after(DischargeFacts facts) {
            ZonedDateTime discharged =
                    facts.discharge().at().atZone(facts.discharge().zone());
            return milestone
                    .filter(code -> days.isEmpty() || facts.milestones().containsKey(code))
                    .map(facts::due)
                    .orElseGet(() -> discharged.plusDays(days.orElseThrow()).toInstant());
        }

        LocalDate dayAfter(DischargeFacts facts) {
            return LocalDate.ofInstant(after(facts), facts.discharge().zone());
        }
    }

    /** Returns it as it is applied by itself: what it means for goals of the protocols that it adds to is left out. */
    public Protocol alone() {
        Set<String> known = goals.stream().map(ProtocolGoal::id).collect(Collectors.toSet());
        return new Protocol(
                id,
                canonical,
                title,
                goals,
                actions.stream().map(action -> action.forGoals(known)).toList());
    }

    /** A goal of the protocol; {@code measured} says by what and how it is judged. */
    record ProtocolGoal(
            String id,
            CodeableConcept description,
            CodeableConcept category,
            PlanDefinitionGoalTargetComponent measured,
            Due due) {}

    /** An action of the protocol: done if all {@code conditions} hold and its day is known. */
    record ProtocolAction(
            String id,
            String title,
            ActivityDefinition definition,
            List<Applicability> conditions,
            Due due,
            Map<String, GoalEffect> goals) {

        boolean appliesTo(DischargeFacts facts) {
            return due.isKnown(facts) && conditions.stream().allMatch(condition -> condition.holds(facts));
        }

        /** Returns it without what it means for goals other than {@code known}. */
        ProtocolAction forGoals(Set<String> known) {
            Map<String, GoalEffect> kept = new LinkedHashMap<>(goals);
            kept.keySet().retainAll(known);
            return new ProtocolAction(id, title, definition, conditions, due, kept);
        }
    }

    /**
     * Reads a protocol; fails with IllegalArgumentException when an id, a definition, a due time or a rule is missing
     * or
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

    /** Returns the ActivityDefinition, url and version, that {@code action} is of. */
    public static Optional<String> canonical(PlanDefinitionActionComponent action) {
        return action.getDefinition() instanceof CanonicalType canonical
                ? Optional.ofNullable(canonical.getValue())
                : Optional.empty();
    }

    private static ProtocolGoal goal(PlanDefinitionGoalComponent goal) {
        Due due = Due.of(
                goal.getTargetFirstRep(),
                goal.getTargetFirstRep().hasDue() ? goal.getTargetFirstRep().getDue() : null);
        return new ProtocolGoal(
                requireId(goal.getId()), goal.getDescription(), goal.getCategory(), goal.getTargetFirstRep(), due);
    }

    private static ProtocolAction action(
            PlanDefinitionActionComponent action, Map<String, ActivityDefinition> activities) {
        ActivityDefinition definition = canonical(action).map(activities::get).orElse(null);
        if (definition == null) {
            throw new IllegalArgumentException("definitionCanonical: unknown (expected: a known ActivityDefinition)");
        }
        if (!KINDS.contains(definition.getKind())) {
            throw new IllegalArgumentException("kind: not one that is handed out (expected: Task or ServiceRequest)");
        }
        return new ProtocolAction(
                requireId(action.getId()),
                action.getTitle(),
                definition,
                action.getCondition().stream().map(Applicability::of).toList(),
                Due.of(action, action.getTiming() instanceof Duration duration ? duration : null),
                effects(action));
    }

    /** HAPI drops extensions of ids when it writes them, so the effects stand beside {@code goalId}, not on it. */
    private static Map<String, GoalEffect> effects(PlanDefinitionActionComponent action) {
        Map<String, GoalEffect> effects = new LinkedHashMap<>();
        for (Extension effect : action.getExtensionsByUrl(PlanVocabulary.GOAL_EFFECT)) {
            effects.put(effect.getExtensionString("goal"), GoalEffect.of(effect.getExtensionString("effect")));
        }
        List<String> goals = action.getGoalId().stream().map(IdType::getValue).toList();
        if (!effects.keySet().equals(Set.copyOf(goals))) {
            throw new IllegalArgumentException("goal-effect: not the goals of goalId (expected: one for each)");
        }
        return effects;
    }

    private static String requireId(@Nullable String id) {
        if (id == null) {
            throw new IllegalArgumentException("id: missing (expected: each goal and action has one)");
        }
        return id;
    }
}
