package org.careloop.transitions.domain;

import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * The earlier stay that a stay follows from.
 *
 * @param encounterId of the stay whose discharge came last before it
 * @param firstId of the stay with which that began: another where it was reached by direct transfers, which make one stay
 * @param firstRelation where the patient only went on to this stay from another, how the first of them follows from one before; else empty
 * @param days from the day of the discharge to the day of the admission
 * @param rules the version of the rules that say so
 */
public record IndexStay(
        String encounterId,
        String firstId,
        StayRelation relation,
        Optional<StayRelation> firstRelation,
        int days,
        String rules) {

    /** Adds to {@code episode}, which does not show it yet, what it follows from. */
    public void showIn(EpisodeOfCare episode) {
        episode.addType(relation.concept());
        Extension extension = episode.addExtension().setUrl(SharedTerms.INDEX_STAY_EXTENSION);
        extension.addExtension("encounter", new Reference("Encounter/" + encounterId));
        extension.addExtension("first", new Reference("Encounter/" + firstId));
        extension.addExtension("relation", new CodeType(relation.code()));
        firstRelation.ifPresent(first -> extension.addExtension("first-relation", new CodeType(first.code())));
        extension.addExtension("days", new IntegerType(days));
        extension.addExtension("rules", new StringType(rules));
    }
}
