package org.careloop.fhirrest.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * Operations on the JSON of a resource.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</a>
 */
record JsonPatch(List<Operation> operations) implements Patch {

    private static final int MOST_OPERATIONS = 1000;
    private static final Set<String> WITH_VALUE = Set.of("add", "replace", "test");
    private static final Set<String> WITH_FROM = Set.of("move", "copy");

    /** Numbers are equal by their value, however they are written. */
    private static final Comparator<JsonNode> EQUALITY = (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    };

    /** One operation; {@code value} and {@code from} are missing nodes where it has none. */
    private record Operation(int place, String kind, List<String> path, JsonNode from, JsonNode value) {

        FhirProblem fails(String member, String text) {
            String at = "operation[" + place + "]." + member;
            return new FhirProblem(ProblemCode.INVALID_RESOURCE, at, at + ": " + text);
        }
    }

    static JsonPatch read(byte[] body) {
        JsonNode array = JsonTree.read(body);
        if (!array.isArray()) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: not an array (expected: a JSON Patch)");
        }
        if (array.size() > MOST_OPERATIONS) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "body: too many operations (expected: at most " + MOST_OPERATIONS + ")");
        }
        List<Operation> operations = new ArrayList<>();
        array.forEach(each -> operations.add(operation(operations.size(), each)));
        return new JsonPatch(operations);
    }

    private static Operation operation(int place, JsonNode node) {
        String kind = node.path("op").asText();
        JsonNode value = node.path("value");
        JsonNode from = node.path("from");
        if (!kind.equals("remove") && !WITH_VALUE.contains(kind) && !WITH_FROM.contains(kind)) {
            throw malformed(place, "op", "unknown (expected: add, remove, replace, move, copy or test)");
        }
        if (!node.path("path").isTextual()) {
            throw malformed(place, "path", "missing (expected: a JSON Pointer)");
        }
        if (WITH_VALUE.contains(kind) && value.isMissingNode()) {
            throw malformed(place, "value", "missing (expected: any JSON value)");
        }
        if (WITH_FROM.contains(kind) && !from.isTextual()) {
            throw malformed(place, "from", "missing (expected: a JSON Pointer)");
        }
        if (WITH_FROM.contains(kind)) {
            pointer(place, "from", from.asText());
        }
        return new Operation(
                place, kind, pointer(place, "path", node.path("path").asText()), from, value);
    }

    private static List<String> pointer(int place, String member, String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.charAt(0) != '/') {
            throw malformed(place, member, "not a JSON Pointer (expected: /name/0/...)");
        }
        return Arrays.stream(text.substring(1).split("/", -1))
                .map(part -> part.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    private static FhirProblem malformed(int place, String member, String text) {
        String at = "operation[" + place + "]." + member;
        return new FhirProblem(ProblemCode.MALFORMED_BODY, at, at + ": " + text);
    }

    @Override
    public byte[] apply(byte[] resource) {
        JsonNode root = JsonTree.read(resource);
        for (Operation operation : operations) {
            root = apply(root, operation);
        }
        return JsonTree.write(root);
    }

    private static JsonNode apply(JsonNode root, Operation operation) {
        List<String> path = operation.path();
        return switch (operation.kind()) {
            case "add" -> add(root, operation, operation.value().deepCopy());
            case "remove" -> {
                remove(root, path, operation, "path");
                yield root;
            }
            case "replace" -> {
                if (path.isEmpty()) {
                    yield operation.value().deepCopy();
                }
                find(root, path, operation, "path");
                replace(root, operation);
                yield root;
            }
            case "move" -> {
                List<String> from =
                        pointer(operation.place(), "from", operation.from().asText());
                if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
                    throw operation.fails("path", "inside of what is moved (expected: elsewhere)");
                }
                JsonNode moved = find(root, from, operation, "from");
                if (path.equals(from)) {
                    yield root;
                }
                remove(root, from, operation, "from");
                yield add(root, operation, moved);
            }
            case "copy" ->
                add(
                        root,
                        operation,
                        find(
                                        root,
                                        pointer(
                                                operation.place(),
                                                "from",
                                                operation.from().asText()),
                                        operation,
                                        "from")
                                .deepCopy());
            case "test" -> {
                if (!find(root, path, operation, "path").equals(EQUALITY, operation.value())) {
                    throw operation.fails("value", "the test does not hold (expected: what the resource has)");
                }
                yield root;
            }
            default -> throw new IllegalStateException("an operation that was not read");
        };
    }

    private static JsonNode find(JsonNode root, List<String> path, Operation operation, String member) {
        JsonNode node = root;
        for (String part : path) {
            node = switch (node) {
                case ObjectNode object -> object.path(part);
                case ArrayNode array -> array.path(index(part, array.size() - 1, operation, member));
                default -> throw nothingAt(operation, member);
            };
            if (node.isMissingNode()) {
                throw nothingAt(operation, member);
            }
        }
        return node;
    }

    private static JsonNode add(JsonNode root, Operation operation, JsonNode value) {
        List<String> path = operation.path();
        if (path.isEmpty()) {
            return value;
        }
        String last = path.getLast();
        switch (find(root, path.subList(0, path.size() - 1), operation, "path")) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array ->
                array.insert(last.equals("-") ? array.size() : index(last, array.size(), operation, "path"), value);
            default -> throw nothingAt(operation, "path");
        }
        return root;
    }

    private static void replace(JsonNode root, Operation operation) {
        List<String> path = operation.path();
        JsonNode value = operation.value().deepCopy();
        String last = path.getLast();
        switch (find(root, path.subList(0, path.size() - 1), operation, "path")) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(index(last, array.size() - 1, operation, "path"), value);
            default -> throw nothingAt(operation, "path");
        }
    }

    private static void remove(JsonNode root, List<String> path, Operation operation, String member) {
        if (path.isEmpty()) {
            throw operation.fails(member, "the whole resource (expected: a part of it)");
        }
        find(root, path, operation, member);
        String last = path.getLast();
        switch (find(root, path.subList(0, path.size() - 1), operation, member)) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size() - 1, operation, member));
            default -> throw nothingAt(operation, member);
        }
    }

    private static int index(String part, int largest, Operation operation, String member) {
        if (!part.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(part) > largest) {
            throw operation.fails(member, "not a place of the array (expected: 0 to " + Math.max(largest, 0) + ")");
        }
        return Integer.parseInt(part);
    }

    private static FhirProblem nothingAt(Operation operation, String member) {
        return operation.fails(member, "nothing there (expected: a place in the resource)");
    }
}
