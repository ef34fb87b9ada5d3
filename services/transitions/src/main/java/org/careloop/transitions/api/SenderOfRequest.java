package org.careloop.transitions.api;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;

/** Whose messages a request may bring. */
@Singleton
class SenderOfRequest {

    private static final String SCOPE = "hl7v2.send";

    private final CallerOfRequest request;

    SenderOfRequest(CallerOfRequest request) {
        this.request = request;
    }

    /**
     * Returns the id of the Organization that the token speaks for; empty for the platform itself. Fails with {@link
     * ProblemCode#FORBIDDEN} when the token does not let it send.
     */
    Optional<String> organization() {
        Caller caller = request.require(Role.EVENT_SOURCE, Role.SERVICE);
        if (!caller.isPlatform() && !caller.scopes().contain(SCOPE)) {
            throw new FhirProblem(ProblemCode.FORBIDDEN, "scope: does not allow this (expected: " + SCOPE + ")");
        }
        if (!caller.isPlatform() && caller.organization().isEmpty()) {
            throw new FhirProblem(ProblemCode.FORBIDDEN, "access token: no organization (expected: the sender's)");
        }
        return caller.isPlatform() ? Optional.empty() : caller.organization();
    }
}
