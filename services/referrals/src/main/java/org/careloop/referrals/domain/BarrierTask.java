package org.careloop.referrals.domain;

import java.time.Instant;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** The Task of whoever asked for a referral to remove what kept it from being done. */
public final class BarrierTask {

    private static final Coding RESOLVE_BARRIER = new Coding(
            "https://careloop.org/fhir/CodeSystem/coordination-task",
            "resolve-barrier",
            "Remove what keeps a referral");

    private BarrierTask() {}

    /** Returns the Task for the barrier that ended {@code referral}; always with the same id for the same referral. */
    public static Task of(Task referral, Instant at) {
        String id = referral.getIdElement().getIdPart();
        Task barrier = new Task();
        barrier.setId(FhirId.derivedFrom(id, "barrier").value());
        referral.getBasedOn().forEach(plan -> barrier.addBasedOn(plan.copy()));
        barrier.setStatus(TaskStatus.READY)
                .setIntent(TaskIntent.ORDER)
                .setPriority(referral.hasPriority() ? referral.getPriority() : TaskPriority.ROUTINE)
                .setFocus(new Reference("Task/" + id))
                .setFor(referral.getFor().copy())
                .setRequester(referral.getRequester().copy())
                .setOwner(referral.getRequester().copy())
                .setReasonCode(referral.getStatusReason().copy())
                .setAuthoredOnElement(FhirTime.dateTime(at))
                .setLastModifiedElement(FhirTime.dateTime(at))
                .getCode()
                .addCoding(RESOLVE_BARRIER.copy());
        if (referral.hasEncounter()) {
            barrier.setEncounter(referral.getEncounter().copy());
        }
        return barrier;
    }
}
