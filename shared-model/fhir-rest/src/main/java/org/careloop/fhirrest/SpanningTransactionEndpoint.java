package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.SpanningTransactions;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Bundle;

/** This service's part in a transaction that spans services, as the gateway runs it with the caller's token. */
@Path("/federation/transactions/{id:[0-9a-f-]{36}}")
@Authenticated
public class SpanningTransactionEndpoint {

    private final CallerOfRequest request;
    private final RunTransaction runTransaction;
    private final SpanningTransactions transactions;
    private final FhirResponses responses;
    private final PlatformSignature signature;

    SpanningTransactionEndpoint(
            CallerOfRequest request,
            RunTransaction runTransaction,
            SpanningTransactions transactions,
            FhirResponses responses,
            PlatformSignature signature) {
        this.signature = signature;
        this.request = request;
        this.runTransaction = runTransaction;
        this.transactions = transactions;
        this.responses = responses;
    }

    /** Runs the entries of this service and prepares them; they hold when {@link #commit} comes. */
    @POST
    @Path("/prepare")
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> prepare(
            @PathParam("id") UUID id,
            @QueryParam("decider") String decider,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @HeaderParam(PlatformSignature.HEADER) Optional<String> signed,
            byte[] body) {
        Caller caller = requireGateway(id, body, signed);
        if (!decider.matches("[a-z-]{1,40}")) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "decider: expected: the name of a service");
        }
        return Bodies.read(Bundle.class, body)
                .call(part -> runTransaction.checkPart(part, request))
                .chain(part -> transactions.prepare(id, decider, types(part), unit -> run(unit, caller, part, prefer)))
                .map(this::answer);
    }

    /** Runs the entries of this service and commits them with the decision that the whole transaction holds. */
    @POST
    @Path("/decide")
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> decide(
            @PathParam("id") UUID id,
            @HeaderParam(FhirHeaders.PREFER) Optional<String> prefer,
            @HeaderParam(PlatformSignature.HEADER) Optional<String> signed,
            byte[] body) {
        Caller caller = requireGateway(id, body, signed);
        return Bodies.read(Bundle.class, body)
                .call(part -> runTransaction.checkPart(part, request))
                .chain(part -> transactions.decide(id, unit -> run(unit, caller, part, prefer)))
                .map(this::answer);
    }

    private Uni<Bundle> run(UnitOfWork unit, Caller caller, Bundle part, Optional<String> prefer) {
        Set<ResourceKey> others = part.getLink().stream()
                .flatMap(link -> ResourceKey.parse(link.getUrl()).stream())
                .collect(Collectors.toUnmodifiableSet());
        unit.expect(others);
        return runTransaction.handlePart(unit, caller, part, others, request, Return.of(prefer, Return.MINIMAL));
    }

    /** Commits what is prepared. */
    @POST
    @Path("/commit")
    public Uni<Void> commit(@PathParam("id") UUID id, @HeaderParam(PlatformSignature.HEADER) Optional<String> signed) {
        requireGateway(id, new byte[0], signed);
        return transactions.commit(id);
    }

    /** Undoes what is prepared. */
    @POST
    @Path("/rollback")
    public Uni<Void> rollback(
            @PathParam("id") UUID id, @HeaderParam(PlatformSignature.HEADER) Optional<String> signed) {
        requireGateway(id, new byte[0], signed);
        return transactions.rollback(id);
    }

    /** Tells a service that was left with a prepared part how the transaction ended; from then on it has ended so. */
    @GET
    @Path("/outcome")
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> outcome(@PathParam("id") UUID id) {
        request.require(Role.SERVICE);
        return transactions.isCommitted(id).map(committed -> committed ? "commit" : "abort");
    }

    /**
     * Returns the caller. What a part says of the other parts is believed, so it must come from the gateway, not from a
     * client that found this port.
     */
    private Caller requireGateway(UUID id, byte[] body, Optional<String> signed) {
        Caller caller = request.caller();
        signature.require(
                PlatformSignature.SPANNING_TRANSACTION, PlatformSignature.content(id.toString(), body), signed);
        return caller;
    }

    private Response answer(Bundle done) {
        return responses.json(Buffer.buffer(FhirJson.write(done)));
    }

    private static Set<String> types(Bundle part) {
        return part.getEntry().stream()
                .map(entry -> entry.getFullUrl().substring(0, entry.getFullUrl().indexOf('/')))
                .collect(Collectors.toUnmodifiableSet());
    }
}
