package org.careloop.referrals.domain;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.Nullable;

/**
 * What service is needed and where.
 *
 * @param key tells this need from others; decides between equal agencies
 * @param serviceTypes any of these, as {@code HealthcareService.type} or {@code category}
 * @param when it is needed; empty where nobody said
 * @param wished whom the person chose: literal references of Organizations and HealthcareServices
 * @param agreements those of who asks
 * @param declined Organizations, as literal references, that are not asked any more
 * @param at when the agency is chosen, in the zone of the services' hours
 */
public record ServiceNeed(
        String key,
        List<Coding> serviceTypes,
        PersonServed person,
        Optional<TimeNeeded> when,
        Set<String> wished,
        List<Agreement> agreements,
        Set<String> declined,
        ZonedDateTime at) {

    /**
     * Returns the need of {@code referral} for {@code person}, asked by who has {@code agreements}, that {@code declined} will not serve, as
     * it is {@code at} a time in the zone of the services.
     */
    public static ServiceNeed of(
            WaitingReferral referral,
            PersonServed person,
            List<Agreement> agreements,
            Set<String> declined,
            ZonedDateTime at) {
        return new ServiceNeed(
                referral.key(),
                referral.serviceTypes(),
                person,
                referral.when(),
                referral.wished(),
                agreements,
                declined,
                at);
    }

    static String normalized(@Nullable String postalCode) {
        return postalCode == null ? "" : postalCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    }
}
