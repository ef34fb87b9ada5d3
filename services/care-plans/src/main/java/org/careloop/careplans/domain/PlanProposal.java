package org.careloop.careplans.domain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityDetailComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanIntent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * A plan as {@code $apply} returns it: a draft that nobody follows, which holds its goals and requests in itself. What it says
 * is what the platform would make of the same discharge.
 *
 * @see <a href="https://hl7.org/fhir/R4/plandefinition-operation-apply.html">FHIR R4 PlanDefinition $apply</a>
 */
public final class PlanProposal {

    private static final String PERTAINS_TO_GOAL = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal";

    private PlanProposal() {}

    /** Returns {@code draft} as a proposal. */
    public static CarePlan of(PlanDraft draft) {
        CarePlan plan = draft.plan().copy();
        plan.setId((String) null);
        plan.setStatus(CarePlanStatus.DRAFT).setIntent(CarePlanIntent.PROPOSAL).setCareTeam(List.of());
        Map<String, String> goals = new HashMap<>();
        for (int i = 0; i < draft.goals().size(); i++) {
            Goal goal = draft.goals().get(i).copy();
            String id = "goal-" + (i + 1);
            goals.put("Goal/" + goal.getIdElement().getIdPart(), "#" + id);
            goal.setLifecycleStatus(GoalLifecycleStatus.PROPOSED)
                    .setAchievementStatus(null)
                    .setMeta(null);
            goal.setId(id);
            plan.addContained(goal);
        }
        plan.getGoal().forEach(goal -> goal.setReference(goals.get(goal.getReference())));
        plan.getActivity().forEach(activity -> contain(activity, plan, goals));
        return plan;
    }

    private static void contain(CarePlanActivityComponent activity, CarePlan plan, Map<String, String> goals) {
        CarePlanActivityDetailComponent detail = activity.getDetail();
        detail.getGoal().forEach(goal -> goal.setReference(goals.get(goal.getReference())));
        for (Extension link : activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_GOAL)) {
            Reference goal = (Reference) link.getExtensionByUrl("goal").getValue();
            goal.setReference(goals.get(goal.getReference()));
        }
        if (detail.getKind() == CarePlanActivityKind.SERVICEREQUEST) {
            plan.addContained(request(activity, plan));
        } else {
            plan.addContained(task(activity, plan));
        }
        activity.setReference(new Reference("#" + activity.getId()).setDisplay(detail.getDescription()));
        // cpl-3: an activity has a reference or a detail, not both.
        activity.setDetail(null);
    }

    private static ServiceRequest request(CarePlanActivityComponent activity, CarePlan plan) {
        CarePlanActivityDetailComponent detail = activity.getDetail();
        ServiceRequest request = new ServiceRequest();
        request.setId(activity.getId());
        request.setStatus(ServiceRequestStatus.DRAFT)
                .setIntent(ServiceRequestIntent.PROPOSAL)
                .setPriority(ServiceRequestPriority.fromCode(priority(detail)))
                .setCode(detail.getCode().copy())
                .setSubject(plan.getSubject().copy())
                .setEncounter(plan.getEncounter().copy())
                .setRequester(plan.getAuthor().copy())
                .setOccurrence(detail.getScheduled().copy());
        detail.getInstantiatesCanonical().forEach(canonical -> request.addInstantiatesCanonical(canonical.getValue()));
        detail.getExtensionsByUrl(SharedTerms.REQUIRED_SERVICE_EXTENSION)
                .forEach(service -> request.addExtension(service.copy()));
        detail.getGoal().forEach(goal -> request.addExtension(PERTAINS_TO_GOAL, goal.copy()));
        if (detail.hasDescription()) {
            request.addNote().setText(detail.getDescription());
        }
        return request;
    }

    private static Task task(CarePlanActivityComponent activity, CarePlan plan) {
        CarePlanActivityDetailComponent detail = activity.getDetail();
        Task task = new Task();
        task.setId(activity.getId());
        task.setStatus(TaskStatus.DRAFT)
                .setIntent(TaskIntent.PROPOSAL)
                .setPriority(TaskPriority.fromCode(priority(detail)))
                .setCode(detail.getCode().copy())
                .setDescription(detail.getDescription())
                .setFor(plan.getSubject().copy())
                .setEncounter(plan.getEncounter().copy())
                .setRequester(plan.getAuthor().copy());
        detail.getInstantiatesCanonical().stream()
                .findFirst()
                .ifPresent(canonical -> task.setInstantiatesCanonical(canonical.getValue()));
        if (detail.getScheduled() instanceof Period period) {
            task.getRestriction().setPeriod(period.copy());
        }
        detail.getGoal().forEach(goal -> task.addExtension(PERTAINS_TO_GOAL, goal.copy()));
        return task;
    }

    private static String priority(CarePlanActivityDetailComponent detail) {
        return detail.getExtensionsByUrl(SharedTerms.ACTIVITY_PRIORITY_EXTENSION).stream()
                .map(Extension::getValue)
                .filter(CodeType.class::isInstance)
                .map(code -> ((CodeType) code).getValue())
                .findFirst()
                .orElse("routine");
    }
}
