package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** A referral that was addressed: the Tasks are one for each agency, or the one that waits for an agency. */
    public record Offered(ServiceRequest request, List<Task> tasks) {}

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
     * @param requester who asks, an Organization or PractitionerRole
     * @param at the time of the event that planned it, so that a repeat makes the same bytes
     */
    public static Referral refer(PlannedActivity activity, Reference requester, Instant at) {
        ServiceRequest request = request(activity, requester, at);
        Task task = task(activity, requester, at);
        task.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        task.setStatus(TaskStatus.REQUESTED)
                .setFocus(
                        new Reference("ServiceRequest/" + request.getIdElement().getIdPart()))
                .setReasonCode(activity.detail().getCode().copy())
                .getCode()
                .addCoding(FULFILL.copy());
        return new Referral(request, task);
    }

    /**
     * Returns copies of {@code referral}, which names no agency yet, addressed to those of {@code offers}: its own Task asks the
     * first, others of derived ids the rest. Without offers it is as it was. Of several the request names none before one accepts:
     * they may read it, and are not told of each other.
     */
    public static Offered address(Referral referral, List<AgencyChoice.Offer> offers) {
        ServiceRequest request = referral.request().copy();
        List<Task> tasks = new ArrayList<>(List.of(referral.task().copy()));
        String id = referral.task().getIdElement().getIdPart();
        for (AgencyChoice.Offer offer : offers) {
            if (tasks.getFirst().hasOwner()) {
                Task beside = referral.task().copy();
                beside.setId(FhirId.derivedFrom(id, "beside", Integer.toString(tasks.size()))
                        .value());
                tasks.add(beside);
            }
            tasks.getLast().setOwner(new Reference(offer.organization()));
        }
        if (tasks.size() > 1) {
            Offers.join(tasks, id);
        } else {
            offers.stream().findFirst().ifPresent(offer -> name(request, offer.organization(), offer.service()));
        }
        return new Offered(request, List.copyOf(tasks));
    }

    /** Returns a copy of {@code request} that names the agency of {@code chosen}, and those of {@code others} no longer. */
    public static ServiceRequest withOnly(
            ServiceRequest request, Optional<AgencyChoice.Asked> chosen, List<AgencyChoice.Asked> others) {
        ServiceRequest copy = without(request, others);
        chosen.ifPresent(asked -> name(copy, asked.organization(), asked.service()));
        return copy;
    }

    private static void name(ServiceRequest request, String organization, String service) {
        request.addPerformer(new Reference(organization));
        request.addPerformer(new Reference(service));
    }

    /** Returns a copy of {@code request} that names the agencies of {@code asked} no longer; whom the requester named besides stays. */
    public static ServiceRequest without(ServiceRequest request, List<AgencyChoice.Asked> asked) {
        Set<String> gone = asked.stream()
                .flatMap(each -> Stream.of(each.organization(), each.service()))
                .collect(Collectors.toSet());
        ServiceRequest copy = request.copy();
        copy.getPerformer().removeIf(performer -> gone.contains(performer.getReference()));
        return copy;
    }

    /**
     * Returns the Task that asks somebody else for what the owner of {@code ended} has not done; always with the same id. It
     * holds nothing that the owner of {@code ended} may have written: that is not for the next one.
     */
    public static Task askedAgain(Task ended, ServiceRequest request, Instant at) {
        Task again = asking(request, ended.getFor(), ended.getRequester(), at);
        again.setId(FhirId.derivedFrom(ended.getIdElement().getIdPart(), "asked again")
                .value());
        ended.getBasedOn().forEach(plan -> again.addBasedOn(plan.copy()));
        ended.getPartOf().forEach(whole -> again.addPartOf(whole.copy()));
        ended.getMeta().getSecurity().forEach(label -> again.getMeta().addSecurity(label.copy()));
        return again;
    }

    /** Returns the Task, without an id, by which the owner of {@code whole} passes it on as {@code request}. */
    static Task passedOn(Task whole, ServiceRequest request, Instant at) {
        Task part = asking(request, whole.getFor(), whole.getOwner(), at);
        part.addPartOf(new Reference("Task/" + whole.getIdElement().getIdPart()));
        return part;
    }

    private static Task asking(ServiceRequest request, Reference person, Reference requester, Instant at) {
        Task task = new Task();
        task.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        request.getIdentifier().stream()
                .filter(identifier -> SharedTerms.PLAN_ACTIVITY_SYSTEM.equals(identifier.getSystem()))
                .forEach(identifier -> task.addIdentifier(identifier.copy()));
        task.setStatus(TaskStatus.REQUESTED)
                .setIntent(TaskIntent.ORDER)
                .setPriority(TaskPriority.fromCode(
                        request.hasPriority() ? request.getPriority().toCode() : "routine"))
                .setFocus(
                        new Reference("ServiceRequest/" + request.getIdElement().getIdPart()))
                .setFor(person.copy())
                .setRequester(requester.copy())
                .setReasonCode(request.getCode().copy())
                .setAuthoredOnElement(FhirTime.dateTime(at))
                .setLastModifiedElement(FhirTime.dateTime(at))
                .getCode()
                .addCoding(FULFILL.copy());
        if (request.hasEncounter()) {
            task.setEncounter(request.getEncounter().copy());
        }
        if (request.hasNote()) {
            task.setDescription(request.getNoteFirstRep().getText());
        }
        if (request.getOccurrence() instanceof Period period) {
            task.getRestriction().setPeriod(period.copy());
        }
        return task;
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
        activity.timing().ifPresent(request::setOccurrence);
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
