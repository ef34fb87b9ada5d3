package org.careloop.gateway.app;

import java.util.Set;
import org.careloop.fhirsearch.SearchRequest.Include;

/** An include with the types that it may add, of those that services hold. */
record Lead(Include include, Set<String> types) {

    /** Whether it goes on from what it added itself. */
    boolean iterates() {
        return include.iterate();
    }

    boolean isForward() {
        return !include.reverse();
    }
}
