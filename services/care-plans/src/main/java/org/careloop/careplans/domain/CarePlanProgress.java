package org.careloop.careplans.domain;

import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.PositiveIntType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskOutputComponent;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * How a plan follows the Tasks and ServiceRequests that were made from it. The plan keeps the last version it heard of
 * each: what is told twice or late changes nothing, so events may repeat and overtake each other.
 */
public final class CarePlanProgress {

    /** What a Task or ServiceRequest tells of an activity. */
    private record Report(
            Reference source, Reference request, String status, int version, Date at, List<Reference> outcomes) {}

    private CarePlanProgress() {}

    /**
     * Returns the plan as it is after {@code task}, a stored version ({@code meta.versionId}): the activity points to
     * the
     * request or Task instead of describing it, and holds the outputs as outcomes when the Task is completed. Empty
     * when
     * nothing changes, or the Task is not of this plan and its subject.
     */
    public static Optional<CarePlan> follow(CarePlan plan, Task task) {
        Reference source = new Reference("Task/" + task.getIdElement().getIdPart());
        boolean fulfilsRequest = task.getFocus().getReferenceElement().getResourceType() != null
                && "ServiceRequest".equals(task.getFocus().getReferenceElement().getResourceType());
        Report report = new Report(
                source,
                fulfilsRequest ? task.getFocus() : source,
                task.getStatus().toCode(),
                versionOf(task),
                task.hasLastModified() ? task.getLastModified() : task.getMeta().getLastUpdated(),
                task.getStatus() == TaskStatus.COMPLETED ? outcomesOf(task) : List.of());
        return ActivityKey.of(task.getIdentifier())
                .filter(key -> isSame(task.getFor(), plan.getSubject()))
                .flatMap(key -> follow(plan, key, report));
    }

    /** Returns the plan as it is after {@code request}; otherwise as {@link #follow(CarePlan, Task)}. */
    public static Optional<CarePlan> follow(CarePlan plan, ServiceRequest request) {
        Reference source =
                new Reference("ServiceRequest/" + request.getIdElement().getIdPart());
        Report report = new Report(
                source,
                source,
                request.getStatus().toCode(),
                versionOf(request),
                request.getMeta().getLastUpdated(),
                List.of());
        return ActivityKey.of(request.getIdentifier())
                .filter(key -> isSame(request.getSubject(), plan.getSubject()))
                .flatMap(key -> follow(plan, key, report));
    }

    /** The references among the outputs of {@code task}. */
    static List<Reference> outcomesOf(Task task) {
        return task.getOutput().stream()
                .map(TaskOutputComponent::getValue)
                .filter(Reference.class::isInstance)
                .map(Reference.class::cast)
                .filter(Reference::hasReference)
                .toList();
    }

    static boolean isSame(Reference one, Reference other) {
        return one.hasReference() && one.getReference().equals(other.getReference());
    }

    private static Optional<CarePlan> follow(CarePlan plan, ActivityKey key, Report report) {
        CarePlan copy = plan.copy();
        return key.find(copy).filter(activity -> apply(activity, report)).map(activity -> copy);
    }

    private static boolean apply(CarePlanActivityComponent activity, Report report) {
        Optional<Extension> known = progressOf(activity, report.source());
        if (known.filter(progress -> version(progress) >= report.version()).isPresent()) {
            return false;
        }
        if (!activity.hasReference()) {
            activity.setReference(pointer(activity, report.request()));
            // cpl-3: an activity has a reference or a detail, not both.
            activity.setDetail(null);
        }
        if (!report.status().equals(known.map(ActivityProgress::status).orElse(""))) {
            String type = report.source().getReferenceElement().getResourceType();
            activity.addProgress().setTime(report.at()).setText(type + " is " + report.status());
        }
        known.ifPresent(activity.getExtension()::remove);
        activity.addExtension(progress(report));
        if (report.source().getReference().startsWith("Task/") && PlannedWork.isBegun(report.status())) {
            // Somebody had begun before the withdrawal came to them: it stays.
            activity.removeExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION);
        }
        report.outcomes().stream()
                .filter(outcome -> activity.getOutcomeReference().stream().noneMatch(held -> isSame(held, outcome)))
                .forEach(outcome -> activity.addOutcomeReference(outcome.copy()));
        return true;
    }

    private static Reference pointer(CarePlanActivityComponent activity, Reference request) {
        Reference pointer = new Reference(request.getReference());
        if (activity.getDetail().hasDescription()) {
            pointer.setDisplay(activity.getDetail().getDescription());
        }
        return pointer;
    }

    private static Optional<Extension> progressOf(CarePlanActivityComponent activity, Reference source) {
        return activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS).stream()
                .filter(progress -> isSame(ActivityProgress.source(progress), source))
                .findFirst();
    }

    private static int version(Extension progress) {
        return ((PositiveIntType) progress.getExtensionByUrl("version").getValue()).getValue();
    }

    private static Extension progress(Report report) {
        Extension progress = new Extension(PlanVocabulary.ACTIVITY_PROGRESS);
        progress.addExtension("source", report.source());
        progress.addExtension("status", new CodeType(report.status()));
        progress.addExtension("version", new PositiveIntType(report.version()));
        return progress;
    }

    private static int versionOf(DomainResource resource) {
        String version = resource.getMeta().getVersionId();
        return version == null ? 1 : Integer.parseInt(version);
    }
}
