package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.transitions.app.TellDocument;

/** {@code Encounter/id/$transition-document}; agencies and patients are sent the document, they do not have it made. */
@Path("/fhir/Encounter/{id}/{operation:([$]|%24)transition-document}")
@Authenticated
public class TransitionDocumentEndpoint {

    private final CallerOfRequest request;
    private final AccessPolicy policy;
    private final TellDocument tellDocument;
    private final FhirResponses responses;

    TransitionDocumentEndpoint(
            CallerOfRequest request, AccessPolicy policy, TellDocument tellDocument, FhirResponses responses) {
        this.request = request;
        this.policy = policy;
        this.tellDocument = tellDocument;
        this.responses = responses;
    }

    @POST
    public Uni<Response> post(@PathParam("id") String id) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.EVENT_SOURCE, Role.SERVICE);
        return tellDocument
                .handle(
                        id,
                        request.access(tellDocument.type(), Interaction.READ),
                        policy.open(request.caller(), "Bundle", Interaction.READ))
                .map(responses::json);
    }
}
