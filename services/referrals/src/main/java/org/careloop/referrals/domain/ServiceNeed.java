package org.careloop.referrals.domain;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.Nullable;

/**
 * What service is needed and where.
 *
 * @param key tells this need from others; decides between equal agencies
 * @param serviceTypes any of these, as {@code HealthcareService.type} or {@code category}
 * @param postalCode in capitals, without blanks and hyphens
 * @param languages primary subtags in small letters ({@code en})
 */
public record ServiceNeed(
        String key,
        List<Coding> serviceTypes,
        Optional<String> postalCode,
        Optional<String> state,
        List<String> languages) {

    /** Returns the need for one of {@code serviceTypes} at {@code home}. */
    public static ServiceNeed of(String key, List<Coding> serviceTypes, HomeArea home) {
        return new ServiceNeed(key, serviceTypes, home.postalCode(), home.state(), home.languages());
    }

    static String normalized(@Nullable String postalCode) {
        return postalCode == null ? "" : postalCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    }
}
