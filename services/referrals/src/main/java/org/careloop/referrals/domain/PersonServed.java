package org.careloop.referrals.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.PatientCommunicationComponent;

/**
 * Who is served, where and in which languages: all of a Patient that the choice of an agency needs.
 *
 * @param postalCode in capitals, without blanks and hyphens
 * @param languages primary subtags in small letters ({@code en})
 * @param gender a code of administrative-gender; empty where nobody knows it
 */
public record PersonServed(
        Optional<String> postalCode,
        Optional<String> state,
        List<String> languages,
        Optional<BirthDate> birthDate,
        Optional<String> gender) {

    /** The elements of a Patient that {@link #of} reads. */
    public static final Set<String> ELEMENTS = Set.of("address", "communication", "birthDate", "gender");

    /** Returns the person at the home address, else at any that is neither old nor for bills. */
    public static PersonServed of(Patient patient) {
        Optional<Address> address = patient.getAddress().stream()
                .filter(some -> some.getUse() != AddressUse.OLD && some.getUse() != AddressUse.BILLING)
                .min(Comparator.comparing(some -> some.getUse() == AddressUse.HOME ? 0 : 1));
        return new PersonServed(
                address.map(Address::getPostalCode).map(ServiceNeed::normalized).filter(code -> !code.isEmpty()),
                address.map(Address::getState),
                patient.getCommunication().stream()
                        .map(PatientCommunicationComponent::getLanguage)
                        .flatMap(language -> language.getCoding().stream())
                        .filter(Coding::hasCode)
                        .map(coding -> coding.getCode().toLowerCase(Locale.ROOT).split("-")[0])
                        .distinct()
                        .toList(),
                BirthDate.of(patient.getBirthDateElement()),
                Optional.ofNullable(patient.getGender())
                        .filter(gender -> gender != AdministrativeGender.UNKNOWN && gender != AdministrativeGender.NULL)
                        .map(AdministrativeGender::toCode));
    }
}
