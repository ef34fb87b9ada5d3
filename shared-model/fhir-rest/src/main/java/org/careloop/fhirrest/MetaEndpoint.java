package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Parameters;

/**
 * Profiles, tags and security labels of one resource. What changes them makes a new version, as any update does.
 *
 * @see <a href="https://hl7.org/fhir/R4/resource-operations.html">FHIR R4 operations of every resource</a>
 */
@Path("/fhir/{type:[A-Z][A-Za-z]+}")
@Authenticated
public class MetaEndpoint {

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final ResourceInteractions interactions;
    private final FhirResponses responses;

    MetaEndpoint(
            CallerOfRequest request, ResourceStore store, ResourceInteractions interactions, FhirResponses responses) {
        this.request = request;
        this.store = store;
        this.interactions = interactions;
        this.responses = responses;
    }

    @GET
    @Path("/{id}/$meta")
    public Uni<Response> meta(@PathParam("type") String type, @PathParam("id") String id) {
        ResourceKey key = ResourceKey.of(type, id);
        return store.find(key, request.access(type, Interaction.READ))
                .map(found -> found.filter(resource -> !resource.deleted())
                        .orElseThrow(
                                () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, type + ": no such resource")))
                .map(this::answer);
    }

    @POST
    @Path("/{id}/$meta-add")
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> add(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            byte[] body) {
        return change(type, id, ifMatch, body, given -> meta -> MetaLabels.added(meta, given));
    }

    @POST
    @Path("/{id}/$meta-delete")
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> delete(
            @PathParam("type") String type,
            @PathParam("id") String id,
            @HeaderParam(FhirHeaders.IF_MATCH) Optional<String> ifMatch,
            byte[] body) {
        return change(type, id, ifMatch, body, given -> meta -> MetaLabels.removed(meta, given));
    }

    private interface Change {
        UnaryOperator<Meta> by(Meta given);
    }

    private Uni<Response> change(String type, String id, Optional<String> ifMatch, byte[] body, Change change) {
        ResourceKey key = ResourceKey.of(type, id);
        Caller caller = request.caller();
        Condition access = request.access(type, Interaction.UPDATE);
        return Bodies.read(Parameters.class, body)
                .chain(parameters -> interactions.changeMeta(
                        caller, access, key, change.by(given(parameters)), ifMatch.map(ETag::parse)))
                .map(saved -> answer(saved.resource()));
    }

    private static Meta given(Parameters parameters) {
        return parameters.getParameter("meta") != null
                        && parameters.getParameter("meta").getValue() instanceof Meta meta
                ? meta
                : refuse();
    }

    private static Meta refuse() {
        throw new FhirProblem(
                ProblemCode.MALFORMED_BODY,
                "Parameters.parameter",
                "Parameters.parameter: meta missing (expected: one with valueMeta)");
    }

    private Response answer(StoredResource resource) {
        Parameters parameters = new Parameters();
        parameters
                .addParameter()
                .setName("return")
                .setValue(FhirJson.parse(resource.body().getBytes()).getMeta());
        return responses.read(resource, Buffer.buffer(FhirJson.write(parameters)));
    }
}
