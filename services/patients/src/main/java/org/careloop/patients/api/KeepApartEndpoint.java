package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirsearch.Condition;
import org.careloop.patients.app.KeepApart;
import org.careloop.patients.app.MergeInput;

/** {@code Patient/$keep-apart}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)keep-apart}")
@Authenticated
public class KeepApartEndpoint {

    private final CallerOfRequest request;
    private final KeepApart keepApart;
    private final FhirResponses responses;

    KeepApartEndpoint(CallerOfRequest request, KeepApart keepApart, FhirResponses responses) {
        this.request = request;
        this.keepApart = keepApart;
        this.responses = responses;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        Condition access = request.access("Patient", Interaction.UPDATE);
        return keepApart
                .handle(MergeInput.read(body), access)
                .map(done -> responses.json(
                        Buffer.buffer(FhirJson.write(Said.outcome("kept apart; the pair is not asked for again")))));
    }
}
