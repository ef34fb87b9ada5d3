package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Date;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirsearch.Condition;
import org.careloop.patients.app.MergeInput;
import org.careloop.patients.app.UnmergePatients;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;

/** {@code Patient/$unmerge}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)unmerge}")
@Authenticated
public class UnmergeEndpoint {

    private final CallerOfRequest request;
    private final UnmergePatients unmergePatients;
    private final FhirResponses responses;

    UnmergeEndpoint(CallerOfRequest request, UnmergePatients unmergePatients, FhirResponses responses) {
        this.request = request;
        this.unmergePatients = unmergePatients;
        this.responses = responses;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        Condition access = request.access("Patient", Interaction.UPDATE);
        Caller caller = request.caller();
        return unmergePatients
                .handle(MergeInput.read(body), caller, access)
                .map(unmerged -> responses.json(Buffer.buffer(FhirJson.write(answer(unmerged)))));
    }

    private static Parameters answer(UnmergePatients.Unmerged unmerged) {
        Parameters answer = new Parameters();
        answer.addParameter()
                .setName("outcome")
                .setResource(
                        Said.outcome(
                                "told apart; what was moved goes back within seconds, in every service; what was"
                                        + " written for the target since the merge stays there, of this service as named by stayed"));
        answer.addParameter().setName("result").setResource(unmerged.source());
        answer.addParameter().setName("merged").setValue(new InstantType(Date.from(unmerged.merged())));
        unmerged.stayed()
                .forEach(reference -> answer.addParameter().setName("stayed").setValue(new Reference(reference)));
        return answer;
    }
}
