package org.careloop.careplans.domain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Extension;

/**
 * The activities of a plan by the key of the protocol that asked for them, and how they are withdrawn. An activity that was
 * withdrawn stays in the plan; asked for again, it stands there a second time under a further id ({@code outreach.2}), so that
 * what was made for the first stays what it is.
 */
final class PlannedWork {

    private static final Set<CarePlanActivityStatus> UNTOUCHED =
            Set.of(CarePlanActivityStatus.NOTSTARTED, CarePlanActivityStatus.SCHEDULED);
    private static final Set<String> OPEN =
            Set.of("draft", "requested", "received", "ready", "active", "on-hold", "unknown");
    private static final Set<String> BEGUN = Set.of("accepted", "in-progress", "on-hold", "completed", "failed");

    private PlannedWork() {}

    /** The key of the protocol that an activity id is of. */
    static String keyOf(CarePlanActivityComponent activity) {
        return activity.getId() == null ? "" : activity.getId().replaceFirst("\\.[0-9]+$", "");
    }

    /** Returns the activity of {@code key} that was not withdrawn, which may have ended otherwise. */
    static Optional<CarePlanActivityComponent> find(CarePlan plan, String key) {
        return plan.getActivity().stream()
                .filter(activity -> key.equals(keyOf(activity)) && !isWithdrawn(activity))
                .reduce((first, last) -> last);
    }

    /** Adds {@code activity}, whose id is its key, under an id that the plan does not have. */
    static void add(CarePlan plan, CarePlanActivityComponent activity) {
        CarePlanActivityComponent added = activity.copy();
        String key = activity.getId();
        String id = key;
        for (int round = 2; hasId(plan, id); round++) {
            id = key + "." + round;
        }
        added.setId(id);
        plan.addActivity(added);
    }

    private static boolean hasId(CarePlan plan, String id) {
        return plan.getActivity().stream().anyMatch(activity -> id.equals(activity.getId()));
    }

    static boolean isWithdrawn(CarePlanActivityComponent activity) {
        return activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION);
    }

    /**
     * Whether it can be withdrawn: nobody has taken it up, and it has not ended. It may have been handed out.
     */
    static boolean isUntouched(CarePlanActivityComponent activity) {
        if (isWithdrawn(activity)) {
            return false;
        }
        if (activity.hasDetail()) {
            return UNTOUCHED.contains(activity.getDetail().getStatus())
                    && !activity.getDetail().getDoNotPerform();
        }
        List<Extension> all = activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS);
        List<Extension> tasks =
                all.stream().filter(progress -> isOfTask(progress)).toList();
        return !all.isEmpty()
                && tasks.stream().noneMatch(progress -> BEGUN.contains(ActivityProgress.status(progress)))
                && (tasks.isEmpty() ? all : tasks)
                        .stream().anyMatch(progress -> OPEN.contains(ActivityProgress.status(progress)));
    }

    /** Whether a Task in {@code status} is work that somebody has taken up. */
    static boolean isBegun(String status) {
        return BEGUN.contains(status);
    }

    private static boolean isOfTask(Extension progress) {
        return ActivityProgress.source(progress).getReference().startsWith("Task/");
    }

    /** Marks {@code activity} as withdrawn; what is to be done with its request follows from that. */
    static void withdraw(CarePlanActivityComponent activity, CodeableConcept why) {
        activity.addExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION, why.copy());
        if (activity.hasDetail()) {
            activity.getDetail().setStatus(CarePlanActivityStatus.CANCELLED).setStatusReason(why.copy());
        }
    }
}
