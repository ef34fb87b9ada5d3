package org.careloop.careplans.domain;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Plans as they are applied, stored and revised in tests. */
final class PlanScenes {

    static final Instant NOW = Discharges.AT.plusSeconds(3600);
    static final ProtocolLibrary LIBRARY = ProtocolLibrary.bundled();

    private PlanScenes() {}

    static PlanDraft apply(DischargeFacts facts) {
        return ProtocolApplication.apply(facts, LIBRARY.protocolsFor(facts), NOW);
    }

    /** As it comes back from the store. */
    static PlanDraft stored(PlanDraft draft) {
        return new PlanDraft(
                FhirJson.parse(CarePlan.class, FhirJson.write(draft.plan())),
                draft.goals().stream()
                        .map(goal -> FhirJson.parse(Goal.class, FhirJson.write(goal)))
                        .toList(),
                draft.team().copy());
    }

    static PlanDraft with(PlanDraft draft, CarePlan plan) {
        return new PlanDraft(plan, draft.goals(), draft.team());
    }

    static PlanDraft merged(PlanDraft stored, PlanDraft revised) {
        List<Goal> goals = new ArrayList<>(revised.goals());
        stored.goals().stream()
                .filter(goal ->
                        revised.goals().stream().noneMatch(each -> each.getId().equals(goal.getId())))
                .forEach(goals::add);
        return new PlanDraft(revised.plan(), goals, revised.team());
    }

    static PlanDraft revise(PlanDraft stored, PlanDraft before, PlanDraft next) {
        return PlanRevision.apply(stored, before, next, PlanReason.DIAGNOSES, NOW);
    }

    static CarePlan followed(CarePlan plan, String activity, TaskStatus status) {
        return CarePlanProgress.follow(plan, task(plan, activity, status, "1")).orElseThrow();
    }

    static Task task(CarePlan plan, String activity, TaskStatus status, String version) {
        Task task = new Task().setStatus(status).setFor(plan.getSubject());
        task.setId(activity);
        task.getMeta().setVersionId(version).setLastUpdated(java.util.Date.from(NOW));
        return task.addIdentifier(new Identifier()
                .setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM)
                .setValue(plan.getIdElement().getIdPart() + "#" + activity));
    }

    static CarePlanActivityComponent activity(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(each -> id.equals(each.getId()))
                .findFirst()
                .orElseThrow();
    }

    static List<String> ids(CarePlan plan) {
        return plan.getActivity().stream().map(CarePlanActivityComponent::getId).toList();
    }

    static List<String> withdrawn(CarePlan plan) {
        return plan.getActivity().stream()
                .filter(PlannedWork::isWithdrawn)
                .map(CarePlanActivityComponent::getId)
                .toList();
    }

    static Goal goal(List<Goal> goals, String begins) {
        return goals.stream()
                .filter(goal -> goal.getDescription().getText().startsWith(begins))
                .findFirst()
                .orElseThrow();
    }

    static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
