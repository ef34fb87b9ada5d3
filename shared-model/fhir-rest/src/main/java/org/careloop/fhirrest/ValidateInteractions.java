package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;

/**
 * {@code $validate} of a type and of a stored resource; {@link ResourceEndpoint} has the URLs.
 *
 * @see <a href="https://hl7.org/fhir/R4/resource-operation-validate.html">FHIR R4 $validate</a>
 */
@Singleton
public class ValidateInteractions {

    private static final String DELETE = "delete";

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final ValidateResource validateResource;
    private final FhirResponses responses;

    ValidateInteractions(
            CallerOfRequest request, ResourceStore store, ValidateResource validateResource, FhirResponses responses) {
        this.request = request;
        this.store = store;
        this.validateResource = validateResource;
        this.responses = responses;
    }

    /** A resource that is not stored. */
    Uni<Response> validate(String type, Optional<String> mode, Optional<String> profile, byte[] body) {
        requireSomeAccess(type);
        if (body == null || body.length == 0) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: empty (expected: a " + type + " or Parameters)");
        }
        return read(body, mode, profile, asked -> {
            Resource resource = asked.resource()
                    .orElseThrow(() -> new FhirProblem(
                            ProblemCode.MALFORMED_BODY,
                            "Parameters.parameter",
                            "Parameters.parameter: no resource (expected: one named resource)"));
            return validateResource.handle(type, resource, asked.profile());
        });
    }

    /** A stored resource, or what is to take its place. */
    Uni<Response> validateInstance(
            String type, String id, Optional<String> mode, Optional<String> profile, byte[] body) {
        return stored(type, id)
                .chain(current -> read(
                        body,
                        mode,
                        profile,
                        asked -> DELETE.equals(asked.mode().orElse(""))
                                ? Uni.createFrom().item(ValidateResource.outcome(List.of()))
                                : validateResource.handle(
                                        type,
                                        asked.resource()
                                                .map(next -> placed(next, type, id))
                                                .orElseGet(() -> parsed(current)),
                                        asked.profile())));
    }

    /** A stored resource. */
    Uni<Response> validateStored(String type, String id, Optional<String> profile) {
        return stored(type, id)
                .chain(current -> validateResource.handle(type, parsed(current), profile))
                .map(this::answer);
    }

    private interface Work {
        Uni<OperationOutcome> of(ValidateResource.Asked asked);
    }

    private Uni<Response> read(byte[] body, Optional<String> mode, Optional<String> profile, Work work) {
        ValidateResource.Asked asked;
        try {
            asked = ValidateResource.read(body, mode, profile);
        } catch (FhirProblem problem) {
            if (problem.code() != ProblemCode.MALFORMED_BODY
                    || problem.issues().getFirst().expression().isEmpty()) {
                throw problem;
            }
            return Uni.createFrom().item(answer(ValidateResource.outcome(problem)));
        }
        return work.of(asked).map(this::answer);
    }

    private Response answer(OperationOutcome outcome) {
        return responses.json(Buffer.buffer(FhirJson.write(outcome)));
    }

    private Uni<StoredResource> stored(String type, String id) {
        ResourceKey key = ResourceKey.of(type, id);
        return store.find(key, request.access(type, Interaction.READ))
                .map(found -> ResourceEndpoint.present(key, found));
    }

    private static Resource parsed(StoredResource current) {
        return FhirJson.parse(current.body().getBytes());
    }

    private static Resource placed(Resource next, String type, String id) {
        if (next.hasId() && !id.equals(next.getIdElement().getIdPart())) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY, type + ".id", type + ".id: not that of the URL (expected: equal)");
        }
        return next;
    }

    /** Who may do nothing with a type has no use for its validation, which costs. */
    private void requireSomeAccess(String type) {
        try {
            request.access(type, Interaction.READ);
        } catch (FhirProblem noRead) {
            if (noRead.code() != ProblemCode.FORBIDDEN) {
                throw noRead;
            }
            request.access(type, Interaction.CREATE);
        }
    }
}
