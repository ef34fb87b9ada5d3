package org.careloop.careplans.app;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;

/** The references that stand for a caller in resources: its organisation, the patient that it is. */
final class CallerReferences {

    private CallerReferences() {}

    static Set<String> of(Caller caller) {
        return Stream.concat(
                        caller.organizationReference().stream(),
                        caller.patient().map(id -> "Patient/" + id).stream())
                .collect(Collectors.toSet());
    }
}
