package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.patch.Patch;

/**
 * Patch of one resource, named by its id or by criteria. A caller needs what an update needs.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#patch">FHIR R4 patch</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
@Consumes({Patch.JSON_PATCH, Patch.MERGE_PATCH, FhirJson.MEDIA_TYPE})
public class PatchEndpoint {

    private final CallerOfRequest request;
    private final ResourceInteractions interactions;
    private final FhirResponses responses;

    PatchEndpoint(CallerOfRequest request, ResourceInteractions interactions, FhirResponses responses) {
        this.request = request;
        this.interactions = interactions;
        this.responses = responses;
    }

    @PATCH
    @Path("/{id}")
    public Uni<Response> patch(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) Optional<String> contentType,
            byte[] body) {
        return interactions
                .patch(
                        request.caller(),
                        request.access(type, Interaction.UPDATE),
                        ResourceKey.of(type, id),
                        Patch.read(mediaType(contentType), body),
                        ifMatch.map(ETag::parse))
                .map(saved -> responses.saved(saved, Return.of(prefer)));
    }

    @PATCH
    public Uni<Response> patchMatching(
            @PathParam("type") String type,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) Optional<String> contentType,
            @Context HttpServerRequest http,
            byte[] body) {
        return interactions
                .patchMatching(
                        request.caller(),
                        request.access(type, Interaction.UPDATE),
                        request.criteria(type, Queries.criteria(http)),
                        Patch.read(mediaType(contentType), body),
                        ifMatch.map(ETag::parse))
                .map(saved -> responses.saved(saved, Return.of(prefer)));
    }

    private static String mediaType(Optional<String> contentType) {
        return contentType
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }
}
