package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.store.Transition;
import org.hibernate.LockMode;

/**
 * Enrols a patient in coordination, or suspends that, as what they consented to changes; who may be sent their documents is looked at
 * again.
 */
@Singleton
public class FollowConsent {

    private final ReckonMilestones reckonMilestones;
    private final RemakeDocuments remakeDocuments;

    FollowConsent(ReckonMilestones reckonMilestones, RemakeDocuments remakeDocuments) {
        this.reckonMilestones = reckonMilestones;
        this.remakeDocuments = remakeDocuments;
    }

    /** Shows the open transitions of {@code patient} (its id) as the consents that {@code unit} knows let them be. */
    public Uni<Void> handle(String patient, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from Transition where patientId = :patient and state = :open order by episodeId",
                        Transition.class)
                .setParameter("patient", patient)
                .setParameter("open", TransitionState.OPEN)
                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                .getResultList()
                .invoke(open -> open.forEach(transition -> reckonMilestones.last(transition.episodeId(), unit)))
                .chain(() -> remakeDocuments.handle(patient, unit));
    }
}
