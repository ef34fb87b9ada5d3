package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.transitions.app.ReceiveAlert;
import org.hl7.fhir.r4.model.Bundle;

/** {@code $process-message} at the base URL: notifications of stays as FHIR messages. */
@Path("/fhir/{operation:([$]|%24)process-message}")
@Authenticated
public class ProcessMessageEndpoint {

    private final SenderOfRequest sender;
    private final ReceiveAlert receiveAlert;
    private final FhirResponses responses;

    ProcessMessageEndpoint(SenderOfRequest sender, ReceiveAlert receiveAlert, FhirResponses responses) {
        this.sender = sender;
        this.receiveAlert = receiveAlert;
        this.responses = responses;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> process(byte[] body) {
        return receiveAlert
                .handle(FhirJson.parse(Bundle.class, body), sender.organization())
                .map(responses::json);
    }
}
