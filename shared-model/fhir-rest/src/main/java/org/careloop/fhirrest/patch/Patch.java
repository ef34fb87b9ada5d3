package org.careloop.fhirrest.patch;

import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;

/**
 * A change of a resource. All of it takes place or nothing.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#patch">FHIR R4 patch</a>
 */
public sealed interface Patch permits JsonPatch, MergePatch, FhirPathPatch {

    /** The MIME type of RFC 6902. */
    String JSON_PATCH = "application/json-patch+json";

    /** The MIME type of RFC 7396. */
    String MERGE_PATCH = "application/merge-patch+json";

    /**
     * Returns {@code resource}, FHIR JSON, with this change. Fails with {@link ProblemCode#INVALID_RESOURCE}, which names the
     * operation by its place, when it does not fit the resource or its {@code test} does not hold.
     */
    byte[] apply(byte[] resource);

    /** Reads a request body; fails with {@link ProblemCode#MALFORMED_BODY} when it is no patch of {@code mediaType}. */
    static Patch read(String mediaType, byte[] body) {
        if (body.length == 0) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: empty (expected: a patch)");
        }
        return switch (mediaType) {
            case JSON_PATCH -> JsonPatch.read(body);
            case MERGE_PATCH -> MergePatch.read(body);
            case FhirJson.MEDIA_TYPE -> new FhirPathPatch(FhirJson.parse(Parameters.class, body));
            default ->
                throw new FhirProblem(
                        ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Type: not a patch (expected: " + JSON_PATCH + ", " + MERGE_PATCH + " or "
                                + FhirJson.MEDIA_TYPE + ")");
        };
    }

    /** Reads the patch of a Bundle's entry: Parameters, or a Binary that holds a patch; empty for every other resource. */
    static Optional<Patch> of(Resource resource) {
        return switch (resource) {
            case Parameters parameters -> Optional.of(new FhirPathPatch(parameters));
            case Binary binary
            when binary.hasContentType() && binary.hasData() ->
                Optional.of(read(binary.getContentType().split(";", 2)[0].strip(), binary.getData()));
            default -> Optional.empty();
        };
    }
}
