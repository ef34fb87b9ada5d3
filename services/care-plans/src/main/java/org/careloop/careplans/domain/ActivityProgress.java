package org.careloop.careplans.domain;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;

/** What an activity of a plan tells of the work behind it. */
final class ActivityProgress {

    private static final Set<CarePlanActivityStatus> OPEN_DETAIL = Set.of(
            CarePlanActivityStatus.NOTSTARTED,
            CarePlanActivityStatus.SCHEDULED,
            CarePlanActivityStatus.INPROGRESS,
            CarePlanActivityStatus.ONHOLD);
    private static final Set<String> ENDS =
            Set.of("completed", "cancelled", "failed", "rejected", "entered-in-error", "revoked");

    private ActivityProgress() {}

    /**
     * Whether work is still to be done: described and not done, or handed out to Tasks that have not all ended. A
     * request
     * counts only while no Task of it is known.
     */
    static boolean isOpen(CarePlanActivityComponent activity) {
        if (activity.hasDetail()) {
            return !activity.getDetail().getDoNotPerform()
                    && OPEN_DETAIL.contains(activity.getDetail().getStatus());
        }
        List<Extension> all = activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS);
        List<Extension> tasks = all.stream()
                .filter(progress -> source(progress).getReference().startsWith("Task/"))
                .toList();
        return (tasks.isEmpty() ? all : tasks).stream().anyMatch(progress -> !ENDS.contains(status(progress)));
    }

    static Reference source(Extension progress) {
        return (Reference) progress.getExtensionByUrl("source").getValue();
    }

    static String status(Extension progress) {
        return progress.getExtensionString("status");
    }
}
