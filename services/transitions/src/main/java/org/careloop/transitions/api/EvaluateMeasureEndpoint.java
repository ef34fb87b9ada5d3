package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.transitions.app.EvaluateMeasure;

/** {@code Measure/id/$evaluate-measure}, of the discharges of the caller's own organisation. */
@Path("/fhir/Measure/{id}/{operation:([$]|%24)evaluate-measure}")
@Authenticated
public class EvaluateMeasureEndpoint {

    private final CallerOfRequest request;
    private final EvaluateMeasure evaluateMeasure;
    private final FhirResponses responses;

    EvaluateMeasureEndpoint(CallerOfRequest request, EvaluateMeasure evaluateMeasure, FhirResponses responses) {
        this.request = request;
        this.evaluateMeasure = evaluateMeasure;
        this.responses = responses;
    }

    /** Who narrowed its scopes may count what it may read. */
    @GET
    public Uni<Response> get(@PathParam("id") String id, @Context HttpServerRequest http) {
        Caller caller = request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        OperationInput asked = OperationInput.read(http, null);
        AuditedRequest.current()
                .ifPresent(audited -> audited.asked(Optional.empty(), QueryParameter.format(asked.texts())));
        request.access("MeasureReport", Interaction.READ);
        EvaluateMeasure.Open open = new EvaluateMeasure.Open(
                request.access(evaluateMeasure.type(), Interaction.READ),
                request.access("EpisodeOfCare", Interaction.SEARCH),
                caller.organization()
                        .orElseThrow(() -> new FhirProblem(
                                ProblemCode.FORBIDDEN,
                                "access token: no organisation (expected: one whose discharges are counted)")));
        return evaluateMeasure.handle(id, asked, open).map(responses::json);
    }
}
