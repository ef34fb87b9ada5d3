package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.app.ReceiveTransmission;
import org.careloop.transitions.store.Hl7MessageRecord.Source;

/** HL7 v2 over HTTP: 200 with an AA, 422 with an AE or AR; the body is the acknowledgement in both cases. */
@Path("/hl7v2")
@Authenticated
public class Hl7Endpoint {

    private static final String MEDIA_TYPE = "application/hl7-v2";

    private final SenderOfRequest sender;
    private final ReceiveTransmission receiveTransmission;

    Hl7Endpoint(SenderOfRequest sender, ReceiveTransmission receiveTransmission) {
        this.sender = sender;
        this.receiveTransmission = receiveTransmission;
    }

    @POST
    @Consumes({MEDIA_TYPE, "x-application/hl7-v2+er7"})
    public Uni<Response> receive(byte[] message) {
        return receiveTransmission
                .handle(message, Source.http(sender.organization()))
                .map(answer -> Response.status(answer.accepted() ? 200 : ProblemCode.MESSAGE_REJECTED.status())
                        .entity(answer.acknowledgement())
                        .type(MEDIA_TYPE)
                        .build());
    }
}
