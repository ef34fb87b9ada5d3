package org.careloop.fhirrest.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * The members to set, and those to remove as null.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
 */
record MergePatch(JsonNode changes) implements Patch {

    static MergePatch read(byte[] body) {
        JsonNode changes = JsonTree.read(body);
        if (!changes.isObject()) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: not an object (expected: a merge patch)");
        }
        return new MergePatch(changes);
    }

    @Override
    public byte[] apply(byte[] resource) {
        return JsonTree.write(merge(JsonTree.read(resource), changes));
    }

    private static JsonNode merge(JsonNode target, JsonNode changes) {
        if (!changes.isObject()) {
            return changes;
        }
        ObjectNode merged = target instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                JsonNode before = merged.path(change.getKey());
                merged.set(change.getKey(), merge(before, change.getValue()));
            }
        });
        return merged;
    }
}
