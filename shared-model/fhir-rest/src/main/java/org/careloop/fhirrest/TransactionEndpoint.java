package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;

/**
 * A transaction of several writes, of which all happen or none.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 transaction</a>
 */
@Path("/fhir")
@Authenticated
public class TransactionEndpoint {

    private final CallerOfRequest request;
    private final RunTransaction runTransaction;
    private final FhirResponses responses;
    private final FhirRestConfig config;

    TransactionEndpoint(
            CallerOfRequest request, RunTransaction runTransaction, FhirResponses responses, FhirRestConfig config) {
        this.request = request;
        this.runTransaction = runTransaction;
        this.responses = responses;
        this.config = config;
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> transaction(@HeaderParam(FhirHeaders.PREFER) Optional<String> prefer, byte[] body) {
        Caller caller = request.caller();
        return Bodies.read(Bundle.class, body)
                .invoke(this::check)
                .chain(bundle -> runTransaction.handle(caller, bundle, request, Return.of(prefer, Return.MINIMAL)))
                .map(done -> responses.json(Buffer.buffer(FhirJson.write(done))));
    }

    private void check(Bundle bundle) {
        if (bundle.getType() != BundleType.TRANSACTION) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, "Bundle.type", "Bundle.type: expected: transaction");
        }
        if (bundle.getEntry().size() > config.maxTransactionEntries()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "Bundle.entry",
                    "Bundle.entry: expected: at most " + config.maxTransactionEntries());
        }
    }
}
