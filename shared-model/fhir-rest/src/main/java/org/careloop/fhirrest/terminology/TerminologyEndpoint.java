package org.careloop.fhirrest.terminology;

import io.quarkus.arc.All;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
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
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;

/**
 * Operations of ValueSet and CodeSystem, open to every caller: they hold nothing of a person.
 *
 * @see <a href="https://hl7.org/fhir/R4/terminology-service.html">FHIR R4 terminology service</a>
 */
@Path("/fhir/{resource:ValueSet|CodeSystem}/{operation:([$]|%24)[a-z-]+}")
@Authenticated
public class TerminologyEndpoint {

    private final CallerOfRequest request;
    private final List<TerminologyOperation> operations;
    private final FhirResponses responses;

    TerminologyEndpoint(CallerOfRequest request, @All List<TerminologyOperation> operations, FhirResponses responses) {
        this.request = request;
        this.operations = operations;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(
            @PathParam("resource") String type,
            @PathParam("operation") String operation,
            @Context HttpServerRequest http) {
        return answer(type, operation, OperationInput.read(http, null));
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(
            @PathParam("resource") String type,
            @PathParam("operation") String operation,
            @Context HttpServerRequest http,
            byte[] body) {
        return answer(type, operation, OperationInput.read(http, body));
    }

    private Uni<Response> answer(String type, String operation, OperationInput asked) {
        request.caller();
        String name = operation.replaceFirst("^([$]|%24)", "");
        TerminologyOperation asks = operations.stream()
                .filter(each -> each.type().equals(type) && each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.UNKNOWN_TYPE,
                        "URL: no such operation (expected: one that the capability statement lists)"));
        return Uni.createFrom()
                .item(() -> FhirJson.write(asks.answer(asked)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .map(answer -> responses.json(Buffer.buffer(answer)));
    }
}
