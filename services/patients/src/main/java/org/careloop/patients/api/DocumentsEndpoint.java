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
import org.careloop.patients.app.FindDocuments;

/** {@code DocumentReference/$docref}; what a caller may search, it may ask this of. */
@Path("/fhir/DocumentReference/{operation:([$]|%24)docref}")
@Authenticated
public class DocumentsEndpoint {

    private final CallerOfRequest request;
    private final FindDocuments findDocuments;
    private final BundleWriter bundles;
    private final FhirResponses responses;

    DocumentsEndpoint(
            CallerOfRequest request, FindDocuments findDocuments, BundleWriter bundles, FhirResponses responses) {
        this.request = request;
        this.findDocuments = findDocuments;
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
        return findDocuments
                .handle(asked, request.shown(findDocuments.type()))
                .map(found -> responses.json(
                        bundles.searchset(findDocuments.type() + "/$" + findDocuments.name(), asked.texts(), found)));
    }
}
