package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.ClockKind;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Ends the Tasks that told of something late once it has happened: nobody need follow it up any more. */
@Singleton
class FollowCaughtUp {

    FollowCaughtUp() {}

    /**
     * Ends what told that {@code caughtUp} of {@code task}, an id, were late, by when they were due; what a person has ended stays as it
     * is.
     */
    Uni<Void> handle(String task, Map<ClockKind, Instant> caughtUp, UnitOfWork unit) {
        return InTurn.each(
                caughtUp.entrySet(),
                late -> unit.find(
                                new ResourceKey("Task", CoordinationTask.lateId(task, late.getKey(), late.getValue())),
                                Condition.EVERYTHING)
                        .chain(found -> found.filter(told -> !TaskLifecycle.hasEnded(told.as(Task.class)))
                                .map(told -> end(told, unit))
                                .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private static Uni<Void> end(StoredResource told, UnitOfWork unit) {
        Task ended = told.as(Task.class)
                .copy()
                .setStatus(TaskStatus.CANCELLED)
                .setStatusReason(new CodeableConcept().setText("It has happened meanwhile"));
        return unit.update(Caller.PLATFORM, told, ended).replaceWithVoid();
    }
}
