package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.store.StayFacts;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;

/** Tells the risk of a discharge anew when what it rests on changes. */
@Singleton
public class FollowFact {

    private final StayFacts facts;
    private final FollowStay followStay;

    FollowFact(StayFacts facts, FollowStay followStay) {
        this.facts = facts;
        this.followStay = followStay;
    }

    /** Keeps {@code condition}, if it is of a stay, and follows what it changes. */
    public Uni<Void> handle(Condition condition, UnitOfWork unit) {
        return ResourceKey.parse(String.valueOf(condition.getEncounter().getReference()))
                .map(key -> key.id().value())
                .map(stay -> learn(stay, condition, unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Forgets {@code fact}, and follows what that changes. */
    public Uni<Void> gone(ResourceKey fact, UnitOfWork unit) {
        return facts.forget(fact.reference(), unit)
                .chain(stays -> InTurn.each(
                        stays, stay -> follow(stay, () -> Uni.createFrom().voidItem(), unit)));
    }

    /** The Encounter is locked first, as whoever writes it does. */
    private Uni<Void> learn(String stay, Condition condition, UnitOfWork unit) {
        return facts.knows(stay, condition, unit)
                .chain(known -> known
                        ? Uni.createFrom().voidItem()
                        : follow(stay, () -> facts.keep(stay, List.of(condition), unit), unit));
    }

    private Uni<Void> follow(String stay, Supplier<Uni<Void>> before, UnitOfWork unit) {
        return unit.find(Encounter.class, stay)
                .call(before::get)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : followStay.handle(found.get(), Optional.empty(), true, unit));
    }
}
