package org.careloop.fhirrest.audit;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;

/**
 * Read and search of this service's audit trail. Nobody writes to it.
 *
 * @see <a href="https://hl7.org/fhir/R4/auditevent.html">FHIR R4 AuditEvent</a>
 */
@Path("/fhir/AuditEvent")
@Authenticated
public class AuditEventEndpoint {

    private static final String TYPE = "AuditEvent";

    private final CallerOfRequest request;
    private final ReadAuditTrail trail;
    private final FhirResponses responses;
    private final PageLinks pageLinks;
    private final String baseUrl;

    AuditEventEndpoint(
            CallerOfRequest request,
            ReadAuditTrail trail,
            FhirResponses responses,
            PageLinks pageLinks,
            FhirRestConfig config) {
        this.request = request;
        this.trail = trail;
        this.responses = responses;
        this.pageLinks = pageLinks;
        this.baseUrl = config.baseUrl();
    }

    @GET
    @Path("/{id}")
    public Uni<Response> read(@PathParam("id") String id) {
        return trail.find(id, request.auditTrail(Interaction.READ))
                .map(found -> responses.json(found.orElseThrow(
                        () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, TYPE + ": no such resource"))));
    }

    @GET
    public Uni<Response> search(@Context HttpServerRequest http) {
        return search(http.query() == null ? List.of() : QueryParameter.parse(http.query()));
    }

    @POST
    @Path("/_search")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> searchByPost(@Context HttpServerRequest http, String form) {
        List<QueryParameter> parameters =
                new ArrayList<>(http.query() == null ? List.of() : QueryParameter.parse(http.query()));
        parameters.addAll(QueryParameter.parse(form));
        return search(parameters);
    }

    private Uni<Response> search(List<QueryParameter> parameters) {
        Optional<String> only = request.auditTrail(Interaction.SEARCH);
        String token = request.token();
        return trail.search(pageLinks.opened(TYPE, token, parameters), only, false)
                .map(page -> responses.json(bundle(page, token)));
    }

    private Buffer bundle(ReadAuditTrail.Page page, String token) {
        List<QueryParameter> applied = page.search().applied();
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", baseUrl + "/" + TYPE + QueryParameter.format(applied));
        if (page.more() && !page.entries().isEmpty()) {
            List<QueryParameter> next = new ArrayList<>(applied);
            next.add(new QueryParameter(
                    SearchParser.CURSOR, page.entries().getLast().place().toString()));
            links.put("next", baseUrl + "/" + TYPE + pageLinks.seal(TYPE, token, next));
        }
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("searchset", page.total(), links));
        String before = BundleText.FIRST_ENTRY;
        for (ReadAuditTrail.Entry entry : page.entries()) {
            bundle.appendString(
                            before + "{\"fullUrl\":\"" + baseUrl + "/" + TYPE + "/" + entry.id() + "\",\"resource\":")
                    .appendBuffer(entry.body())
                    .appendString(",\"search\":{\"mode\":\"match\"}}");
            before = ",";
        }
        return bundle.appendString(page.entries().isEmpty() ? "}" : BundleText.END);
    }
}
