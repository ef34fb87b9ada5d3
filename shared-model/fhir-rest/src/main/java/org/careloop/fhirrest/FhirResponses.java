package org.careloop.fhirrest;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import java.util.function.Supplier;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;

/**
 * Headers and bodies of answers, set in one place.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@Singleton
public class FhirResponses {

    private static final String MEDIA_TYPE = FhirJson.MEDIA_TYPE + ";charset=UTF-8";

    private final String baseUrl;

    FhirResponses(FhirRestConfig config) {
        this.baseUrl = config.baseUrl();
    }

    /** Tells whether the client has {@code resource}: If-None-Match decides, and only without it If-Modified-Since. */
    boolean isKnown(StoredResource resource, Optional<String> ifNoneMatch, Optional<String> ifModifiedSince) {
        return ifNoneMatch
                .map(tags -> names(tags, Long.toString(resource.version())))
                .orElseGet(() -> ifModifiedSince
                        .filter(since -> !isLater(resource, since))
                        .isPresent());
    }

    /** A date that cannot be read is as good as none, as HTTP says; seconds are all that it has. */
    private static boolean isLater(StoredResource resource, String httpDate) {
        try {
            Instant since = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate.strip()));
            return resource.changed().truncatedTo(ChronoUnit.SECONDS).isAfter(since);
        } catch (DateTimeException e) {
            return true;
        }
    }

    /** The answer to a read of what the client has. */
    Response notModified(StoredResource resource) {
        return headers(Response.status(Response.Status.NOT_MODIFIED), resource).build();
    }

    /** {@code body}, all of {@code resource} or a part, with version and time. */
    Response read(StoredResource resource, Buffer body) {
        return headers(Response.ok(body), resource).type(MEDIA_TYPE).build();
    }

    /** A page of a search that has the entity tag {@code tag}; without its body where the client has it. */
    Response page(Supplier<Buffer> body, String tag, Optional<String> ifNoneMatch) {
        Response.ResponseBuilder response =
                ifNoneMatch.filter(tags -> names(tags, tag)).isPresent()
                        ? Response.status(Response.Status.NOT_MODIFIED)
                        : Response.ok(body.get()).type(MEDIA_TYPE);
        return response.header(HttpHeaders.ETAG, "W/\"" + tag + "\"").build();
    }

    /** Compares weakly, as HTTP says of If-None-Match, so {@code "1"} is {@code W/"1"}. */
    private static boolean names(String tags, String tag) {
        String quoted = "\"" + tag + "\"";
        return Arrays.stream(tags.split(","))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(quoted) || each.equals("W/" + quoted));
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

    /** The answer to a create or an update, as {@code saved} tells. */
    Response saved(ResourceInteractions.Saved saved, Return returned) {
        return saved.created() ? created(saved.resource(), true, returned) : updated(saved.resource(), returned);
    }

    /** The answer to a deletion. */
    public Response deleted(Optional<StoredResource> resource, Return returned) {
        Response.ResponseBuilder response = returned == Return.OPERATION_OUTCOME
                ? Response.ok(Buffer.buffer(FhirJson.write(done()))).type(MEDIA_TYPE)
                : Response.noContent();
        resource.ifPresent(
                deleted -> response.header(HttpHeaders.ETAG, deleted.eTag().toString()));
        return response.build();
    }

    /** A body that is FHIR JSON already. */
    public Response json(Buffer body) {
        return Response.ok(body).type(MEDIA_TYPE).build();
    }

    /** What an operation answers with, which is stored nowhere. */
    public Response json(Resource answer) {
        return json(Buffer.buffer(FhirJson.write(answer)));
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

    /** The outcome of what succeeded. */
    static OperationOutcome done() {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .setDiagnostics("done");
        return outcome;
    }
}
