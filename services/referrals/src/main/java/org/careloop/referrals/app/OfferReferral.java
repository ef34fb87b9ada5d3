package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.PlannedOrders;
import org.careloop.referrals.domain.PlannedOrders.Offered;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.Task;

/** Asks the agencies that were chosen for a referral: one or, where the rules say so, several at once. */
@Singleton
class OfferReferral {

    /** Stores a referral that is addressed now: whoever asks knows what of it is stored already. */
    interface Store {
        Uni<Void> store(Offered offered);
    }

    private final Offers offers;
    private final ChoiceLists lists;
    private final Clock clock;

    OfferReferral(Offers offers, ChoiceLists lists, Clock clock) {
        this.offers = offers;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Addresses {@code referral}, which names no agency, to the best of {@code choice}, stores it and keeps the choice; without an
     * agency its Task waits.
     */
    Uni<Void> handle(Referral referral, WaitingReferral waiting, AgencyChoice choice, Store store, UnitOfWork unit) {
        List<Offer> best = choice.best(offers.atOnce(referral.task()));
        Offered offered = PlannedOrders.address(referral, best);
        return store.store(offered)
                .chain(() -> InTurn.each(
                        IntStream.range(0, offered.tasks().size()).boxed().toList(),
                        place -> keep(offered.tasks().get(place), waiting, choice, offer(best, place), unit)));
    }

    /** Keeps that there is nobody to ask yet. */
    Uni<Void> keepWaiting(WaitingReferral waiting, AgencyChoice choice, UnitOfWork unit) {
        return lists.keep(unit, waiting, choice, Optional.empty(), clock.instant());
    }

    private Uni<Void> keep(
            Task task, WaitingReferral waiting, AgencyChoice choice, Optional<Offer> chosen, UnitOfWork unit) {
        String id = task.getIdElement().getIdPart();
        return lists.keep(unit, waiting.by(id), choice, chosen, clock.instant())
                .invoke(() -> chosen.ifPresentOrElse(
                        offer -> LOG.referred(id, offer.organization()), () -> LOG.referralWaits(id)));
    }

    private static Optional<Offer> offer(List<Offer> best, int place) {
        return place < best.size() ? Optional.of(best.get(place)) : Optional.empty();
    }
}
