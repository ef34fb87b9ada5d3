package org.careloop.fhirrest;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * Headers and bodies of answers, set in one place.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@Singleton
public class FhirResponses {

    /** What {@code Prefer: return=} asks for. */
    public enum Return {
        REPRESENTATION,
        MINIMAL,
        OPERATION_OUTCOME;

        /** Reads the header; {@link #REPRESENTATION} unless it asks for another. */
        static Return of(Optional<String> prefer) {
            String text = prefer.orElse("");
            if (text.contains("return=minimal")) {
                return MINIMAL;
            }
            return text.contains("return=OperationOutcome") ? OPERATION_OUTCOME : REPRESENTATION;
        }
    }

    private static final String MEDIA_TYPE = FhirJson.MEDIA_TYPE + ";charset=UTF-8";

    private final String baseUrl;

    FhirResponses(FhirRestConfig config) {
        this.baseUrl = config.baseUrl();
    }

    /** The stored bytes with version and time; 304 when the client has them. */
    public Response read(StoredResource resource, Optional<String> ifNoneMatch) {
        if (ifNoneMatch.filter(tags -> names(tags, resource)).isPresent()) {
            return headers(Response.status(Response.Status.NOT_MODIFIED), resource)
                    .build();
        }
        return headers(Response.ok(resource.body()), resource).type(MEDIA_TYPE).build();
    }

    /** Compares weakly, as HTTP says of If-None-Match, so {@code "1"} is {@code W/"1"}. */
    private static boolean names(String tags, StoredResource resource) {
        String quoted = "\"" + resource.version() + "\"";
        return Arrays.stream(tags.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(quoted) || tag.equals("W/" + quoted));
    }

    /** The answer to a create: 201 with the location, or 200 when the resource was there ({@code created} false). */
    public Response created(StoredResource resource, boolean created, Return returned) {
        Response.ResponseBuilder response = Response.status(created ? Response.Status.CREATED : Response.Status.OK)
                .location(URI.create(baseUrl + "/" + resource.key().reference() + "/_history/" + resource.version()));
        return written(response, resource, returned);
    }

    /** The answer to an update. */
    public Response updated(StoredResource resource, Return returned) {
        return written(Response.ok(), resource, returned);
    }

    /** The answer to a deletion. */
    public Response deleted(Optional<StoredResource> resource) {
        Response.ResponseBuilder response = Response.noContent();
        resource.ifPresent(
                deleted -> response.header(HttpHeaders.ETAG, deleted.eTag().toString()));
        return response.build();
    }

    /** A body that is FHIR JSON already. */
    public Response json(Buffer body) {
        return Response.ok(body).type(MEDIA_TYPE).build();
    }

    private Response written(Response.ResponseBuilder response, StoredResource resource, Return returned) {
        headers(response, resource);
        return switch (returned) {
            case MINIMAL -> response.build();
            case OPERATION_OUTCOME ->
                response.entity(Buffer.buffer(FhirJson.write(done())))
                        .type(MEDIA_TYPE)
                        .build();
            case REPRESENTATION ->
                response.entity(resource.body()).type(MEDIA_TYPE).build();
        };
    }

    private static Response.ResponseBuilder headers(Response.ResponseBuilder response, StoredResource resource) {
        return response.header(HttpHeaders.ETAG, resource.eTag().toString())
                .lastModified(Date.from(resource.changed()));
    }

    private static OperationOutcome done() {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .setDiagnostics("done");
        return outcome;
    }
}
