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

/**
 * Where a person is served, and in which languages: all of a Patient that the choice of an agency needs.
 *
 * @param postalCode in capitals, without blanks and hyphens
 * @param languages primary subtags in small letters ({@code en})
 */
public record HomeArea(Optional<String> postalCode, Optional<String> state, List<String> languages) {

    /** Returns the area of the home address, else of any that is neither old nor for bills. */
    public static HomeArea of(Patient patient) {
        Optional<Address> address = patient.getAddress().stream()
                .filter(some -> some.getUse() != AddressUse.OLD && some.getUse() != AddressUse.BILLING)
                .min(Comparator.comparing(some -> some.getUse() == AddressUse.HOME ? 0 : 1));
        return new HomeArea(
                address.map(Address::getPostalCode).map(ServiceNeed::normalized).filter(code -> !code.isEmpty()),
                address.map(Address::getState),
                patient.getCommunication().stream()
                        .map(PatientCommunicationComponent::getLanguage)
                        .flatMap(language -> language.getCoding().stream())
                        .filter(Coding::hasCode)
                        .map(coding -> coding.getCode().toLowerCase(Locale.ROOT).split("-")[0])
                        .distinct()
                        .toList());
    }
}
