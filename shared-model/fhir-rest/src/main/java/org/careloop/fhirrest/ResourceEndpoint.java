package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;

/**
 * Read, vread, search, create, update and delete of every type that this service holds.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
public class ResourceEndpoint {

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final ResourceInteractions interactions;
    private final FhirResponses responses;
    private final BundleWriter bundles;
    private final FhirRestConfig config;

    ResourceEndpoint(
            CallerOfRequest request,
            ResourceStore store,
            ResourceInteractions interactions,
            FhirResponses responses,
            BundleWriter bundles,
            FhirRestConfig config) {
        this.request = request;
        this.store = store;
        this.interactions = interactions;
        this.responses = responses;
        this.bundles = bundles;
        this.config = config;
    }

    @GET
    @Path("/{id}")
    public Uni<Response> read(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) Optional<String> ifNoneMatch) {
        ResourceKey key = ResourceKey.of(type, id);
        return store.find(key, request.access(type, Interaction.READ))
                .map(found -> responses.read(present(key, found), ifNoneMatch));
    }

    @GET
    @Path("/{id}/_history/{version}")
    public Uni<Response> readVersion(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @PathParam("version") String version,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) Optional<String> ifNoneMatch) {
        ResourceKey key = ResourceKey.of(type, id);
        return store.findVersion(key, versionNumber(version), request.access(type, Interaction.READ))
                .map(found -> responses.read(present(key, found), ifNoneMatch));
    }

    @GET
    public Uni<Response> search(@PathParam("type") String type, @Context HttpServerRequest http) {
        return search(type, Queries.of(http));
    }

    @POST
    @Path("/_search")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> searchByPost(@PathParam("type") String type, @Context HttpServerRequest http, String form) {
        List<QueryParameter> parameters = new ArrayList<>(Queries.of(http));
        parameters.addAll(QueryParameter.parse(form));
        return search(type, parameters);
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> create(
            @PathParam("type") String type,
            @HeaderParam("If-None-Exist") Optional<String> ifNoneExist,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            byte[] body) {
        Caller caller = request.caller();
        Condition access = request.access(type, Interaction.CREATE);
        return Bodies.read(type, body)
                .chain(resource -> interactions.create(caller, access, resource, ifNoneExist))
                .map(saved -> responses.created(saved.resource(), saved.created(), FhirResponses.Return.of(prefer)));
    }

    @PUT
    @Path("/{id}")
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> update(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            byte[] body) {
        ResourceKey key = ResourceKey.of(type, id);
        Caller caller = request.caller();
        Condition access = request.access(type, Interaction.UPDATE);
        Optional<ETag> expected = ifMatch.map(ETag::parse);
        return Bodies.read(key, body)
                .chain(resource -> interactions.update(caller, access, resource, expected))
                .map(saved -> saved.created()
                        ? responses.created(saved.resource(), true, FhirResponses.Return.of(prefer))
                        : responses.updated(saved.resource(), FhirResponses.Return.of(prefer)));
    }

    @DELETE
    @Path("/{id}")
    public Uni<Response> delete(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch) {
        return interactions
                .delete(
                        request.caller(),
                        request.access(type, Interaction.DELETE),
                        ResourceKey.of(type, id),
                        ifMatch.map(ETag::parse))
                .map(responses::deleted);
    }

    /** Refused by hand: without a method of its own, the URL of a resource would be called unknown. */
    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.WILDCARD)
    public Uni<Response> patch() {
        throw new FhirProblem(ProblemCode.METHOD_NOT_ALLOWED, "method: PATCH is not supported (expected: PUT)");
    }

    private Uni<Response> search(String type, List<QueryParameter> parameters) {
        var shown = request.shown(type);
        SearchRequest search = store.parser().parse(type, parameters);
        return store.search(search, shown).map(page -> responses.json(bundles.searchset(search, page)));
    }

    private static long versionNumber(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "version: unknown (expected: a number from 1 on)");
        }
    }

    private static StoredResource present(ResourceKey key, Optional<StoredResource> found) {
        StoredResource resource = found.orElseThrow(() -> notFound(key));
        if (resource.deleted()) {
            throw new FhirProblem(ProblemCode.RESOURCE_GONE, key.type() + ": deleted");
        }
        return resource;
    }

    private static FhirProblem notFound(ResourceKey key) {
        return new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, key.type() + ": no such resource");
    }
}
