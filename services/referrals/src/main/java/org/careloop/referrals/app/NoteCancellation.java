package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Actor;
import org.careloop.referrals.store.Cancellations;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Keeps, with the cancellation, that it was the agency's: figures tell it from one of the requester. */
@Singleton
public class NoteCancellation implements WriteRule {

    private final Cancellations cancellations;

    NoteCancellation(Cancellations cancellations) {
        this.cancellations = cancellations;
    }

    @Override
    public String type() {
        return "Task";
    }

    /** Refuses nothing. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return isByAgency(write) ? Optional.empty() : Optional.of(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return isByAgency(write)
                ? cancellations.keep(unit, saved.key().id().value())
                : Uni.createFrom().voidItem();
    }

    private static boolean isByAgency(Write write) {
        return write.interaction() == Interaction.UPDATE
                && ((Task) write.next()).getStatus() == TaskStatus.CANCELLED
                && write.previous(Task.class)
                        .filter(previous -> previous.getStatus() != TaskStatus.CANCELLED)
                        .isPresent()
                && GuardTask.actor(write) == Actor.TARGET;
    }
}
