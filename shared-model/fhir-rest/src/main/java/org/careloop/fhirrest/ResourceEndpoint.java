package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.LenientSearch;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;

/**
 * Read, vread, search, create, update, delete and validate of every type that this service holds.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
public class ResourceEndpoint {

    /** Also as clients write it that encode the dollar, which URLs need not. */
    private static final String VALIDATE = "{operation:([$]|%24)validate}";

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final ResourceInteractions interactions;
    private final ValidateInteractions validate;
    private final FhirResponses responses;
    private final BundleWriter bundles;
    private final PageLinks pageLinks;

    ResourceEndpoint(
            CallerOfRequest request,
            ResourceStore store,
            ResourceInteractions interactions,
            ValidateInteractions validate,
            FhirResponses responses,
            BundleWriter bundles,
            PageLinks pageLinks) {
        this.request = request;
        this.store = store;
        this.interactions = interactions;
        this.validate = validate;
        this.responses = responses;
        this.bundles = bundles;
        this.pageLinks = pageLinks;
    }

    @GET
    @Path("/{id}")
    public Uni<Response> read(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) Optional<String> ifNoneMatch,
            @HeaderParam(HttpHeaders.IF_MODIFIED_SINCE) Optional<String> ifModifiedSince,
            @Context HttpServerRequest http) {
        ResourceKey key = ResourceKey.of(type, id);
        Shape shape = Shape.of(Queries.of(http));
        return store.find(key, request.access(type, Interaction.READ))
                .chain(found -> read(present(key, found), shape, ifNoneMatch, ifModifiedSince));
    }

    @GET
    @Path("/{id}/_history/{version}")
    public Uni<Response> readVersion(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @PathParam("version") String version,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) Optional<String> ifNoneMatch,
            @Context HttpServerRequest http) {
        ResourceKey key = ResourceKey.of(type, id);
        Shape shape = Shape.of(Queries.of(http));
        return store.findVersion(key, versionNumber(version), request.access(type, Interaction.READ))
                .chain(found -> read(present(key, found), shape, ifNoneMatch, Optional.empty()));
    }

    private Uni<Response> read(
            StoredResource resource, Shape shape, Optional<String> ifNoneMatch, Optional<String> ifModifiedSince) {
        return responses.isKnown(resource, ifNoneMatch, ifModifiedSince)
                ? Uni.createFrom().item(responses.notModified(resource))
                : shape.of(resource).map(shown -> responses.read(resource, shown.body()));
    }

    @GET
    public Uni<Response> search(
            @PathParam("type") String type,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) Optional<String> ifNoneMatch,
            @Context HttpServerRequest http) {
        return search(type, Queries.of(http), prefer, ifNoneMatch);
    }

    @POST
    @Path("/_search")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> searchByPost(
            @PathParam("type") String type,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @Context HttpServerRequest http,
            String form) {
        List<QueryParameter> parameters = new ArrayList<>(Queries.of(http));
        parameters.addAll(QueryParameter.parse(form));
        return search(type, parameters, prefer, Optional.empty());
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
        Optional<Criteria> unless = ifNoneExist.map(query -> request.criteria(type, query));
        return Bodies.read(type, body)
                .chain(resource -> interactions.create(caller, access, resource, unless))
                .map(saved -> responses.created(saved.resource(), saved.created(), Return.of(prefer)));
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
                .chain(resource -> interactions.update(
                        caller, access, () -> request.access(type, Interaction.CREATE), resource, expected))
                .map(saved -> responses.saved(saved, Return.of(prefer)));
    }

    @DELETE
    @Path("/{id}")
    public Uni<Response> delete(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer) {
        return interactions
                .delete(
                        request.caller(),
                        request.access(type, Interaction.DELETE),
                        ResourceKey.of(type, id),
                        ifMatch.map(ETag::parse))
                .map(deleted -> responses.deleted(deleted, Return.of(prefer)));
    }

    @POST
    @Path("/" + VALIDATE)
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> validate(
            @PathParam("type") String type,
            @QueryParam("mode") Optional<String> mode,
            @QueryParam("profile") Optional<String> profile,
            byte[] body) {
        return validate.validate(type, mode, profile, body);
    }

    @POST
    @Path("/{id}/" + VALIDATE)
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> validateInstance(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @QueryParam("mode") Optional<String> mode,
            @QueryParam("profile") Optional<String> profile,
            byte[] body) {
        return validate.validateInstance(type, id, mode, profile, body);
    }

    @GET
    @Path("/{id}/" + VALIDATE)
    public Uni<Response> validateStored(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @QueryParam("profile") Optional<String> profile) {
        return validate.validateStored(type, id, profile);
    }

    private Uni<Response> search(
            String type, List<QueryParameter> parameters, Optional<String> prefer, Optional<String> ifNoneMatch) {
        var shown = request.shown(type);
        String token = request.token();
        SearchRequest search = store.parser()
                .parse(type, LenientSearch.applied(prefer, type, pageLinks.opened(type, token, parameters)));
        request.requireHops(search.condition());
        Shape shape = Shape.of(search.applied());
        return store.search(search, shown)
                .chain(page -> shape.of(page)
                        .map(part -> responses.page(
                                () -> bundles.searchset(search, part, token), PageTag.of(page), ifNoneMatch)));
    }

    private static long versionNumber(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "version: unknown (expected: a number from 1 on)");
        }
    }

    static StoredResource present(ResourceKey key, Optional<StoredResource> found) {
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
