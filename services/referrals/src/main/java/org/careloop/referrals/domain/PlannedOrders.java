package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Coding;
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
 * Makes orders from what a care plan plans: a referral (ServiceRequest and Task) or a follow-up Task of our own. The
 * same activity always makes resources of the same ids.
 */
public final class PlannedOrders {

    /** An order and the Task that asks an agency, or whoever claims it, to fulfil it. */
    public record Referral(ServiceRequest request, Task task) {}

    static final String US_CORE_SERVICE_REQUEST =
            "http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest";
    private static final String PERTAINS_TO_GOAL = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal";
    private static final Coding PATIENT_REFERRAL = new Coding("http://snomed.info/sct", "3457005", "Patient referral");
    private static final Coding FULFILL =
            new Coding(TaskMachine.TASK_CODE_SYSTEM, TaskMachine.FULFILL, "Fulfill the focal request");

    private PlannedOrders() {}

    /**
     * Returns the referral for {@code activity}, a US Core ServiceRequest and an SDOHCC Task for referral management.
     *
     * @param agency who is asked; empty for an open Task that an agency may claim
     * @param requester who asks, an Organization or PractitionerRole
     * @param at the time of the event that planned it, so that a repeat makes the same bytes
     */
    public static Referral refer(
            PlannedActivity activity, Optional<AgencyChoice.Offer> agency, Reference requester, Instant at) {
        ServiceRequest request = request(activity, requester, at);
        Task task = task(activity, requester, at);
        task.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        task.setStatus(TaskStatus.REQUESTED)
                .setFocus(
                        new Reference("ServiceRequest/" + request.getIdElement().getIdPart()))
                .setReasonCode(activity.detail().getCode().copy())
                .getCode()
                .addCoding(FULFILL.copy());
        Referral referral = new Referral(request, task);
        return agency.map(offer -> address(referral, offer)).orElse(referral);
    }

    /** Returns a copy of {@code referral}, which names no agency yet, addressed to the agency of {@code offer}. */
    public static Referral address(Referral referral, AgencyChoice.Offer offer) {
        ServiceRequest request = referral.request().copy();
        request.addPerformer(new Reference(offer.organization()));
        request.addPerformer(new Reference(offer.service()));
        return new Referral(request, referral.task().copy().setOwner(new Reference(offer.organization())));
    }

    /**
     * Returns a copy of {@code request} that names the agency of {@code next} instead of that of {@code before}, or nobody; whom the
     * requester named besides stays.
     */
    public static ServiceRequest readdress(
            ServiceRequest request, AgencyChoice.Asked before, Optional<AgencyChoice.Offer> next) {
        ServiceRequest readdressed = request.copy();
        readdressed
                .getPerformer()
                .removeIf(performer -> before.organization().equals(performer.getReference())
                        || before.service().equals(performer.getReference()));
        next.ifPresent(offer -> readdressed
                .addPerformer(new Reference(offer.organization()))
                .addPerformer(new Reference(offer.service())));
        return readdressed;
    }

    /**
     * Returns the Task that asks somebody else for what the owner of {@code ended} has not done; always with the same id. It
     * holds nothing that the owner of {@code ended} may have written: that is not for the next one.
     */
    public static Task askedAgain(Task ended, ServiceRequest request, Instant at) {
        Task again = new Task();
        again.setId(FhirId.derivedFrom(ended.getIdElement().getIdPart(), "asked again")
                .value());
        again.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        request.getIdentifier().stream()
                .filter(identifier -> SharedTerms.PLAN_ACTIVITY_SYSTEM.equals(identifier.getSystem()))
                .forEach(identifier -> again.addIdentifier(identifier.copy()));
        ended.getBasedOn().forEach(plan -> again.addBasedOn(plan.copy()));
        again.setStatus(TaskStatus.REQUESTED)
                .setIntent(TaskIntent.ORDER)
                .setPriority(TaskPriority.fromCode(
                        request.hasPriority() ? request.getPriority().toCode() : "routine"))
                .setFocus(ended.getFocus().copy())
                .setFor(ended.getFor().copy())
                .setRequester(ended.getRequester().copy())
                .setReasonCode(request.getCode().copy())
                .setAuthoredOnElement(FhirTime.dateTime(at))
                .setLastModifiedElement(FhirTime.dateTime(at))
                .getCode()
                .addCoding(FULFILL.copy());
        if (request.hasEncounter()) {
            again.setEncounter(request.getEncounter().copy());
        }
        if (request.hasNote()) {
            again.setDescription(request.getNoteFirstRep().getText());
        }
        if (request.getOccurrence() instanceof Period period) {
            again.getRestriction().setPeriod(period.copy());
        }
        return again;
    }

    /**
     * Returns the Task by which {@code owner}, the coordinating organisation, does {@code activity} itself; its {@code
     * restriction.period} ends when it is due.
     */
    public static Task followUp(PlannedActivity activity, Reference owner, Reference requester, Instant at) {
        return task(activity, requester, at)
                .setStatus(TaskStatus.READY)
                .setCode(activity.detail().getCode().copy())
                .setOwner(owner.copy());
    }

    private static ServiceRequest request(PlannedActivity activity, Reference requester, Instant at) {
        ServiceRequest request = new ServiceRequest();
        request.setId(activity.idOf("ServiceRequest").value());
        request.getMeta().addProfile(US_CORE_SERVICE_REQUEST);
        request.addIdentifier(activity.identifier());
        request.addBasedOn(activity.planReference());
        request.setStatus(ServiceRequestStatus.ACTIVE).setIntent(ServiceRequestIntent.ORDER);
        request.addCategory().addCoding(PATIENT_REFERRAL.copy());
        request.setPriority(ServiceRequestPriority.fromCode(activity.priority().orElse("routine")));
        request.setCode(activity.detail().getCode().copy());
        request.setSubject(activity.plan().getSubject().copy());
        if (activity.plan().hasEncounter()) {
            request.setEncounter(activity.plan().getEncounter().copy());
        }
        activity.period().ifPresent(request::setOccurrence);
        request.setAuthoredOnElement(FhirTime.dateTime(at)).setRequester(requester.copy());
        activity.plan().getAddresses().stream()
                .filter(Reference::hasReference)
                .forEach(reason -> request.addReasonReference(reason.copy()));
        activity.detail().getGoal().forEach(goal -> request.addExtension(PERTAINS_TO_GOAL, goal.copy()));
        if (activity.detail().hasDescription()) {
            request.addNote().setText(activity.detail().getDescription());
        }
        return request;
    }

    private static Task task(PlannedActivity activity, Reference requester, Instant at) {
        Task task = new Task();
        task.setId(activity.idOf("Task").value());
        task.addIdentifier(activity.identifier());
        task.addBasedOn(activity.planReference());
        task.setIntent(TaskIntent.ORDER);
        task.setPriority(TaskPriority.fromCode(activity.priority().orElse("routine")));
        if (activity.detail().hasDescription()) {
            task.setDescription(activity.detail().getDescription());
        }
        task.setFor(activity.plan().getSubject().copy());
        if (activity.plan().hasEncounter()) {
            task.setEncounter(activity.plan().getEncounter().copy());
        }
        task.setAuthoredOnElement(FhirTime.dateTime(at)).setLastModifiedElement(FhirTime.dateTime(at));
        task.setRequester(requester.copy());
        activity.period().ifPresent(period -> task.getRestriction().setPeriod(period));
        return task;
    }
}
