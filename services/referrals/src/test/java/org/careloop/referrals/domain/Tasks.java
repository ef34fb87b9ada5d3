package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Tasks to test with: complete, so that only what a test changes can be refused. */
final class Tasks {

    static final String REQUESTER = "Organization/general-hospital";
    static final String OWNER = "Organization/harbor-home-health";
    static final Instant ASKED = Instant.parse("2026-03-02T15:00:00Z");

    private Tasks() {}

    static Task referral(TaskStatus status) {
        Task task = work(status).setOwner(new Reference(OWNER));
        task.setFocus(new Reference("ServiceRequest/sr-1"));
        task.setCode(new CodeableConcept(new Coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", null)));
        return task;
    }

    /** A referral without an owner that those who are named may claim. */
    static Task offered(TaskStatus status, String... recipients) {
        Task task = referral(status).setOwner(null);
        Stream.of(recipients).forEach(recipient -> task.getRestriction().addRecipient(new Reference(recipient)));
        return task;
    }

    static Task forPatient(TaskStatus status) {
        return work(status).setOwner(new Reference("Patient/ada")).setPriority(TaskPriority.ROUTINE);
    }

    static Task coordination(TaskStatus status) {
        return work(status).setOwner(new Reference("Organization/riverside-clinic"));
    }

    /** Every guard that a status has is met. */
    static Task withReasonAndOutput(Task task) {
        task.setStatusReason(new CodeableConcept().setText("Because"));
        task.addOutput().setType(new CodeableConcept().setText("Result")).setValue(new Reference("Procedure/p-1"));
        return task;
    }

    static Optional<TaskStatus> status(String code) {
        return "new".equals(code)
                ? Optional.empty()
                : Optional.of(List.of(TaskStatus.values()).stream()
                        .filter(status ->
                                status != TaskStatus.NULL && status.toCode().equals(code))
                        .findFirst()
                        .orElseThrow());
    }

    private static Task work(TaskStatus status) {
        Task task = new Task();
        task.setId("task-1");
        task.setStatus(status).setIntent(TaskIntent.ORDER);
        task.setCode(new CodeableConcept().setText("Outreach call"));
        task.setFor(new Reference("Patient/ada")).setRequester(new Reference(REQUESTER));
        task.addBasedOn(new Reference("CarePlan/plan-1")).addPartOf(new Reference("Task/whole"));
        task.addIdentifier().setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM).setValue("plan-1#outreach");
        return task.setAuthoredOnElement(FhirTime.dateTime(ASKED)).setLastModifiedElement(FhirTime.dateTime(ASKED));
    }
}
