package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirsearch.Condition;
import org.careloop.patients.app.MergeInput;
import org.careloop.patients.app.MergePatients;
import org.hl7.fhir.r4.model.Parameters;

/** {@code Patient/$merge}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)merge}")
@Authenticated
public class MergeEndpoint {

    private final CallerOfRequest request;
    private final MergePatients mergePatients;
    private final FhirResponses responses;

    MergeEndpoint(CallerOfRequest request, MergePatients mergePatients, FhirResponses responses) {
        this.request = request;
        this.mergePatients = mergePatients;
        this.responses = responses;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        Condition access = request.access("Patient", Interaction.UPDATE);
        Caller caller = request.caller();
        MergeInput asked = MergeInput.read(body);
        return mergePatients
                .handle(asked, caller, access)
                .map(merged -> responses.json(Buffer.buffer(FhirJson.write(answer(asked, merged)))));
    }

    private static Parameters answer(MergeInput asked, MergePatients.Merged merged) {
        String said = asked.preview()
                ? "not merged: a preview of the patient that would stand for both"
                : merged.before()
                        ? "merged before"
                        : "merged; what refers to the source follows within seconds, in every service";
        Parameters answer = new Parameters();
        answer.addParameter().setName("input").setResource(asked.parameters());
        answer.addParameter().setName("outcome").setResource(Said.outcome(said));
        answer.addParameter().setName("result").setResource(merged.target());
        return answer;
    }
}
