package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ResourceKey;

/**
 * The history of a resource and of a type. That of a type shows what a search shows, so it needs the scope of searches, as
 * SMART says.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
public class HistoryEndpoint {

    private final CallerOfRequest request;
    private final ReadHistory readHistory;
    private final FhirResponses responses;

    HistoryEndpoint(CallerOfRequest request, ReadHistory readHistory, FhirResponses responses) {
        this.request = request;
        this.readHistory = readHistory;
        this.responses = responses;
    }

    @GET
    @Path("/{id}/_history")
    public Uni<Response> ofResource(
            @PathParam("type") String type, @PathParam("id") String id, @Context HttpServerRequest http) {
        return readHistory
                .handle(ResourceKey.of(type, id), Queries.of(http), request.access(type, Interaction.READ))
                .map(responses::json);
    }

    @GET
    @Path("/_history")
    public Uni<Response> ofType(@PathParam("type") String type, @Context HttpServerRequest http) {
        return readHistory
                .handle(Set.of(type), Queries.of(http), request.shown(type))
                .map(responses::json);
    }
}
