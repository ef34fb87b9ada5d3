package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.BundleWriter;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.patients.app.FindLastObservations;

/** {@code Observation/$lastn}; what a caller may search, it may ask this of. */
@Path("/fhir/Observation/{operation:([$]|%24)lastn}")
@Authenticated
public class LastObservationsEndpoint {

    private final CallerOfRequest request;
    private final FindLastObservations findLastObservations;
    private final BundleWriter bundles;
    private final FhirResponses responses;

    LastObservationsEndpoint(
            CallerOfRequest request,
            FindLastObservations findLastObservations,
            BundleWriter bundles,
            FhirResponses responses) {
        this.request = request;
        this.findLastObservations = findLastObservations;
        this.bundles = bundles;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@Context HttpServerRequest http) {
        return answer(OperationInput.read(http, null));
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@Context HttpServerRequest http, byte[] body) {
        return answer(OperationInput.read(http, body));
    }

    private Uni<Response> answer(OperationInput asked) {
        return findLastObservations
                .handle(asked, request.shown(findLastObservations.type()), request::requireHops)
                .map(found -> responses.json(bundles.searchset(
                        findLastObservations.type() + "/$" + findLastObservations.name(), asked.texts(), found)));
    }
}
