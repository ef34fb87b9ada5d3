package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.patients.app.IdentifyPatient;
import org.careloop.patients.app.IdentifyPatient.Identified;
import org.careloop.patients.app.MatchPatients;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.StringType;

/** {@code /identity/identify}: who somebody is that another system speaks of; for the platform's own services alone. */
@Path("/identity/identify")
@Authenticated
public class IdentifyEndpoint {

    private final CallerOfRequest request;
    private final IdentifyPatient identifyPatient;
    private final FhirResponses responses;

    IdentifyEndpoint(CallerOfRequest request, IdentifyPatient identifyPatient, FhirResponses responses) {
        this.request = request;
        this.identifyPatient = identifyPatient;
        this.responses = responses;
    }

    /** Takes and gives Parameters; a Patient in {@code resource}. */
    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        Caller caller = request.require(Role.SERVICE);
        request.access("Patient", Interaction.CREATE);
        return identifyPatient
                .handle(MatchPatients.Asked.read(body).patient(), caller)
                .map(identified -> responses.json(Buffer.buffer(FhirJson.write(answer(identified)))));
    }

    private static Parameters answer(Identified identified) {
        Parameters answer = new Parameters();
        answer.addParameter().setName("patient").setResource(identified.patient());
        answer.addParameter()
                .setName("by")
                .setValue(new CodeType(identified.by().code()));
        answer.addParameter()
                .setName("grade")
                .setValue(new CodeType(identified.grade().code()));
        answer.addParameter()
                .setName("score")
                .setValue(new DecimalType(BigDecimal.valueOf(identified.result().score())));
        answer.addParameter()
                .setName("rules")
                .setValue(new StringType(identified.result().version()));
        answer.addParameter().setName("reviews").setValue(new IntegerType(identified.reviews()));
        return answer;
    }
}
