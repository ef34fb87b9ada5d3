package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.store.Evidences;
import org.careloop.transitions.store.StayFacts;
import org.careloop.transitions.store.TestsWithoutStay;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Lets what was told before its stay be of it: facts that name the Encounter, and tests that name none and were made in its time. Looks
 * at how things are, so it may be called again. What waits for a stay that never comes goes after a time.
 */
@Singleton
public class FollowAwaitedFacts {

    private final StayFacts facts;
    private final TestsWithoutStay tests;
    private final Evidences evidences;
    private final FollowStay followStay;

    FollowAwaitedFacts(StayFacts facts, TestsWithoutStay tests, Evidences evidences, FollowStay followStay) {
        this.facts = facts;
        this.tests = tests;
        this.evidences = evidences;
        this.followStay = followStay;
    }

    /** Looks at what waits for the encounter, an id, of {@code patientId}, and tells its risk anew when there is something. */
    public Uni<Void> handle(String encounterId, String patientId, UnitOfWork unit) {
        return tests.aloneOf(patientId, unit)
                .chain(() -> facts.aloneOf(encounterId, unit))
                .chain(() -> evidences.placed(encounterId, unit))
                .chain(() -> facts.isAwaited(encounterId, unit))
                .chain(waited -> tests.hasOf(encounterId, unit).map(more -> waited || more))
                // Few stays have something to be told of, and the others need not wait for who writes them.
                .chain(news ->
                        news ? place(encounterId, unit) : Uni.createFrom().voidItem());
    }

    private Uni<Void> place(String encounterId, UnitOfWork unit) {
        return unit.find(Encounter.class, encounterId)
                .call(() -> facts.placed(encounterId, unit))
                .call(() -> tests.adopt(encounterId, unit))
                .chain(found -> found.map(stay -> followStay.handle(stay, Optional.empty(), true, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** What names the encounter, an id, which is deleted, waits for it again; what is known of it as facts went with it. */
    public Uni<Void> gone(String encounterId, UnitOfWork unit) {
        return evidences.await(Set.of(encounterId), unit);
    }
}
