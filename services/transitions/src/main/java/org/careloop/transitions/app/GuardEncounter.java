package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Resource;

/**
 * A stay that a client writes is the stay that messages tell of: one Encounter for a visit number, with one course, from which its
 * transition follows.
 */
@Singleton
public class GuardEncounter implements WriteRule {

    private final FindStay findStay;
    private final KeepStay keepStay;
    /** Asked for when it is needed, because the store needs its rules first. */
    private final Instance<FollowStay> followStay;

    private final Instance<ReassessStays> reassessStays;
    private final Clock clock;

    GuardEncounter(
            FindStay findStay,
            KeepStay keepStay,
            Instance<FollowStay> followStay,
            Instance<ReassessStays> reassessStays,
            Clock clock) {
        this.findStay = findStay;
        this.keepStay = keepStay;
        this.followStay = followStay;
        this.reassessStays = reassessStays;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Encounter";
    }

    /** Fails with {@link ProblemCode#ALREADY_EXISTS} when another Encounter has the visit number. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        if (write.interaction() == Interaction.DELETE || write.caller().isPlatform()) {
            return Uni.createFrom().item(write.next());
        }
        Encounter next = (Encounter) write.next();
        Optional<Encounter> previous = write.previous(Encounter.class);
        return other(previous, next, unit)
                .invoke(found -> found.filter(
                                id -> !id.equals(next.getIdElement().getIdPart()))
                        .ifPresent(other -> {
                            throw new FhirProblem(
                                    ProblemCode.ALREADY_EXISTS,
                                    "Encounter.identifier",
                                    "Encounter.identifier: the visit number of another Encounter (expected: an update of"
                                            + " that, such as PUT Encounter?identifier=...)");
                        }))
                .chain(() -> keepStay.stated(previous, next, clock.instant(), unit))
                .map(stay -> stay);
    }

    /** A message that is the first to speak of a stay tells of it, however old it is. */
    private static boolean isNews(Write write) {
        return write.caller().isPlatform() && write.previous().isEmpty();
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return reassessStays.get().handle((Encounter) moved, unit);
    }

    /** An Encounter that keeps its numbers is the one that has them; to ask again would lock in another order than messages do. */
    private Uni<Optional<String>> other(Optional<Encounter> previous, Encounter next, UnitOfWork unit) {
        boolean same = previous.filter(known -> Base.compareDeep(known.getIdentifier(), next.getIdentifier(), true))
                .isPresent();
        return same ? Uni.createFrom().item(Optional.empty()) : findStay.handle(next, unit);
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        Encounter stay = (Encounter) write.next();
        Optional<String> author = write.author();
        return write.interaction() == Interaction.DELETE
                ? followStay.get().gone(saved.key().id(), unit)
                : followStay.get().handle(stay, author, !isNews(write), unit);
    }
}
