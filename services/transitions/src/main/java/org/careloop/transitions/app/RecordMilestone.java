package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.MilestoneEvidence;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionMilestone;
import org.hibernate.LockMode;
import org.hl7.fhir.r4.model.Task;

/** Notes that a milestone of a transition was reached, with the Task that shows it; the first evidence counts. */
@Singleton
public class RecordMilestone {

    private final MilestoneEvidence evidence;
    private final ShowTransition showTransition;

    RecordMilestone(MilestoneEvidence evidence, ShowTransition showTransition) {
        this.evidence = evidence;
        this.showTransition = showTransition;
    }

    /** Notes what {@code task}, which became so {@code at}, shows; does nothing when it shows nothing. */
    public Uni<Void> handle(Task task, Instant at, UnitOfWork unit) {
        Optional<String> code = evidence.of(task);
        Optional<String> encounterId = ResourceKey.parse(
                        String.valueOf(task.getEncounter().getReference()))
                .map(key -> key.id().value());
        if (code.isEmpty() || encounterId.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return unit.session()
                .createSelectionQuery("from Transition where encounterId = :encounter", Transition.class)
                .setParameter("encounter", encounterId.get())
                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                .getSingleResultOrNull()
                .chain(transition -> transition == null
                        ? Uni.createFrom().voidItem()
                        : reach(transition, code.get(), task, at, unit));
    }

    private Uni<Void> reach(Transition transition, String code, Task task, Instant at, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from TransitionMilestone where episodeId = :episode and code = :code and withdrawn is null",
                        TransitionMilestone.class)
                .setParameter("episode", transition.episodeId())
                .setParameter("code", code)
                .getResultList()
                .chain(rows -> {
                    String reference = "Task/" + task.getIdElement().getIdPart();
                    List<TransitionMilestone> reached = rows.stream()
                            .filter(row -> row.reach(at, reference))
                            .toList();
                    return reached.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : unit.session().flush().chain(() -> showTransition.handle(transition, unit));
                });
    }
}
