package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.HeavyWork;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** Reads request bodies as the resource that the URL names. */
final class Bodies {

    private Bodies() {}

    /** A new resource: an id that the client sends is dropped, as FHIR says of create. */
    static Uni<Resource> read(String type, byte[] body) {
        return HeavyWork.run(sizeOf(body), () -> {
            Resource resource = parse(type, body);
            resource.setId((String) null);
            return resource;
        });
    }

    /** A resource of {@code type} for the place that criteria name: its id, if it has one, stays. */
    static Uni<Resource> readForCriteria(String type, byte[] body) {
        return HeavyWork.run(sizeOf(body), () -> {
            Resource resource = parse(type, body);
            resource.setId(resource.getIdElement().getIdPart());
            return resource;
        });
    }

    /** A resource for the place {@code key}: its id must be that of the URL. */
    static Uni<Resource> read(ResourceKey key, byte[] body) {
        return HeavyWork.run(sizeOf(body), () -> parse(key, body));
    }

    /** A resource of {@code type}, whatever its id. */
    static <T extends Resource> Uni<T> read(Class<T> type, byte[] body) {
        return HeavyWork.run(sizeOf(body), () -> type.cast(parse(type.getSimpleName(), body)));
    }

    private static int sizeOf(byte @Nullable [] body) {
        return body == null ? 0 : body.length;
    }

    static Resource parse(ResourceKey key, byte[] body) {
        Resource resource = parse(key.type(), body);
        if (!key.id().value().equals(resource.getIdElement().getIdPart())) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    key.type() + ".id",
                    key.type() + ".id: missing or not that of the URL (expected: equal)");
        }
        resource.setId(key.id().value());
        return resource;
    }

    private static Resource parse(String type, byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: empty (expected: a " + type + " as FHIR R4 JSON)");
        }
        Resource resource = FhirJson.parse(body);
        if (!resource.fhirType().equals(type)) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    "resourceType",
                    "resourceType: not that of the URL (expected: " + type + ")");
        }
        return resource;
    }
}
