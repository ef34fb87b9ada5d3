package org.careloop.transitions.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.transitions.app.ReviewMessages;
import org.careloop.transitions.store.Hl7MessageRecord.Status;

/** The messages that were received, for an operator: why one was refused, and its replay. */
@Path("/operations/hl7-messages")
@Authenticated
@Produces(MediaType.APPLICATION_JSON)
public class Hl7MessagesEndpoint {

    private final CallerOfRequest request;
    private final ReviewMessages reviewMessages;

    Hl7MessagesEndpoint(CallerOfRequest request, ReviewMessages reviewMessages) {
        this.request = request;
        this.reviewMessages = reviewMessages;
    }

    /** Those that need an operator, or those with {@code status}; newest first. */
    @GET
    public Uni<List<ReviewMessages.Summary>> list(@QueryParam("status") Optional<String> status) {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return reviewMessages.list(status.map(Hl7MessagesEndpoint::status));
    }

    /** Lets a refused or failed message take effect. */
    @POST
    @Path("/{id:[0-9]{1,18}}/replay")
    public Uni<ReviewMessages.Summary> replay(@PathParam("id") long id) {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return reviewMessages.replay(id);
    }

    private static Status status(String value) {
        return Arrays.stream(Status.values())
                .filter(status -> status.name().equals(value))
                .findFirst()
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, "status: expected: one of " + Arrays.toString(Status.values())));
    }
}
