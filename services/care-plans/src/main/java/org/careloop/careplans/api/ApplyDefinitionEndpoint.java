package org.careloop.careplans.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;

/** {@code PlanDefinition/$apply}, of a protocol that is sent along. */
@Path("/fhir/PlanDefinition/{operation:([$]|%24)apply}")
@Authenticated
public class ApplyDefinitionEndpoint {

    private final ApplyAnswer answer;

    ApplyDefinitionEndpoint(ApplyAnswer answer) {
        this.answer = answer;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@Context HttpServerRequest http, byte[] body) {
        return answer.ofSent(http, body);
    }
}
