package org.careloop.referrals.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.OperationInput;
import org.careloop.referrals.app.MeasureAgency;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.ScorecardRules;

/** {@code Organization/id/$scorecard}, for who asks agencies and for agencies themselves. */
@Path("/fhir/Organization/{id}/{operation:([$]|%24)scorecard}")
@Authenticated
public class ScorecardEndpoint {

    private final CallerOfRequest request;
    private final MeasureAgency measureAgency;
    private final ScorecardRules rules;
    private final EndReasons reasons;
    private final ReportForm form;

    ScorecardEndpoint(
            CallerOfRequest request,
            MeasureAgency measureAgency,
            ScorecardRules rules,
            EndReasons reasons,
            ReportForm form) {
        this.request = request;
        this.measureAgency = measureAgency;
        this.rules = rules;
        this.reasons = reasons;
        this.form = form;
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
        Caller caller = request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.PARTNER, Role.SERVICE);
        boolean plain = ReportForm.isPlain(asked);
        MeasureAgency.Open open = new MeasureAgency.Open(
                request.access(measureAgency.type(), Interaction.READ),
                request.shown("Task"),
                caller.role() == Role.PARTNER ? Optional.empty() : caller.organizationReference());
        return measureAgency
                .handle(id, asked, open, request::requireHops)
                .map(report ->
                        form.answer(plain, () -> report.asMeasureReport(rules, reasons), () -> report.asFigures()));
    }
}
