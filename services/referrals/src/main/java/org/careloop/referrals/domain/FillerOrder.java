package org.careloop.referrals.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * The order by which the platform passes a referral on, for an organisation that takes referrals for a network of agencies: SDOHCC's
 * indirect referral. The order is {@code filler-order}, based on the original; its Tasks are parts of the Task that the network was
 * asked by, the whole. The same whole always has the order of the same id.
 *
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html">SDOHCC, referral workflow</a>
 */
public final class FillerOrder {

    private static final Set<TaskStatus> WORKING =
            EnumSet.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED);
    private static final Set<ServiceRequestStatus> OPEN =
            EnumSet.of(ServiceRequestStatus.DRAFT, ServiceRequestStatus.ACTIVE, ServiceRequestStatus.ONHOLD);

    private FillerOrder() {}

    /** Returns the id of the order for the Task {@code whole}, an id. */
    public static FhirId idFor(String whole) {
        return FhirId.derivedFrom(whole, "filler order");
    }

    /** Whether {@code whole} can be passed on: its owner is asked to fulfil {@code original}, which is in force. */
    public static boolean canBePassedOn(Task whole, ServiceRequest original) {
        return whole.getStatus() == TaskStatus.REQUESTED && original.getStatus() == ServiceRequestStatus.ACTIVE;
    }

    /** Returns the order for {@code whole}, which asks for {@code original}, and the first Task of it, which names no agency yet. */
    public static Referral of(Task whole, ServiceRequest original, Instant at) {
        String id = idOf(whole);
        ServiceRequest filler = new ServiceRequest();
        filler.setId(idFor(id).value());
        filler.setIntent(ServiceRequestIntent.FILLERORDER);
        filler.setRequester(whole.getOwner().copy());
        filler.setAuthoredOnElement(FhirTime.dateTime(at));
        filler = asked(filler, original).setStatus(ServiceRequestStatus.ACTIVE);
        Task part = PlannedOrders.passedOn(whole, filler, at);
        Task task = asPart(whole, part, WorkedFor.asking(whole, part));
        task.setId(FhirId.derivedFrom(id, "passed on").value());
        return new Referral(filler, task);
    }

    /**
     * Returns the referral for which an agency is to be chosen. What is needed is what {@code original} asks, unless the platform chose the
     * network for what a plan needs.
     *
     * @param chosen the need for which it did
     * @param zone of times that are said in days
     */
    public static WaitingReferral waiting(
            Referral passedOn, ServiceRequest original, Optional<WaitingReferral> chosen, ZoneId zone) {
        ServiceRequest filler = passedOn.request();
        String id = filler.getIdElement().getIdPart();
        return new WaitingReferral(
                idOf(passedOn.task()),
                id,
                literal(filler.getSubject()),
                id,
                chosen.map(WaitingReferral::serviceTypes).orElseGet(() -> services(original)),
                literal(filler.getRequester()),
                chosen.map(WaitingReferral::wished).orElseGet(() -> named(original)),
                chosen.map(WaitingReferral::when)
                        .orElseGet(() -> TimeNeeded.of(
                                original.getOccurrence(),
                                passedOn.task().hasPriority()
                                        ? passedOn.task().getPriority().toCode()
                                        : "routine",
                                zone)));
    }

    private static List<Coding> services(ServiceRequest request) {
        return Stream.concat(Stream.of(request.getCode()), request.getCategory().stream())
                .flatMap(concept -> concept.getCoding().stream())
                .filter(Coding::hasCode)
                .toList();
    }

    private static Set<String> named(ServiceRequest request) {
        return request.getPerformer().stream()
                .map(FillerOrder::literal)
                .filter(performer ->
                        performer.startsWith("Organization/") || performer.startsWith("HealthcareService/"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the order as it is to be now: it asks what {@code original} asks, is on hold with it, and is revoked when the whole has
     * ended or is gone.
     *
     * @param original empty where it is not to be read: the order asks what it did
     */
    public static ServiceRequest following(
            ServiceRequest filler, Optional<Task> whole, Optional<ServiceRequest> original) {
        if (!OPEN.contains(filler.getStatus())) {
            return filler;
        }
        if (whole.filter(task -> !TaskLifecycle.hasEnded(task)).isEmpty()) {
            return filler.copy().setStatus(ServiceRequestStatus.REVOKED);
        }
        if (original.isEmpty()) {
            return filler;
        }
        ServiceRequest next = asked(filler, original.get());
        return switch (original.get().getStatus()) {
            case ONHOLD -> next.setStatus(ServiceRequestStatus.ONHOLD);
            case ACTIVE -> next.setStatus(ServiceRequestStatus.ACTIVE);
            default -> next;
        };
    }

    /** Returns those of {@code parts}, the Tasks of the order, that change by what {@code whole} asks now, each to be stored. */
    public static List<Task> asked(Task whole, Collection<Task> parts, FineStates fineStates) {
        List<Task> changed = new ArrayList<>();
        for (Task part : parts) {
            Task next =
                    TaskLifecycle.hasEnded(part) ? part : asPart(whole, part, WorkedFor.asked(whole, part, fineStates));
            if (!next.equalsDeep(part)) {
                changed.add(next);
            }
        }
        return changed;
    }

    /**
     * Returns what {@code whole} becomes by what is said of {@code parts}, the Tasks of the order, one after the other, each to be
     * stored; empty when nothing is new. Who works speaks; while the next agency is asked nobody does; when all have ended undone, the
     * last. What was accepted once cannot be rejected any more: it failed. To a whole that has ended only outputs are added.
     */
    public static List<Task> told(Task whole, Collection<Task> parts, FineStates fineStates) {
        if (whole.getStatus() == TaskStatus.ENTEREDINERROR) {
            return List.of();
        }
        return speaker(parts)
                .map(part -> WorkedFor.told(whole, said(whole, part), fineStates))
                .orElseGet(() -> isKnown(whole)
                        ? List.of()
                        : List.of(whole.copy().setBusinessStatus(new CodeableConcept(WorkedFor.RECEIVED.copy()))));
    }

    /** Returns {@code next} with the labels of the whole, and offered to those to whom {@code part} is: to whom the whole was is not its matter. */
    private static Task asPart(Task whole, Task part, Task next) {
        whole.getMeta().getSecurity().stream()
                .filter(label -> next.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                .forEach(label -> next.getMeta().addSecurity(label.copy()));
        next.getRestriction()
                .setRecipient(part.getRestriction().getRecipient().stream()
                        .map(Reference::copy)
                        .toList());
        if (next.getRestriction().isEmpty()) {
            next.setRestriction(null);
        }
        return next;
    }

    private static boolean isKnown(Task whole) {
        return whole.getStatus() != TaskStatus.REQUESTED || whole.hasBusinessStatus();
    }

    private static Optional<Task> speaker(Collection<Task> parts) {
        List<Task> valid = parts.stream()
                .filter(part -> part.getStatus() != TaskStatus.ENTEREDINERROR)
                .toList();
        Optional<Task> working = valid.stream()
                .filter(part -> WORKING.contains(part.getStatus()))
                .findFirst();
        boolean isAsking = valid.stream().anyMatch(part -> !TaskLifecycle.hasEnded(part));
        return working.or(
                () -> isAsking ? Optional.empty() : valid.stream().max(Comparator.comparing(Task::getLastModified)));
    }

    private static Task said(Task whole, Task part) {
        Task said = part.copy();
        if (TaskLifecycle.hasEnded(whole)) {
            return said.setStatus(whole.getStatus()).setStatusReason(null).setBusinessStatus(null);
        }
        if (said.hasStatusReason()) {
            // The platform's own reasons nobody else gives.
            said.getStatusReason().getCoding().removeIf(EndReasons::isPlatformsOwn);
        }
        boolean wasAccepted = whole.getStatus() != TaskStatus.REQUESTED;
        if (wasAccepted && part.getStatus() == TaskStatus.REJECTED) {
            said.setStatus(TaskStatus.FAILED);
        } else if (wasAccepted && part.getStatus() == TaskStatus.ACCEPTED) {
            // The next agency begins where another gave up: the whole goes on.
            said.setStatus(whole.getStatus());
        }
        return said;
    }

    /** A copy of {@code filler} that asks what {@code original} asks; whom it was asked of is the filler's own. */
    private static ServiceRequest asked(ServiceRequest filler, ServiceRequest original) {
        ServiceRequest asked = original.copy();
        asked.setId(filler.getId());
        asked.setMeta(new Meta());
        original.getMeta().getProfile().forEach(profile -> asked.getMeta().addProfile(profile.getValue()));
        original.getMeta().getSecurity().forEach(label -> asked.getMeta().addSecurity(label.copy()));
        asked.setText(null);
        // By the requester's identifier it would be taken for the original.
        asked.setIdentifier(null);
        asked.setReplaces(null);
        asked.setBasedOn(List.of(
                new Reference(original.getIdElement().toUnqualifiedVersionless().getValue())));
        asked.setStatus(filler.getStatus());
        asked.setIntent(filler.getIntent());
        asked.setRequester(filler.getRequester().copy());
        asked.setAuthoredOnElement(filler.getAuthoredOnElement().copy());
        asked.setPerformer(filler.getPerformer().stream().map(Reference::copy).toList());
        return asked;
    }

    private static String idOf(Task task) {
        return task.getIdElement().getIdPart();
    }

    private static String literal(Reference reference) {
        IdType id = (IdType) reference.getReferenceElement();
        return id.hasIdPart() ? id.toUnqualifiedVersionless().getValue() : "";
    }
}
