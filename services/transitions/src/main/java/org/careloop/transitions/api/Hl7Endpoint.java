package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.transitions.app.ReceiveMessage;
import org.careloop.transitions.store.Hl7MessageRecord.Source;

/** HL7 v2 over HTTP: 200 with an AA, 422 with an AE or AR; the body is the acknowledgement in both cases. */
@Path("/hl7v2")
@Authenticated
public class Hl7Endpoint {

    private static final String MEDIA_TYPE = "application/hl7-v2";
    private static final String SCOPE = "hl7v2.send";

    private final CallerOfRequest request;
    private final ReceiveMessage receiveMessage;

    Hl7Endpoint(CallerOfRequest request, ReceiveMessage receiveMessage) {
        this.request = request;
        this.receiveMessage = receiveMessage;
    }

    @POST
    @Consumes({MEDIA_TYPE, "x-application/hl7-v2+er7"})
    public Uni<Response> receive(byte[] message) {
        Caller caller = request.require(Role.EVENT_SOURCE, Role.SERVICE);
        if (!caller.isPlatform() && !caller.scopes().contain(SCOPE)) {
            throw new FhirProblem(ProblemCode.FORBIDDEN, "scope: does not allow this (expected: " + SCOPE + ")");
        }
        if (!caller.isPlatform() && caller.organization().isEmpty()) {
            throw new FhirProblem(ProblemCode.FORBIDDEN, "access token: no organization (expected: the sender's)");
        }
        Optional<String> organization = caller.isPlatform() ? Optional.empty() : caller.organization();
        return receiveMessage
                .handle(message, Source.http(organization))
                .map(answer -> Response.status(answer.accepted() ? 200 : ProblemCode.MESSAGE_REJECTED.status())
                        .entity(answer.acknowledgement())
                        .type(MEDIA_TYPE)
                        .build());
    }
}
