package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Date;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.patients.app.UnmergePatients;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;

/** {@code Patient/$unmerge}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)unmerge}")
@Authenticated
public class UnmergeEndpoint {

    private final AnswerPairs pairs;
    private final UnmergePatients unmergePatients;

    UnmergeEndpoint(AnswerPairs pairs, UnmergePatients unmergePatients) {
        this.pairs = pairs;
        this.unmergePatients = unmergePatients;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        return pairs.answer(
                body,
                (asked, caller, access) ->
                        unmergePatients.handle(asked, caller, access).map(UnmergeEndpoint::answer));
    }

    private static Parameters answer(UnmergePatients.Unmerged unmerged) {
        Parameters answer = new Parameters();
        answer.addParameter()
                .setName("outcome")
                .setResource(
                        Said.outcome(
                                "told apart; what was moved goes back within seconds, in every service; what was"
                                        + " written or changed for the target since the merge stays there, of this service as named by stayed"));
        answer.addParameter().setName("result").setResource(unmerged.source());
        answer.addParameter().setName("merged").setValue(new InstantType(Date.from(unmerged.merged())));
        unmerged.stayed()
                .forEach(reference -> answer.addParameter().setName("stayed").setValue(new Reference(reference)));
        return answer;
    }
}
