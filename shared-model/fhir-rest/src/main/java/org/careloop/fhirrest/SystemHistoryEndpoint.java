package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirstore.ResourceStore;

/**
 * The history of all that this service holds, as far as it is open to the caller.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a>
 */
@Path("/fhir/_history")
@Authenticated
public class SystemHistoryEndpoint {

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final ReadHistory readHistory;
    private final FhirResponses responses;

    SystemHistoryEndpoint(
            CallerOfRequest request, ResourceStore store, ReadHistory readHistory, FhirResponses responses) {
        this.request = request;
        this.store = store;
        this.readHistory = readHistory;
        this.responses = responses;
    }

    @GET
    public Uni<Response> history(@Context HttpServerRequest http) {
        return readHistory
                .handle(store.types(), Queries.of(http), request.shown(store.types()))
                .map(responses::json);
    }
}
