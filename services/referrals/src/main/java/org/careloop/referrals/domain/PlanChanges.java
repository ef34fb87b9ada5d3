package org.careloop.referrals.domain;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a plan says of work that was handed out from it: withdrawn, at another time, paused, going on. What somebody has begun
 * is not withdrawn, a time that a person has changed stays, and only what was paused with the plan goes on with it.
 */
public final class PlanChanges {

    private static final Set<TaskStatus> BEGUN = EnumSet.of(
            TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED, TaskStatus.FAILED);
    private static final Set<ServiceRequestStatus> OPEN =
            EnumSet.of(ServiceRequestStatus.DRAFT, ServiceRequestStatus.ACTIVE, ServiceRequestStatus.ONHOLD);
    /** On a ServiceRequest: by which {@code version} of its plan it was last paused or not ({@code paused}). */
    private static final String WITH_PLAN = "https://careloop.org/fhir/StructureDefinition/paused-with-plan";

    /** An activity that is not to be done any more, and why. */
    public record Withdrawn(PlannedActivity activity, CodeableConcept why) {}

    /** An activity whose time has changed, so often, one after the other. */
    public record Rescheduled(PlannedActivity activity, List<Extension> changes) {}

    private PlanChanges() {}

    /** Returns the activities of {@code plan} that are withdrawn. */
    public static List<Withdrawn> withdrawn(CarePlan plan) {
        return plan.getActivity().stream()
                .filter(activity -> activity.getId() != null)
                .flatMap(activity -> activity.getExtensionsByUrl(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION).stream()
                        .limit(1)
                        .map(why -> new Withdrawn(
                                new PlannedActivity(plan, activity),
                                why.getValue() instanceof CodeableConcept reason ? reason : new CodeableConcept())))
                .toList();
    }

    /** Returns the activities of {@code plan} whose time has changed and that are still to be done. */
    public static List<Rescheduled> rescheduled(CarePlan plan) {
        return plan.getActivity().stream()
                .filter(activity -> activity.getId() != null && !isWithdrawn(activity))
                .filter(activity -> activity.hasExtension(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION))
                .map(activity -> new Rescheduled(
                        new PlannedActivity(plan, activity),
                        activity.getExtensionsByUrl(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION)))
                .toList();
    }

    private static boolean isWithdrawn(CarePlanActivityComponent activity) {
        return activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION);
    }

    /** Whether the work of {@code plan} is to be paused (true) or goes on (false); empty when the platform has done neither. */
    public static Optional<Boolean> isPaused(CarePlan plan) {
        return plan.getExtensionsByUrl(SharedTerms.PLAN_STATUS_REASON_EXTENSION).stream()
                .map(Extension::getValue)
                .filter(CodeableConcept.class::isInstance)
                .flatMap(reason -> ((CodeableConcept) reason).getCoding().stream())
                .filter(coding -> SharedTerms.PLAN_REASON_SYSTEM.equals(coding.getSystem()))
                .findFirst()
                .map(coding -> plan.getStatus() == CarePlanStatus.ONHOLD
                        && SharedTerms.PLAN_PAUSE_REASONS.contains(coding.getCode()));
    }

    /** Returns {@code request} revoked because of {@code why}; empty when it has ended or one of {@code tasks} was begun. */
    public static Optional<ServiceRequest> revoked(ServiceRequest request, List<Task> tasks, CodeableConcept why) {
        if (!OPEN.contains(request.getStatus()) || tasks.stream().anyMatch(task -> BEGUN.contains(task.getStatus()))) {
            return Optional.empty();
        }
        ServiceRequest revoked = request.copy().setStatus(ServiceRequestStatus.REVOKED);
        revoked.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why.copy());
        return Optional.of(revoked);
    }

    /** Returns {@code task}, which works for no request, cancelled because of {@code why}; empty when it was begun or has ended. */
    public static Optional<Task> cancelled(Task task, CodeableConcept why) {
        return task.getStatus() == TaskStatus.READY
                ? Optional.of(task.copy()
                        .setStatus(TaskStatus.CANCELLED)
                        .setStatusReason(new CodeableConcept()
                                .setText(why.hasText() ? why.getText() : "The plan does not ask for it any more")))
                : Optional.empty();
    }

    /** Returns {@code task} at its new time; empty when it has ended, or its time is none that the plan had given it. */
    public static Optional<Task> at(Task task, List<Extension> changes) {
        Period known = task.getRestriction().getPeriod();
        Period next = next(known, changes);
        if (TaskLifecycle.hasEnded(task) || next.equalsDeep(known)) {
            return Optional.empty();
        }
        Task moved = task.copy();
        moved.getRestriction().setPeriod(next.copy());
        return Optional.of(moved);
    }

    /** As {@link #at(Task, List)}. */
    public static Optional<ServiceRequest> at(ServiceRequest request, List<Extension> changes) {
        if (!OPEN.contains(request.getStatus()) || !(request.getOccurrence() instanceof Period known)) {
            return Optional.empty();
        }
        Period next = next(known, changes);
        return next.equalsDeep(known)
                ? Optional.empty()
                : Optional.of(request.copy().setOccurrence(next.copy()));
    }

    private static Period next(Period known, List<Extension> changes) {
        Period next = known;
        for (Extension change : changes) {
            if (period(change, "from") instanceof Period from
                    && period(change, "to") instanceof Period to
                    && isSame(from, next)) {
                next = to;
            }
        }
        return next;
    }

    /** A time may be written in another zone. */
    private static boolean isSame(Period one, Period other) {
        return Objects.equals(one.getStart(), other.getStart()) && Objects.equals(one.getEnd(), other.getEnd());
    }

    private static @Nullable Type period(Extension change, String name) {
        Extension part = change.getExtensionByUrl(name);
        return part == null ? null : part.getValue();
    }

    /** Returns {@code request} on hold with version {@code version} of its plan; empty when it is not active, or that is old news. */
    public static Optional<ServiceRequest> paused(ServiceRequest request, long version) {
        return request.getStatus() == ServiceRequestStatus.ACTIVE && isNews(request, version)
                ? Optional.of(marked(request, ServiceRequestStatus.ONHOLD, version, true))
                : Optional.empty();
    }

    /** Returns {@code request} active with version {@code version} of its plan; empty unless it was paused with it. */
    public static Optional<ServiceRequest> resumed(ServiceRequest request, long version) {
        Extension mark = request.getExtensionByUrl(WITH_PLAN);
        boolean wasPaused = mark != null
                && mark.getExtensionByUrl("paused").getValue() instanceof BooleanType paused
                && paused.booleanValue();
        return request.getStatus() == ServiceRequestStatus.ONHOLD && wasPaused && isNews(request, version)
                ? Optional.of(marked(request, ServiceRequestStatus.ACTIVE, version, false))
                : Optional.empty();
    }

    private static boolean isNews(ServiceRequest request, long version) {
        Extension mark = request.getExtensionByUrl(WITH_PLAN);
        return mark == null || ((IntegerType) mark.getExtensionByUrl("version").getValue()).getValue() < version;
    }

    private static ServiceRequest marked(
            ServiceRequest request, ServiceRequestStatus status, long version, boolean paused) {
        ServiceRequest marked = request.copy().setStatus(status);
        marked.getExtension().removeIf(extension -> WITH_PLAN.equals(extension.getUrl()));
        Extension mark = marked.addExtension().setUrl(WITH_PLAN);
        mark.addExtension("version", new IntegerType(version));
        mark.addExtension("paused", new BooleanType(paused));
        return marked;
    }
}
