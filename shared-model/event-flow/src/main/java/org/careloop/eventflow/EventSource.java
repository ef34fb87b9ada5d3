package org.careloop.eventflow;

import org.careloop.eventcontracts.Topics;

/** The changes of one FHIR type, told by the service that owns it. */
public record EventSource(String service, String type) {

    /** The topic on which the changes are told. */
    public String topic() {
        return Topics.of(service, type);
    }
}
