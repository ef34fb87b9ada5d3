package org.careloop.referrals.domain;

import java.time.Instant;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ResourceType;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * The Tasks by which the platform tells whoever asked for a referral that it needs them. Each is always made with the same id for
 * the same referral and cause, so what is told twice is one Task.
 */
public final class CoordinationTask {

    private static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/coordination-task";
    private static final String CLOCKS = "https://careloop.org/fhir/CodeSystem/task-clock";

    private CoordinationTask() {}

    /** Returns the Task to remove the barrier that ended {@code referral}. */
    public static Task barrier(Task referral, Instant at) {
        return of(
                referral,
                FhirId.derivedFrom(idOf(referral), "barrier"),
                new Coding(SYSTEM, "resolve-barrier", "Remove what keeps a referral"),
                referral.getStatusReason().copy(),
                at);
    }

    /** Returns the Task to follow up that {@code referral} cannot be exchanged with the server of its agency. */
    public static Task exchangeFailed(Task referral, Instant at) {
        return of(
                referral,
                FhirId.derivedFrom(idOf(referral), "exchange failed"),
                new Coding(SYSTEM, "exchange-failed", "Reach an agency whose server does not take a referral"),
                new CodeableConcept().setText("The agency's server does not take the referral, or says what cannot be"),
                at);
    }

    /** Returns the Task to follow up that {@code clock} of {@code referral}, which was {@code due}, has run out. */
    public static Task late(Task referral, ClockKind clock, Instant due, Instant at) {
        return of(
                referral,
                lateId(idOf(referral), clock, due),
                new Coding(SYSTEM, "follow-up-late", "Follow up what is late"),
                new CodeableConcept(new Coding(CLOCKS, clock.code(), null)),
                at);
    }

    /**
     * Returns the Task to review that {@code request} asks for the same as {@code other}, an earlier one; one for
     * each request. No focus: a Task with a request as focus asks to fulfil it.
     */
    public static Task duplicate(ServiceRequest request, ServiceRequest other, Instant at) {
        String id = request.getIdElement().getIdPart();
        Task task = new Task();
        task.setId(FhirId.derivedFrom(id, "duplicate").value());
        task.setStatus(TaskStatus.READY)
                .setIntent(TaskIntent.ORDER)
                .setPriority(TaskPriority.ROUTINE)
                .setReasonReference(new Reference("ServiceRequest/" + id))
                .setFor(request.getSubject().copy())
                .setRequester(request.getRequester().copy())
                .setOwner(request.getRequester().copy())
                .setAuthoredOnElement(FhirTime.dateTime(at))
                .setLastModifiedElement(FhirTime.dateTime(at))
                .getCode()
                .addCoding(new Coding(SYSTEM, "review-duplicate", "Review what was asked twice"));
        task.addInput()
                .setType(new CodeableConcept().setText("Asked before"))
                .setValue(new Reference("ServiceRequest/" + other.getIdElement().getIdPart()));
        return task;
    }

    /** Returns the id of the Task that {@link #late} makes. */
    public static FhirId lateId(String referral, ClockKind clock, Instant due) {
        return FhirId.derivedFrom(referral, "late", clock.code(), Long.toString(due.toEpochMilli()));
    }

    private static Task of(Task referral, FhirId id, Coding code, CodeableConcept reason, Instant at) {
        Task task = new Task();
        task.setId(id.value());
        referral.getBasedOn().forEach(plan -> task.addBasedOn(plan.copy()));
        task.setStatus(TaskStatus.READY)
                .setIntent(TaskIntent.ORDER)
                .setPriority(referral.hasPriority() ? referral.getPriority() : TaskPriority.ROUTINE)
                .setFocus(new Reference(ResourceType.Task.name() + "/" + idOf(referral)))
                .setFor(referral.getFor().copy())
                .setRequester(referral.getRequester().copy())
                .setOwner(referral.getRequester().copy())
                .setReasonCode(reason)
                .setAuthoredOnElement(FhirTime.dateTime(at))
                .setLastModifiedElement(FhirTime.dateTime(at))
                .getCode()
                .addCoding(code);
        if (referral.hasEncounter()) {
            task.setEncounter(referral.getEncounter().copy());
        }
        return task;
    }

    private static String idOf(Task task) {
        return task.getIdElement().getIdPart();
    }
}
