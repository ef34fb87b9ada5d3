package org.careloop.referrals.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.referrals.app.ImportDirectory;
import org.careloop.referrals.app.ImportDirectory.Sent;
import org.careloop.referrals.domain.hsds.HsdsSource;
import org.careloop.referrals.hsds.HsdsFile;
import org.jspecify.annotations.Nullable;

/** A directory as HSDS: 200 with an OperationOutcome of all that was done and was not, also when rows were left out. */
@Path("/directory/hsds")
@Authenticated
public class HsdsEndpoint {

    private final CallerOfRequest request;
    private final ImportDirectory importDirectory;
    private final FhirResponses responses;

    HsdsEndpoint(CallerOfRequest request, ImportDirectory importDirectory, FhirResponses responses) {
        this.request = request;
        this.importDirectory = importDirectory;
        this.responses = responses;
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, HsdsFile.ZIP})
    public Uni<Response> receive(
            @QueryParam("source") Optional<String> source,
            @HeaderParam("Content-Type") String mediaType,
            byte @Nullable [] body) {
        Caller caller = request.require(Role.COORDINATOR, Role.SERVICE);
        byte[] content = body == null ? new byte[0] : body;
        return importDirectory
                .handle(new Sent(new HsdsSource(source.orElse("")), mediaType, content), caller, request::access)
                .map(outcome -> responses.json(Buffer.buffer(FhirJson.write(outcome))));
    }
}
