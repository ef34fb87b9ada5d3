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
import org.careloop.transitions.app.KeepDelays;

/** {@code Encounter/id/$avoidable-days}: GET for who may read the stay, POST for who may change it; not for agencies or the person. */
@Path("/fhir/Encounter/{id}/{operation:([$]|%24)avoidable-days}")
@Authenticated
public class AvoidableDaysEndpoint {

    private final CallerOfRequest request;
    private final KeepDelays keepDelays;
    private final FhirResponses responses;

    AvoidableDaysEndpoint(CallerOfRequest request, KeepDelays keepDelays, FhirResponses responses) {
        this.request = request;
        this.keepDelays = keepDelays;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@PathParam("id") String id, @Context HttpServerRequest http) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        OperationInput.read(http, null).allow();
        return keepDelays
                .tell(id, request.access(keepDelays.type(), Interaction.READ))
                .map(responses::json);
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@PathParam("id") String id, @Context HttpServerRequest http, byte[] body) {
        Caller caller = request.require(Role.COORDINATOR, Role.SERVICE);
        return keepDelays
                .record(
                        id,
                        OperationInput.read(http, body),
                        caller,
                        request.access(keepDelays.type(), Interaction.UPDATE))
                .map(responses::json);
    }
}
