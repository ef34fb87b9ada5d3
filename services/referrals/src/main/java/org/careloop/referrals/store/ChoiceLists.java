package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.WaitingReferral;

/**
 * For each referral made from a plan, the agencies that were considered, why each has its place, and who was chosen.
 */
@Singleton
public class ChoiceLists {

    private static final String OPEN = "from ChoiceList c where not c.settled";

    ChoiceLists() {}

    /**
     * Keeps {@code choice} as the latest for {@code referral}, of which {@code chosen} is asked; the referral waits on when nobody
     * could be chosen.
     */
    public Uni<Void> keep(
            UnitOfWork unit,
            WaitingReferral referral,
            AgencyChoice choice,
            Optional<AgencyChoice.Offer> chosen,
            Instant at) {
        List<ChoiceOffer> offers = new ArrayList<>();
        choice.offers().forEach(offer -> offers.add(new ChoiceOffer(referral.task(), offers.size() + 1, offer)));
        return unit.session()
                .find(ChoiceList.class, referral.task())
                .chain(found -> {
                    ChoiceList list = Optional.ofNullable(found).orElseGet(() -> new ChoiceList(referral));
                    list.decide(chosen, at);
                    return unit.session().persist(list);
                })
                .chain(() -> removeOffers(unit, referral))
                .chain(() -> unit.session().persistAll(offers.toArray()))
                .chain(() -> unit.session().flush());
    }

    /** Returns whom the platform asked by {@code task}, an id; empty when it chose nobody. */
    public Uni<Optional<AgencyChoice.Asked>> asked(UnitOfWork unit, String task) {
        return unit.session()
                .find(ChoiceList.class, task)
                .map(found -> Optional.ofNullable(found).flatMap(ChoiceList::asked));
    }

    /** No choice is awaited any more: the Task moved on without one. */
    public Uni<Void> settle(UnitOfWork unit, WaitingReferral referral) {
        return unit.session()
                .find(ChoiceList.class, referral.task())
                .invoke(ChoiceList::settle)
                .replaceWithVoid();
    }

    /** Returns the referrals of {@code patient} that wait for an agency, longest waiting first. */
    public Uni<List<WaitingReferral>> waitingFor(UnitOfWork unit, String patient) {
        return unit.session()
                .createQuery(OPEN + " and c.patient = :patient order by c.decidedAt, c.task", ChoiceList.class)
                .setParameter("patient", patient)
                .getResultList()
                .map(ChoiceLists::referrals);
    }

    /** Returns at most {@code limit} referrals that wait for an agency, longest waiting first. */
    public Uni<List<WaitingReferral>> waiting(UnitOfWork unit, int limit) {
        return unit.session()
                .createQuery(OPEN + " order by c.decidedAt, c.task", ChoiceList.class)
                .setMaxResults(limit)
                .getResultList()
                .map(ChoiceLists::referrals);
    }

    private static Uni<Integer> removeOffers(UnitOfWork unit, WaitingReferral referral) {
        return unit.session()
                .createMutationQuery("delete from ChoiceOffer o where o.task = :task")
                .setParameter("task", referral.task())
                .executeUpdate();
    }

    private static List<WaitingReferral> referrals(List<ChoiceList> lists) {
        return lists.stream().map(ChoiceList::referral).toList();
    }
}
