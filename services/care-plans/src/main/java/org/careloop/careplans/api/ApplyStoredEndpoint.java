package org.careloop.careplans.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;

/** {@code PlanDefinition/id/$apply}. */
@Path("/fhir/PlanDefinition/{id}/{operation:([$]|%24)apply}")
@Authenticated
public class ApplyStoredEndpoint {

    private final ApplyAnswer answer;

    ApplyStoredEndpoint(ApplyAnswer answer) {
        this.answer = answer;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@PathParam("id") String id, @Context HttpServerRequest http, byte[] body) {
        return answer.ofStored(id, http, body);
    }
}
