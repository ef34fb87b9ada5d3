package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.careloop.calleraccess.Role;
import org.careloop.eventflow.DeadLetters;

/** What an operator does with events that this service could not take. */
@Path("/operations/dead-letters")
@Authenticated
@Produces(MediaType.APPLICATION_JSON)
public class DeadLettersEndpoint {

    private final CallerOfRequest request;
    private final DeadLetters deadLetters;

    DeadLettersEndpoint(CallerOfRequest request, DeadLetters deadLetters) {
        this.request = request;
        this.deadLetters = deadLetters;
    }

    /** The events that wait, with their reasons, without content. */
    @GET
    @Blocking
    public List<DeadLetters.DeadLetter> waiting() {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return deadLetters.waiting();
    }

    /** Lets them take effect; those that fail again stay. 409 while another replay runs. */
    @POST
    @Path("/replay")
    @Blocking
    public DeadLetters.Replay replay() {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return deadLetters.replay();
    }
}
