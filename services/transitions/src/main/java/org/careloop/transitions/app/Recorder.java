package org.careloop.transitions.app;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;

/** Who writes something down, as the server knows it. */
final class Recorder {

    private Recorder() {}

    /** The organisation, and the person of it, or the system. */
    static String of(Caller caller) {
        return Stream.concat(
                        caller.organizationReference().stream(),
                        Stream.of(caller.person()
                                .filter(ignored -> !caller.scopes().areOfSystem())
                                .orElse(caller.client())))
                .collect(Collectors.joining(" "));
    }
}
