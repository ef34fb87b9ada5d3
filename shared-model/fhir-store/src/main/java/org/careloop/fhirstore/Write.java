package org.careloop.fhirstore;

import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.hl7.fhir.r4.model.Resource;

/**
 * A change that a {@link WriteRule} judges.
 *
 * @param previous the current version; absent when the resource is new or its type has no rules
 * @param next what the caller wants to store; for a deletion the current version
 */
public record Write(Interaction interaction, Caller caller, Optional<Resource> previous, Resource next) {

    /** Returns {@link #previous} as {@code type}. */
    public <T extends Resource> Optional<T> previous(Class<T> type) {
        return previous.map(type::cast);
    }
}
