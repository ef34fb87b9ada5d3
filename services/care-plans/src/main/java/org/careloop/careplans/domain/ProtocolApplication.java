package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.careplans.domain.Protocol.ProtocolAction;
import org.careloop.careplans.domain.Protocol.ProtocolGoal;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanIntent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Goal.GoalTargetComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;

/**
 * Makes the plan after a discharge from the protocols that apply to it. All ids are derived from the encounter and the
 * keys of the protocol: the same discharge told twice makes the same plan.
 *
 * @see <a href="https://hl7.org/fhir/us/core/StructureDefinition-us-core-careplan.html">US Core CarePlan</a>
 */
public final class ProtocolApplication {

    static final String US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/";
    /** The time in which a readmission counts against the stay. */
    private static final int PLAN_DAYS = 30;

    private static final String CATEGORY_SYSTEM = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category";

    private ProtocolApplication() {}

    /** Returns the id of the plan that follows the stay {@code encounterId}. */
    public static FhirId planIdOf(String encounterId) {
        return PlanIds.first(encounterId).plan();
    }

    /**
     * Returns the plan that {@code protocols}, at least one, ask for; of goals and actions with the same id the last
     * protocol's is taken. Fails with IllegalArgumentException when a milestone that an action needs is not in {@code
     * facts}, or a goal that it serves is in none of the protocols.
     *
     * @param now when the plan is made
     */
    public static PlanDraft apply(DischargeFacts facts, List<Protocol> protocols, Instant now) {
        return apply(facts, protocols, PlanIds.first(facts.encounterId()), now);
    }

    /** As {@link #apply(DischargeFacts, List, Instant)}, under {@code ids}. */
    public static PlanDraft apply(DischargeFacts facts, List<Protocol> protocols, PlanIds ids, Instant now) {
        List<ProtocolGoal> goals = merged(protocols.stream().flatMap(each -> each.goals().stream()), ProtocolGoal::id);
        List<ProtocolAction> actions =
                merged(protocols.stream().flatMap(each -> each.actions().stream()), ProtocolAction::id).stream()
                        .filter(action -> action.appliesTo(facts))
                        .toList();
        requireKnownGoals(actions, goals);
        List<Goal> made = goals.stream().map(goal -> goal(goal, facts, ids)).toList();
        CarePlan plan = plan(facts, protocols, ids, now);
        made.forEach(goal -> plan.addGoal(reference(goal)));
        plan.setCareTeam(List.of(new Reference("CareTeam/" + ids.team())));
        actions.forEach(action -> plan.addActivity(ProtocolActivity.of(action, facts, ids)));
        plan.setPeriod(period(facts, actions));
        plan.setText(PlanNarrative.of(plan, made));
        return new PlanDraft(plan, made, DischargeTeam.of(facts, ids));
    }

    /** Until nothing more is due, and at least as long as a readmission counts. */
    private static Period period(DischargeFacts facts, List<ProtocolAction> actions) {
        Instant start = facts.discharge().at();
        Instant counts =
                start.atZone(facts.discharge().zone()).plusDays(PLAN_DAYS).toInstant();
        Instant end = actions.stream()
                .filter(action -> action.due().days().isPresent())
                .map(action -> action.due().after(facts))
                .filter(counts::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(counts);
        return FhirTime.period(start, end, facts.discharge().zone());
    }

    /** In the order of the first of each id. */
    private static <T> List<T> merged(Stream<T> all, Function<T, String> id) {
        Map<String, T> byId = new LinkedHashMap<>();
        all.forEach(each -> byId.put(id.apply(each), each));
        return new ArrayList<>(byId.values());
    }

    private static void requireKnownGoals(List<ProtocolAction> actions, List<ProtocolGoal> goals) {
        Set<String> known = goals.stream().map(ProtocolGoal::id).collect(Collectors.toSet());
        for (ProtocolAction action : actions) {
            if (!known.containsAll(action.goals().keySet())) {
                throw new IllegalArgumentException(
                        "goalId: unknown on " + action.id() + " (expected: a goal of the protocols that apply)");
            }
        }
    }

    private static CarePlan plan(DischargeFacts facts, List<Protocol> protocols, PlanIds ids, Instant now) {
        CarePlan plan = new CarePlan();
        plan.setId(ids.plan().value());
        plan.getMeta().addProfile(US_CORE + "us-core-careplan");
        protocols.forEach(protocol -> plan.addInstantiatesCanonical(protocol.canonical()));
        plan.setStatus(CarePlanStatus.ACTIVE).setIntent(CarePlanIntent.PLAN);
        plan.addCategory().addCoding(new Coding(CATEGORY_SYSTEM, "assess-plan", null));
        plan.setTitle(protocols.getFirst().title());
        plan.setSubject(facts.patient().copy()).setEncounter(facts.encounter().copy());
        plan.setCreatedElement(FhirTime.dateTime(now));
        plan.setAuthor(facts.parties().coordinator().copy());
        addresses(facts).forEach(plan::addAddresses);
        facts.episode().ifPresent(episode -> plan.addSupportingInfo(episode.copy()));
        return plan;
    }

    /** What the plan is for; a stay without coded diagnoses is a concern too, told in words. */
    private static List<Reference> addresses(DischargeFacts facts) {
        List<Reference> known = facts.diagnoses().stream()
                .map(diagnosis -> diagnosis
                        .condition()
                        .map(Reference::copy)
                        .orElseGet(() -> new Reference().setType("Condition"))
                        .setDisplay(diagnosis.code().getDisplay()))
                .filter(reference -> reference.hasReference() || reference.hasDisplay())
                .toList();
        return known.isEmpty()
                ? List.of(new Reference().setType("Condition").setDisplay("Transition of care after a hospital stay"))
                : known;
    }

    private static Goal goal(ProtocolGoal definition, DischargeFacts facts, PlanIds ids) {
        Goal goal = new Goal();
        goal.setId(ids.goal(definition.id()).value());
        goal.getMeta().addProfile(US_CORE + "us-core-goal");
        goal.setLifecycleStatus(GoalLifecycleStatus.ACTIVE);
        goal.setAchievementStatus(GoalProgress.achievement("in-progress"));
        goal.addCategory(definition.category().copy());
        goal.setDescription(definition.description().copy());
        goal.setSubject(facts.patient().copy());
        var started = facts.discharge().at().atZone(facts.discharge().zone()).toLocalDate();
        goal.setStart(FhirTime.date(started)).setStatusDateElement(FhirTime.date(started));
        GoalTargetComponent target =
                goal.addTarget().setDue(FhirTime.date(definition.due().dayAfter(facts)));
        if (definition.measured().hasMeasure()) {
            target.setMeasure(definition.measured().getMeasure().copy());
        }
        if (definition.measured().hasDetail()) {
            target.setDetail(definition.measured().getDetail().copy());
        }
        addresses(facts).stream().filter(Reference::hasReference).forEach(goal::addAddresses);
        return goal;
    }

    private static Reference reference(Goal goal) {
        CodeableConcept description = goal.getDescription();
        return new Reference("Goal/" + goal.getIdElement().getIdPart()).setDisplay(description.getText());
    }
}
