package org.careloop.referrals.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.referrals.app.TellChoice;

/** {@code Task/id/$choice-list}, for who asks and for the person; an agency is not told of the others. */
@Path("/fhir/Task/{id}/{operation:([$]|%24)choice-list}")
@Authenticated
public class ChoiceListEndpoint {

    private final CallerOfRequest request;
    private final TellChoice tellChoice;
    private final FhirResponses responses;

    ChoiceListEndpoint(CallerOfRequest request, TellChoice tellChoice, FhirResponses responses) {
        this.request = request;
        this.tellChoice = tellChoice;
        this.responses = responses;
    }

    @GET
    public Uni<Response> get(@PathParam("id") String id) {
        request.require(Role.COORDINATOR, Role.SUPERVISOR, Role.PATIENT, Role.SERVICE);
        return tellChoice
                .handle(id, request.access(tellChoice.type(), Interaction.READ))
                .map(list -> responses.json(Buffer.buffer(FhirJson.write(list))));
    }
}
