package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.transitions.app.KeepChecklist;

/** {@code EpisodeOfCare/id/$discharge-checklist}: GET for who may read the episode, POST for who may change it. */
@Path("/fhir/EpisodeOfCare/{id}/{operation:([$]|%24)discharge-checklist}")
@Authenticated
public class ChecklistEndpoint {

    private final CallerOfRequest request;
    private final KeepChecklist keepChecklist;
    private final FhirResponses responses;

    ChecklistEndpoint(CallerOfRequest request, KeepChecklist keepChecklist, FhirResponses responses) {
        this.request = request;
        this.keepChecklist = keepChecklist;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@PathParam("id") String id, @Context HttpServerRequest http) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        return keepChecklist
                .tell(id, OperationInput.read(http, null), request.access(keepChecklist.type(), Interaction.READ))
                .map(responses::json);
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@PathParam("id") String id, @Context HttpServerRequest http, byte[] body) {
        Caller caller = request.require(Role.COORDINATOR, Role.SERVICE);
        return keepChecklist
                .record(
                        id,
                        OperationInput.read(http, body),
                        caller,
                        request.access(keepChecklist.type(), Interaction.UPDATE))
                .map(responses::json);
    }
}
