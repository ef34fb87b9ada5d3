package org.careloop.careplans;

import static org.careloop.careplans.DischargeScene.REPORTS;
import static org.careloop.careplans.DischargeScene.tell;

import java.util.List;
import java.util.Optional;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** The plan of a stay as it is stored, and what was told of it. */
record FollowedPlan(StayScene stay) {

    DischargeScene scene() {
        return stay.scene();
    }

    void afterAllThat() {
        // Events of one patient keep their order, so what was told before has had its effect once this has.
        StayScene other = stay.next();
        REPORTS.forEach(name -> tell(other.scene().event(name)));
        other.scene().awaitPlan();
    }

    ResourceEvent task(String activity, TaskStatus status, int version) {
        Task task = scene().resource("task-requested", Task.class);
        task.setId(activity + "-" + scene().stay().substring(2, 20));
        task.setFocus(null).setStatus(status).setOutput(List.of());
        task.getMeta().setVersionId(Integer.toString(version));
        task.getIdentifierFirstRep().setValue(scene().planId() + "#" + activity);
        return scene().event(task);
    }

    CarePlan plan() {
        return read(CarePlan.class, scene().planId());
    }

    CarePlanActivityComponent activity(String id) {
        return find(plan(), id).orElseThrow();
    }

    boolean isWithdrawn(String id) {
        return activity(id).hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION);
    }

    static Optional<CarePlanActivityComponent> find(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(activity -> id.equals(activity.getId()))
                .findFirst();
    }

    static String reason(CarePlan plan) {
        return ((CodeableConcept) plan.getExtensionByUrl(SharedTerms.PLAN_STATUS_REASON_EXTENSION)
                        .getValue())
                .getCodingFirstRep()
                .getCode();
    }

    List<Goal> goals() {
        return plan().getGoal().stream()
                .map(goal -> read(Goal.class, goal.getReferenceElement().getIdPart()))
                .toList();
    }

    List<Communication> notices() {
        return found("Communication?subject=Patient/" + scene().patient()).stream()
                .map(id -> read(Communication.class, id))
                .filter(notice -> notice.getAboutFirstRep().getReference().equals("CarePlan/" + scene().planId()))
                .toList();
    }

    List<Provenance> provenances(String operation) {
        return found("Provenance?target=CarePlan/" + scene().planId()).stream()
                .map(id -> read(Provenance.class, id))
                .filter(provenance -> operation.equals(
                        provenance.getActivity().getCodingFirstRep().getCode()))
                .toList();
    }

    /** As a service, which sees the patient when the team has ended too. */
    static List<String> found(String url) {
        return Fhir.matches(Fhir.search(Tokens.service(), url));
    }

    static <T extends Resource> T read(Class<T> type, String id) {
        return FhirJson.parse(
                type,
                Fhir.as(Tokens.service())
                        .get("/fhir/{type}/{id}", type.getSimpleName(), id)
                        .asByteArray());
    }
}
