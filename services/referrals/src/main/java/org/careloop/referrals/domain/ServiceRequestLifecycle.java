package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.Actor.REQUESTERS;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.ACTIVE;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.COMPLETED;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.DRAFT;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.ONHOLD;
import static org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus.REVOKED;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.StatusTable;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Guards every write of a ServiceRequest, and says how it follows its Tasks and they it. The status is the requester's
 * alone: the target speaks through its Task.
 */
public final class ServiceRequestLifecycle {

    /**
     * What a state of affairs asks for: the ServiceRequest in its next status, if it changes, and the Tasks that end
     * with it, each in its last status. Both are copies to be stored.
     */
    public record Consequence(Optional<ServiceRequest> request, List<Task> endedTasks) {}

    /** The statuses in which an order begins; every other is its history. */
    public static final Set<ServiceRequestStatus> START = Set.of(DRAFT, ACTIVE);

    /** Elements whose change would make it another order, or give it another master. */
    static final List<String> IMMUTABLE = List.of("subject", "requester", "intent", "basedOn");

    private static final StatusTable<ServiceRequestStatus, Actor> TABLE = StatusTable.<ServiceRequestStatus, Actor>of(
                    "ServiceRequest.status", ServiceRequestStatus.class, ServiceRequestStatus::toCode)
            .create(START, REQUESTERS)
            .move(EnumSet.of(DRAFT), EnumSet.of(ACTIVE), REQUESTERS)
            .move(EnumSet.of(ACTIVE), EnumSet.of(ONHOLD, COMPLETED), REQUESTERS)
            .move(EnumSet.of(ONHOLD), EnumSet.of(ACTIVE), REQUESTERS)
            .move(EnumSet.of(DRAFT, ACTIVE, ONHOLD), EnumSet.of(REVOKED), REQUESTERS)
            .move(EnumSet.of(DRAFT, ACTIVE, ONHOLD, REVOKED, COMPLETED), EnumSet.of(ENTEREDINERROR), REQUESTERS)
            .build();

    private ServiceRequestLifecycle() {}

    /**
     * Passes when {@code actor} may store {@code next} in place of {@code previous} (empty: a new ServiceRequest)
     * while {@code itsTasks} are as given (those whose focus it is, and their parts). Fails with {@link
     * ProblemCode#RULE_VIOLATED} and what would be allowed.
     */
    public static void check(
            Optional<ServiceRequest> previous, ServiceRequest next, Actor actor, Collection<Task> itsTasks) {
        if (!next.hasStatus()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_RESOURCE,
                    "ServiceRequest.status",
                    "ServiceRequest.status: missing (expected: a request status)");
        }
        Optional<ServiceRequestStatus> from = previous.map(ServiceRequest::getStatus);
        boolean moves = !from.equals(Optional.of(next.getStatus()));
        if (moves) {
            TABLE.require(from, next.getStatus(), actor);
        } else if (!REQUESTERS.contains(actor)) {
            throw refused(
                    "ServiceRequest", "ServiceRequest: changed by another than its requester (expected: no change)");
        }
        previous.ifPresent(known -> requireUnchanged(known, next));
        if (moves && next.getStatus() == COMPLETED && !Fulfilment.isComplete(itsTasks)) {
            throw refused(
                    "ServiceRequest.status",
                    "ServiceRequest.status: completed before its Tasks (expected: all ended, at least one completed)");
        }
    }

    /**
     * Returns what follows from the states of {@code request} and its Tasks: an active request is completed when all
     * its Tasks have ended and at least one is completed (a Task that was split counts as its parts do); a revoked or
     * mistaken request ends its open Tasks. Nothing follows twice: with the consequence stored, the next call is
     * empty.
     *
     * @param at the time of the event, written as {@code Task.lastModified}
     */
    public static Consequence follow(ServiceRequest request, Collection<Task> itsTasks, Instant at) {
        return switch (request.getStatus()) {
            case ACTIVE ->
                Fulfilment.isComplete(itsTasks)
                        ? new Consequence(Optional.of(request.copy().setStatus(COMPLETED)), List.of())
                        : new Consequence(Optional.empty(), List.of());
            case REVOKED, ENTEREDINERROR ->
                new Consequence(
                        Optional.empty(),
                        itsTasks.stream()
                                .filter(task -> !TaskMachine.ENDS.contains(task.getStatus()))
                                .map(task -> ended(task, request.getStatus(), at))
                                .toList());
            case DRAFT, ONHOLD, COMPLETED, UNKNOWN, NULL -> new Consequence(Optional.empty(), List.of());
        };
    }

    /** A draft was never offered to anybody, so there is nothing to cancel: it is taken back as a mistake. */
    private static Task ended(Task task, ServiceRequestStatus because, Instant at) {
        TaskStatus end = task.getStatus() == TaskStatus.DRAFT ? TaskStatus.ENTEREDINERROR : TaskStatus.CANCELLED;
        Task copy = task.copy().setStatus(end).setLastModifiedElement(FhirTime.dateTime(at));
        return copy.setStatusReason(new CodeableConcept().setText("The request is " + because.toCode()));
    }

    private static void requireUnchanged(ServiceRequest previous, ServiceRequest next) {
        for (String element : IMMUTABLE) {
            if (!Element.isSame(element, previous, next)) {
                throw refused(
                        "ServiceRequest." + element,
                        "ServiceRequest." + element + ": changed (expected: as it was when the request was made)");
            }
        }
    }

    private static FhirProblem refused(String expression, String diagnostics) {
        return new FhirProblem(ProblemCode.RULE_VIOLATED, expression, diagnostics);
    }
}
