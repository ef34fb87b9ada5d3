package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.transitions.app.ReportDelays;

/** {@code Encounter/$avoidable-days-report}; of stays that the caller may search. */
@Path("/fhir/Encounter/{operation:([$]|%24)avoidable-days-report}")
@Authenticated
public class AvoidableDaysReportEndpoint {

    private final CallerOfRequest request;
    private final ReportDelays reportDelays;
    private final FhirResponses responses;

    AvoidableDaysReportEndpoint(CallerOfRequest request, ReportDelays reportDelays, FhirResponses responses) {
        this.request = request;
        this.reportDelays = reportDelays;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@Context HttpServerRequest http) {
        Caller caller = request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        return reportDelays
                .handle(
                        OperationInput.read(http, null),
                        caller.organizationReference(),
                        request.shown(reportDelays.type()))
                .map(responses::json);
    }
}
