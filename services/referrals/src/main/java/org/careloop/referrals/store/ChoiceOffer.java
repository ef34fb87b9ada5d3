package org.careloop.referrals.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.stream.Collectors;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.ChoiceReason;
import org.jspecify.annotations.NullUnmarked;

/** One agency of a choice list, in its place, with its reasons. */
@Entity
@Table(name = "choice_offer")
@IdClass(ChoiceOffer.Key.class)
@NullUnmarked
class ChoiceOffer {

    /** A place in a list. */
    record Key(String task, int place) {}

    @Id
    private String task;

    @Id
    private int place;

    private String service;
    private String organization;
    private String reasons;

    ChoiceOffer() {}

    AgencyChoice.Offer offer() {
        return new AgencyChoice.Offer(
                service,
                organization,
                ChoiceList.words(reasons).stream().map(ChoiceReason::valueOf).toList());
    }

    ChoiceOffer(String task, int place, AgencyChoice.Offer offer) {
        this.task = task;
        this.place = place;
        service = offer.service();
        organization = offer.organization();
        reasons = offer.reasons().stream().map(ChoiceReason::name).collect(Collectors.joining(" "));
    }
}
