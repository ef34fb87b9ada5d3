package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.transitions.app.MeasureTransition;

/** {@code EpisodeOfCare/id/$transition-measures}, for who coordinates and may read the episode. */
@Path("/fhir/EpisodeOfCare/{id}/{operation:([$]|%24)transition-measures}")
@Authenticated
public class TransitionMeasuresEndpoint {

    private final CallerOfRequest request;
    private final MeasureTransition measureTransition;
    private final FhirResponses responses;

    TransitionMeasuresEndpoint(CallerOfRequest request, MeasureTransition measureTransition, FhirResponses responses) {
        this.request = request;
        this.measureTransition = measureTransition;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@PathParam("id") String id, @Context HttpServerRequest http) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        OperationInput.read(http, null).allow();
        return measureTransition
                .handle(id, request.access(measureTransition.type(), Interaction.READ))
                .map(responses::json);
    }
}
