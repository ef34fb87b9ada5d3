package org.careloop.transitions.domain.document;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.calleraccess.ConsentProvision;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Consent.ConsentState;
import org.hl7.fhir.r4.model.Resource;

/**
 * To whom a document is not sent without a person's decision: a consent of the patient denies them something of the record, and what
 * it denies cannot be cut out of a document that is made for all. Noted as tags of the Composition that this service keeps, not of
 * the document.
 */
public final class Disclosure {

    private static final String SCOPE = "patient-privacy";

    private Disclosure() {}

    /** Returns the tags that {@code resources} make necessary, sorted. */
    public static List<Coding> limits(Collection<? extends Resource> resources) {
        Set<String> denied = new TreeSet<>();
        for (Resource resource : resources) {
            if (resource instanceof Consent consent
                    && consent.getStatus() == ConsentState.ACTIVE
                    && consent.getScope().getCoding().stream().anyMatch(scope -> SCOPE.equals(scope.getCode()))) {
                ConsentProvision.of(consent).stream()
                        .filter(rule -> !rule.permit())
                        .forEach(rule -> denied.addAll(whom(rule)));
            }
        }
        return denied.stream()
                .map(code -> new Coding(SharedTerms.NOT_SENT_TO_SYSTEM, code, null))
                .toList();
    }

    /** Returns {@code composition} with {@code limits} alone as its tags of this kind. */
    public static Composition limited(Composition composition, List<Coding> limits) {
        Composition copy = composition.copy();
        copy.getMeta().getTag().removeIf(tag -> SharedTerms.NOT_SENT_TO_SYSTEM.equals(tag.getSystem()));
        limits.forEach(limit -> copy.getMeta().addTag(limit.copy()));
        return copy;
    }

    private static Set<String> whom(ConsentProvision rule) {
        return Optional.of(rule.organizations())
                .flatMap(organizations -> organizations)
                .orElse(Set.of(SharedTerms.NOT_SENT_TO_ANY_PARTNER));
    }
}
