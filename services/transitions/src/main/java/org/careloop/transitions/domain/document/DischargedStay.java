package org.careloop.transitions.domain.document;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.hl7.fhir.r4.model.Encounter;

/**
 * The stay that a document is about.
 *
 * @param custodian id of the Organization that follows the patient, and keeps the document
 * @param zone of the site
 */
public record DischargedStay(
        Encounter encounter, String custodian, Optional<Instant> admitted, Instant discharged, ZoneId zone) {

    /** The id of the Encounter. */
    public String id() {
        return encounter.getIdElement().getIdPart();
    }

    String reference() {
        return "Encounter/" + id();
    }
}
