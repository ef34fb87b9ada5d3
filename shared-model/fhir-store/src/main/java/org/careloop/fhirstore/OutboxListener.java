package org.careloop.fhirstore;

/** Told after a commit that events wait; a hint that saves waiting, never the guarantee. */
public interface OutboxListener {

    /** Returns at once. */
    void outboxFilled();
}
