package org.careloop.careplans.domain;

import java.util.Optional;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/**
 * Who writes, as the server knows it.
 *
 * @param organization literal reference
 * @param person who of its people; empty for a system
 * @param ofAgency whether the organisation works for the plan as an agency
 */
public record Writer(Optional<String> organization, Optional<Identifier> person, boolean ofAgency) {

    Reference reference() {
        Reference reference = new Reference();
        organization.ifPresent(reference::setReference);
        person.ifPresent(who -> reference.setIdentifier(who.copy()));
        return reference;
    }

    /** Whether it is of the organisation that wrote {@code communication}, as far as that is known. */
    boolean isOfSameOrganization(Communication communication) {
        Extension by = communication.getExtensionByUrl(CommunicationTerms.ENTERED_BY);
        return by == null
                || by.getValue() instanceof Reference reference
                        && organization.equals(Optional.ofNullable(reference.getReference()));
    }

    /** Whether it is the same person that {@code extension} of {@code communication} names. */
    boolean is(Communication communication, String extension) {
        Extension named = communication.getExtensionByUrl(extension);
        return person.isPresent()
                && named != null
                && named.getValue() instanceof Reference reference
                && person.get().equalsDeep(reference.getIdentifier());
    }
}
