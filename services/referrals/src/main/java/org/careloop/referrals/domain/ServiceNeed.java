package org.careloop.referrals.domain;

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
 * @param postalCode in capitals, without blanks and hyphens
 * @param languages primary subtags in small letters ({@code en})
 * @param wished whom the person chose: literal references of Organizations and HealthcareServices
 * @param agreements those of who asks
 * @param declined Organizations, as literal references, that are not asked any more
 */
public record ServiceNeed(
        String key,
        List<Coding> serviceTypes,
        Optional<String> postalCode,
        Optional<String> state,
        List<String> languages,
        Set<String> wished,
        List<Agreement> agreements,
        Set<String> declined) {

    /** Returns the need of {@code referral} at {@code home}, asked by who has {@code agreements}, that {@code declined} will not serve. */
    public static ServiceNeed of(
            WaitingReferral referral, HomeArea home, List<Agreement> agreements, Set<String> declined) {
        return new ServiceNeed(
                referral.key(),
                referral.serviceTypes(),
                home.postalCode(),
                home.state(),
                home.languages(),
                referral.wished(),
                agreements,
                declined);
    }

    static String normalized(@Nullable String postalCode) {
        return postalCode == null ? "" : postalCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    }
}
