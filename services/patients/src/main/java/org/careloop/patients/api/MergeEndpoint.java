package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.patients.app.MergeInput;
import org.careloop.patients.app.MergePatients;
import org.hl7.fhir.r4.model.Parameters;

/** {@code Patient/$merge}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)merge}")
@Authenticated
public class MergeEndpoint {

    private final AnswerPairs pairs;
    private final MergePatients mergePatients;

    MergeEndpoint(AnswerPairs pairs, MergePatients mergePatients) {
        this.pairs = pairs;
        this.mergePatients = mergePatients;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        return pairs.answer(
                body,
                (asked, caller, access) ->
                        mergePatients.handle(asked, caller, access).map(merged -> answer(asked, merged)));
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
