package org.careloop.referrals.api;

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
import org.careloop.referrals.app.FindStaleListings;

/** {@code HealthcareService/$stale}; for who may search listings and their verifications. */
@Path("/fhir/HealthcareService/{operation:([$]|%24)stale}")
@Authenticated
public class StaleListingsEndpoint {

    private final CallerOfRequest request;
    private final FindStaleListings findStaleListings;
    private final BundleWriter bundles;
    private final FhirResponses responses;

    StaleListingsEndpoint(
            CallerOfRequest request,
            FindStaleListings findStaleListings,
            BundleWriter bundles,
            FhirResponses responses) {
        this.request = request;
        this.findStaleListings = findStaleListings;
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
        return findStaleListings
                .handle(asked, request.shown(findStaleListings.type()), request::requireHops)
                .map(found -> responses.json(bundles.searchset(
                        findStaleListings.type() + "/$" + findStaleListings.name(), asked.texts(), found)));
    }
}
