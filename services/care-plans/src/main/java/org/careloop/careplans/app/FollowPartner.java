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
import org.careloop.careplans.store.Notices;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Notes who works on the plan of a stay, and for whom practitioners work: they are sent what is to be known of it. */
@Singleton
public class FollowPartner {

    private static final Set<TaskStatus> ACCEPTED =
            EnumSet.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD);

    private final Notices notices;
    private final SendNotices sendNotices;

    FollowPartner(Notices notices, SendNotices sendNotices) {
        this.notices = notices;
        this.sendNotices = sendNotices;
    }

    /** Follows {@code task}; does nothing when it is of no plan, or of nobody. */
    public Uni<Void> handle(Task task, long version, UnitOfWork unit) {
        Optional<ActivityKey> activity = ActivityKey.of(task.getIdentifier());
        Optional<ResourceKey> owner = organization(task.getOwner());
        Optional<ResourceKey> patient =
                ResourceKey.parse(String.valueOf(task.getFor().getReference()));
        if (activity.isEmpty() || owner.isEmpty() || patient.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        String taskId = task.getIdElement().getIdPart();
        boolean accepted = ACCEPTED.contains(task.getStatus());
        return unit.serialize("CarePlan", "patient=" + patient.get().id().value())
                .chain(() -> unit.search(
                        CarePlan.class, "_id=" + activity.get().plan().value()))
                .chain(plans -> plans.stream()
                        .flatMap(plan -> ResourceKey.parse(
                                String.valueOf(plan.getEncounter().getReference()))
                                .stream())
                        .findFirst()
                        .map(stay -> notices.keepPartner(
                                taskId, stay.id().value(), owner.get().reference(), accepted, version, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .chain(() -> accepted
                        ? sendNotices.handle(patient.get().id().value(), unit)
                        : Uni.createFrom().voidItem());
    }

    /** Keeps for whom somebody works in {@code role}, and sends what waited for that. */
    public Uni<Void> handle(PractitionerRole role, long version, UnitOfWork unit) {
        Optional<ResourceKey> organization = organization(role.getOrganization());
        String name = "PractitionerRole/" + role.getIdElement().getIdPart();
        String practitioner = String.valueOf(role.getPractitioner().getReference());
        return notices.hold(List.of(practitioner), unit)
                .chain(() -> notices.keepRole(
                        name,
                        practitioner,
                        organization.map(ResourceKey::reference).orElse(""),
                        organization.isPresent() && (!role.hasActive() || role.getActive()),
                        version,
                        unit))
                .chain(() -> sendWhatWaits(practitioner, List.of(name), unit));
    }

    /** Keeps by which numbers others know {@code practitioner}, and sends what waited for that. */
    public Uni<Void> handle(Practitioner practitioner, UnitOfWork unit) {
        String name = "Practitioner/" + practitioner.getIdElement().getIdPart();
        List<String> numbers = practitioner.getIdentifier().stream()
                .filter(number -> number.hasSystem() && number.hasValue())
                .map(MedicalHome::number)
                .distinct()
                .toList();
        return notices.hold(List.of(name), unit)
                .chain(() -> notices.keepNumbers(name, numbers, unit))
                .chain(() -> sendWhatWaits(name, numbers, unit));
    }

    private Uni<Void> sendWhatWaits(String practitioner, List<String> names, UnitOfWork unit) {
        return notices.numbers(practitioner, unit)
                .map(numbers -> Stream.of(List.of(practitioner), names, numbers)
                        .flatMap(List::stream)
                        .distinct()
                        .toList())
                .chain(people -> notices.hold(people, unit).chain(() -> notices.waiting(people, unit)))
                .chain(patients -> InTurn.each(
                        patients,
                        patient -> unit.serialize("CarePlan", "patient=" + patient)
                                .chain(() -> sendNotices.handle(patient, unit))));
    }

    private static Optional<ResourceKey> organization(Reference reference) {
        return ResourceKey.parse(String.valueOf(reference.getReference()))
                .filter(key -> key.type().equals("Organization"));
    }
}
