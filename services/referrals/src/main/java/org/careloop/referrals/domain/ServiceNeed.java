package org.careloop.referrals.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.PatientCommunicationComponent;
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

    /** Returns the need that {@code activity} has for {@code patient}: served at home, in a language that is spoken. */
    public static ServiceNeed of(PlannedActivity activity, Patient patient) {
        Optional<Address> address = patient.getAddress().stream()
                .filter(some -> some.getUse() != AddressUse.OLD && some.getUse() != AddressUse.BILLING)
                .min(Comparator.comparing(some -> some.getUse() == AddressUse.HOME ? 0 : 1));
        return new ServiceNeed(
                activity.key(),
                activity.requiredServices(),
                address.map(Address::getPostalCode).map(ServiceNeed::normalized).filter(code -> !code.isEmpty()),
                address.map(Address::getState),
                patient.getCommunication().stream()
                        .map(PatientCommunicationComponent::getLanguage)
                        .flatMap(language -> language.getCoding().stream())
                        .filter(Coding::hasCode)
                        .map(coding -> coding.getCode().toLowerCase(Locale.ROOT).split("-")[0])
                        .toList());
    }

    static String normalized(@Nullable String postalCode) {
        return postalCode == null ? "" : postalCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    }
}
