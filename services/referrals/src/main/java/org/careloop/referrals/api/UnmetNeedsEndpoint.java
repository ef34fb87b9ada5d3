package org.careloop.referrals.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.OperationInput;
import org.careloop.referrals.app.CountUnmetNeeds;

/** {@code HealthcareService/$unmet-needs}, for who looks after the directory. */
@Path("/fhir/HealthcareService/{operation:([$]|%24)unmet-needs}")
@Authenticated
public class UnmetNeedsEndpoint {

    private final CallerOfRequest request;
    private final CountUnmetNeeds countUnmetNeeds;
    private final ReportForm form;

    UnmetNeedsEndpoint(CallerOfRequest request, CountUnmetNeeds countUnmetNeeds, ReportForm form) {
        this.request = request;
        this.countUnmetNeeds = countUnmetNeeds;
        this.form = form;
    }

    @GET
    public Uni<Response> get(@Context HttpServerRequest http) {
        return answer(OperationInput.read(http, null));
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(@Context HttpServerRequest http, byte[] body) {
        return answer(OperationInput.read(http, body));
    }

    private Uni<Response> answer(OperationInput asked) {
        Caller caller = request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.SERVICE);
        boolean plain = ReportForm.isPlain(asked);
        return countUnmetNeeds
                .handle(asked, caller.organizationReference(), request.shown("Task"))
                .map(report -> form.answer(plain, report::asMeasureReport, report::asFigures));
    }
}
