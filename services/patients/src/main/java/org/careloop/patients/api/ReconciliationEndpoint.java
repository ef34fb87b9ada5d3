package org.careloop.patients.api;

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
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.patients.app.ShowReconciliation;

/** {@code Patient/id/$medication-reconciliation}, for who may search all that is compared; an agency sees what it is named alone. */
@Path("/fhir/Patient/{id}/{operation:([$]|%24)medication-reconciliation}")
@Authenticated
public class ReconciliationEndpoint {

    /** A token that opens some of these alone would show lists that lack the others. */
    private static final List<String> COMPARED =
            List.of("MedicationRequest", "MedicationStatement", "AllergyIntolerance", "DetectedIssue");

    private final CallerOfRequest request;
    private final ShowReconciliation showReconciliation;
    private final FhirResponses responses;

    ReconciliationEndpoint(CallerOfRequest request, ShowReconciliation showReconciliation, FhirResponses responses) {
        this.request = request;
        this.showReconciliation = showReconciliation;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@PathParam("id") String id, @Context HttpServerRequest http) {
        return answer(id, OperationInput.read(http, null));
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@PathParam("id") String id, @Context HttpServerRequest http, byte[] body) {
        return answer(id, OperationInput.read(http, body));
    }

    private Uni<Response> answer(String id, OperationInput asked) {
        Caller caller = request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.PATIENT, Role.SERVICE);
        COMPARED.forEach(type -> request.access(type, Interaction.SEARCH));
        return showReconciliation
                .handle(id, asked, caller, request.access(showReconciliation.type(), Interaction.READ))
                .map(lists -> responses.json(Buffer.buffer(FhirJson.write(lists))));
    }
}
