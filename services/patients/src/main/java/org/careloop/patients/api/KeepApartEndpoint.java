package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.patients.app.KeepApart;

/** {@code Patient/$keep-apart}; of Patients that the caller may change. */
@Path("/fhir/Patient/{operation:([$]|%24)keep-apart}")
@Authenticated
public class KeepApartEndpoint {

    private final AnswerPairs pairs;
    private final KeepApart keepApart;

    KeepApartEndpoint(AnswerPairs pairs, KeepApart keepApart) {
        this.pairs = pairs;
        this.keepApart = keepApart;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        return pairs.answer(
                body,
                (asked, caller, access) -> keepApart
                        .handle(asked, access)
                        .map(done -> Said.outcome("kept apart; the pair is not asked for again")));
    }
}
