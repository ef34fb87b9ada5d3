package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.careplans.domain.ActivityKey;
import org.careloop.careplans.domain.notice.MedicalHome;
import org.careloop.careplans.domain.notice.PartnerKinds;
import org.careloop.careplans.domain.notice.WorkPlace;
import org.careloop.careplans.store.DueNotices;
import org.careloop.careplans.store.Notices;
import org.careloop.careplans.store.Notices.Partner;
import org.careloop.careplans.store.Practices;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Notes who works on the plan of a stay, and for whom practitioners work: they are sent what is to be known of it. Of practitioners it
 * notes only which patients are to be looked at, {@link SendWaiting} looks: they may be thousands.
 */
@Singleton
public class FollowPartner {

    private static final Set<TaskStatus> ACCEPTED =
            EnumSet.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD);

    private final Notices notices;
    private final Practices practices;
    private final DueNotices dueNotices;
    private final PartnerKinds kinds;
    private final SendNotices sendNotices;

    FollowPartner(
            Notices notices, Practices practices, DueNotices dueNotices, PartnerKinds kinds, SendNotices sendNotices) {
        this.notices = notices;
        this.practices = practices;
        this.dueNotices = dueNotices;
        this.kinds = kinds;
        this.sendNotices = sendNotices;
    }

    /**
     * Follows {@code task}; does nothing when it is of no plan, or of nobody.
     *
     * @param deleted whether it is not there any more
     */
    public Uni<Void> handle(Task task, long version, boolean deleted, UnitOfWork unit) {
        Optional<ActivityKey> activity = ActivityKey.of(task.getIdentifier());
        Optional<ResourceKey> owner = organization(task.getOwner());
        Optional<ResourceKey> patient =
                ResourceKey.parse(String.valueOf(task.getFor().getReference()));
        if (activity.isEmpty() || owner.isEmpty() || patient.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        String patientId = patient.get().id().value();
        boolean accepted = !deleted && ACCEPTED.contains(task.getStatus());
        return unit.search(CarePlan.class, "_id=" + activity.get().plan().value())
                .chain(plans -> plans.stream()
                        .flatMap(plan -> stay(plan).stream()
                                .map(stay -> new Partner(
                                        task.getIdElement().getIdPart(),
                                        stay,
                                        patientId,
                                        owner.get().reference(),
                                        accepted,
                                        kinds.getsDocument(work(activity.get(), plan, task)),
                                        isAgency(owner.get(), plan, task, work(activity.get(), plan, task)))))
                        .findFirst()
                        .map(partner -> notices.keepPartner(partner, version, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .invoke(() -> {
                    if (accepted) {
                        sendNotices.last(patientId, unit);
                    }
                });
    }

    private static Optional<String> stay(CarePlan plan) {
        return ResourceKey.parse(String.valueOf(plan.getEncounter().getReference()))
                .map(key -> key.id().value());
    }

    private static List<Coding> work(ActivityKey activity, CarePlan plan, Task task) {
        return PartnerKinds.kindsOf(activity.find(plan), task);
    }

    /** Who coordinates a plan, which often is the practice, does work of it too, and is asked by nobody. */
    private boolean isAgency(ResourceKey owner, CarePlan plan, Task task, List<Coding> work) {
        boolean hasWorked = ACCEPTED.contains(task.getStatus()) || task.getStatus() == TaskStatus.COMPLETED;
        boolean isAsked = Stream.of(plan.getAuthor(), task.getRequester())
                .noneMatch(who -> owner.reference().equals(who.getReference()));
        return hasWorked && isAsked && !kinds.isOfPractice(work);
    }

    /** Keeps for whom somebody works in {@code role}, and, at the end of {@code unit}, has sent what waited for that. */
    public Uni<Void> handle(PractitionerRole role, long version, boolean deleted, UnitOfWork unit) {
        WorkPlace place = WorkPlace.of(role, deleted);
        return practices
                .keep(place, version, unit)
                .invoke(() -> lookAgain(place.practitioner(), List.of(place.role()), unit));
    }

    /** Keeps by which numbers others know {@code practitioner}, and, at the end of {@code unit}, has sent what waited for that. */
    public Uni<Void> handle(Practitioner practitioner, long version, boolean deleted, UnitOfWork unit) {
        String name = "Practitioner/" + practitioner.getIdElement().getIdPart();
        List<String> numbers = practitioner.getIdentifier().stream()
                .filter(number -> number.hasSystem() && number.hasValue())
                .map(MedicalHome::number)
                .distinct()
                .toList();
        boolean standing = !deleted && (!practitioner.hasActive() || practitioner.getActive());
        return practices
                .keepNumbers(name, standing ? numbers : List.of(), standing, version, unit)
                .invoke(() -> lookAgain(name, numbers, unit));
    }

    /** Once for each practitioner and what they are called besides: another event may call them otherwise. */
    private void lookAgain(String practitioner, List<String> names, UnitOfWork unit) {
        unit.last(
                "practices of " + practitioner + " " + names,
                () -> practices
                        .numbers(practitioner, unit)
                        .map(numbers -> Stream.of(List.of(practitioner), names, numbers)
                                .flatMap(List::stream)
                                .distinct()
                                .toList())
                        .chain(people ->
                                practices.hold(people, unit).chain(() -> dueNotices.addPatientsOf(people, unit))));
    }

    private static Optional<ResourceKey> organization(Reference reference) {
        return ResourceKey.parse(String.valueOf(reference.getReference()))
                .filter(key -> key.type().equals("Organization"));
    }
}
