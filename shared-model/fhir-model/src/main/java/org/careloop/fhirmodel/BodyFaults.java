package org.careloop.fhirmodel;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition.ChildTypeEnum;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;

/**
 * Finds every fault of a body that was noticed to be faulty, each with its FHIRPath: HAPI tells neither the place nor, in
 * its texts, the fault without quoting the value. Walks the JSON along HAPI's definitions; slow, so only bodies that are
 * suspicious come here.
 */
final class BodyFaults {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** More than these help nobody. */
    private static final int MOST = 100;

    private static final String TYPE = "resourceType";
    private static final Set<String> OF_A_PRIMITIVE = Set.of("id", "extension");

    /** A name may come from the client: only what can be an element's is repeated. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    private final List<FhirProblem.Issue> issues = new ArrayList<>();

    private BodyFaults() {}

    /** Returns the faults of {@code json} in its order; empty when none is found. */
    static List<FhirProblem.Issue> of(byte[] json) {
        BodyFaults faults = new BodyFaults();
        try {
            faults.resource(MAPPER.readTree(json), Optional.empty());
        } catch (IOException e) {
            return List.of();
        }
        return faults.issues;
    }

    /** {@code path} is empty for the body itself, whose path starts with its type. */
    private void resource(JsonNode node, Optional<String> path) {
        JsonNode type = node.path(TYPE);
        if (!type.isTextual() || !FhirJson.context().getResourceTypes().contains(type.asText())) {
            add(path.map(p -> p + ".").orElse("") + TYPE, "missing or unknown (expected: a type of FHIR R4)");
            return;
        }
        object(node, FhirJson.context().getResourceDefinition(type.asText()), path.orElse(type.asText()));
    }

    private void object(JsonNode node, BaseRuntimeElementCompositeDefinition<?> definition, String path) {
        Set<BaseRuntimeChildDefinition> seen = new HashSet<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey();
            boolean sibling = name.startsWith("_");
            String element = sibling ? name.substring(1) : name;
            if (name.equals(TYPE) && definition.getChildType() == ChildTypeEnum.RESOURCE) {
                continue;
            }
            BaseRuntimeChildDefinition child = element.contains("[") ? null : definition.getChildByName(element);
            if (child == null || sibling && !isPrimitive(child.getChildByName(element))) {
                add(
                        NAME.matcher(name).matches() ? path + "." + name : path,
                        "unknown or misplaced (expected: an element of FHIR R4)");
                continue;
            }
            String stem = path + "." + child.getElementName().replace("[x]", "");
            if (child.getValidChildNames().size() > 1 && !sibling && !seen.add(child)) {
                add(stem, "several of a choice (expected: one)");
            }
            if (sibling) {
                each(child, field.getValue(), stem, this::ofAPrimitive);
            } else {
                each(child, field.getValue(), stem, (value, at) -> value(child, element, value, at));
            }
        }
    }

    private interface Check {
        void check(JsonNode value, String path);
    }

    private void each(BaseRuntimeChildDefinition child, JsonNode node, String path, Check check) {
        boolean many = child.getMax() != 1;
        if (node.isNull()) {
            add(path, "null (expected: a value, or no such property)");
        } else if (many != node.isArray()) {
            add(path, "wrong kind of JSON value (expected: " + (many ? "array" : "no array") + ")");
        } else if (node.isArray() && node.isEmpty()) {
            add(path, "empty (expected: at least one value, or no such property)");
        } else if (many) {
            for (int i = 0; i < node.size(); i++) {
                check.check(node.get(i), path + "[" + i + "]");
            }
        } else {
            check.check(node, path);
        }
    }

    private void value(BaseRuntimeChildDefinition child, String element, JsonNode value, String path) {
        BaseRuntimeElementDefinition<?> definition = child.getChildByName(element);
        boolean inner = definition == null || definition.getChildType() == ChildTypeEnum.CONTAINED_RESOURCE_LIST;
        if (value.isNull()) {
            // FHIR R4 has null where only the extensions of a primitive in a list are known.
            if (inner || !isPrimitive(definition) || child.getMax() == 1) {
                add(path, "null (expected: an object)");
            }
        } else if (!inner && isPrimitive(definition)) {
            primitive(child, definition, value, path);
        } else if (!value.isObject()) {
            add(path, "wrong kind of JSON value (expected: object)");
        } else if (value.isEmpty()) {
            add(path, "empty (expected: a value or children)");
        } else if (inner || value.has(TYPE)) {
            resource(value, Optional.of(path));
        } else if (definition instanceof BaseRuntimeElementCompositeDefinition<?> composite) {
            object(value, composite, path);
        }
    }

    private void primitive(
            BaseRuntimeChildDefinition child, BaseRuntimeElementDefinition<?> definition, JsonNode value, String path) {
        Object constructor = child.getInstanceConstructorArguments();
        Object instance = constructor == null ? definition.newInstance() : definition.newInstance(constructor);
        String kind = instance instanceof BooleanType
                ? "boolean"
                : instance instanceof IntegerType || instance instanceof DecimalType ? "number" : "string";
        boolean fits = switch (kind) {
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            default -> value.isTextual();
        };
        if (!fits) {
            add(path, "wrong kind of JSON value (expected: " + kind + ")");
        } else if (value.isTextual() && value.asText().isEmpty()) {
            add(path, "empty (expected: a value, or no such property)");
        } else if (!takes((IPrimitiveType<?>) instance, value.asText())) {
            add(path, "invalid value (expected: one that FHIR R4 allows here)");
        }
    }

    private static boolean takes(IPrimitiveType<?> primitive, String value) {
        try {
            primitive.setValueAsString(value);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void ofAPrimitive(JsonNode value, String path) {
        if (value.isNull()) {
            return;
        }
        if (!value.isObject() || value.isEmpty()) {
            add(path, "wrong kind of JSON value (expected: object with id or extension)");
            return;
        }
        value.properties().forEach(field -> {
            if (!OF_A_PRIMITIVE.contains(field.getKey())) {
                add(path, "unknown property of a primitive (expected: id or extension)");
            } else if (field.getKey().equals("extension")) {
                extensions(field.getValue(), path + ".extension");
            }
        });
    }

    private void extensions(JsonNode node, String path) {
        if (!node.isArray() || node.isEmpty()) {
            add(path, "wrong kind of JSON value (expected: array)");
            return;
        }
        var extension =
                (BaseRuntimeElementCompositeDefinition<?>) FhirJson.context().getElementDefinition("Extension");
        for (int i = 0; i < node.size(); i++) {
            if (node.get(i).isObject() && !node.get(i).isEmpty()) {
                object(node.get(i), extension, path + "[" + i + "]");
            } else {
                add(path + "[" + i + "]", "wrong kind of JSON value (expected: object)");
            }
        }
    }

    private static boolean isPrimitive(BaseRuntimeElementDefinition<?> definition) {
        return definition != null
                && switch (definition.getChildType()) {
                    case PRIMITIVE_DATATYPE, PRIMITIVE_XHTML, PRIMITIVE_XHTML_HL7ORG, ID_DATATYPE -> true;
                    default -> false;
                };
    }

    private void add(String path, String what) {
        if (issues.size() < MOST) {
            issues.add(new FhirProblem.Issue(Optional.of(path), path + ": " + what));
        }
    }
}
