package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.Condition;

/**
 * Update and deletion of what criteria match.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#cond-update">FHIR R4 conditional update</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
public class ConditionalEndpoint {

    private final CallerOfRequest request;
    private final ResourceInteractions interactions;
    private final FhirResponses responses;

    ConditionalEndpoint(CallerOfRequest request, ResourceInteractions interactions, FhirResponses responses) {
        this.request = request;
        this.interactions = interactions;
        this.responses = responses;
    }

    @PUT
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> update(
            @PathParam("type") String type,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @Context HttpServerRequest http,
            byte[] body) {
        Caller caller = request.caller();
        Condition access = request.access(type, Interaction.UPDATE);
        Optional<ETag> expected = ifMatch.map(ETag::parse);
        Criteria criteria = request.criteria(type, Queries.criteria(http));
        return Bodies.readForCriteria(type, body)
                .chain(resource -> interactions.updateMatching(
                        caller, access, () -> request.access(type, Interaction.CREATE), resource, criteria, expected))
                .map(saved -> responses.saved(saved, Return.of(prefer)));
    }

    @DELETE
    public Uni<Response> delete(
            @PathParam("type") String type,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @Context HttpServerRequest http) {
        return interactions
                .deleteMatching(
                        request.caller(),
                        request.access(type, Interaction.DELETE),
                        request.criteria(type, Queries.criteria(http)))
                .map(deleted -> responses.deleted(Optional.empty(), Return.of(prefer)));
    }
}
