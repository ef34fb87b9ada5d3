package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Role;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.transitions.app.ReviewDischarges;

/** {@code EpisodeOfCare/$discharge-review}; of episodes that the caller may search. */
@Path("/fhir/EpisodeOfCare/{operation:([$]|%24)discharge-review}")
@Authenticated
public class DischargeReviewEndpoint {

    private final CallerOfRequest request;
    private final ReviewDischarges reviewDischarges;
    private final FhirResponses responses;

    DischargeReviewEndpoint(CallerOfRequest request, ReviewDischarges reviewDischarges, FhirResponses responses) {
        this.request = request;
        this.reviewDischarges = reviewDischarges;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@Context HttpServerRequest http) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        return reviewDischarges
                .handle(OperationInput.read(http, null), request.shown(reviewDischarges.type()))
                .map(responses::json);
    }
}
