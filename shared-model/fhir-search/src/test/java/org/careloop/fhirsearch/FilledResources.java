package org.careloop.fhirsearch;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.RuntimeChildPrimitiveEnumerationDatatypeDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Resources in which every element has a value, so that a search path which misses one shows. */
final class FilledResources {

    private static final int DEEPEST = 5;
    private static final Set<String> LEFT_OUT = Set.of(
            "extension",
            "modifierExtension",
            "contained",
            "text",
            "id",
            "implicitRules",
            "assigner",
            "versionId",
            "lastUpdated");
    private static final List<String> TARGETS =
            List.of("Patient/1", "Group/1", "Practitioner/1", "Location/1", "Encounter/1", "Device/1");

    private final int variant;
    private int counter;
    private int repeat;

    private FilledResources(int variant) {
        this.variant = variant;
    }

    /** Enough to meet every type of every choice that a search path names. */
    static final int VARIANTS = 12;

    /** A resource of {@code type}; {@code variant} picks the type of choices, the target of references, true or false. */
    static Resource of(String type, int variant) {
        var definition = FhirJson.context().getResourceDefinition(type);
        Resource resource = (Resource) definition.newInstance();
        new FilledResources(variant).fill(definition, resource, 0);
        resource.setId("r1");
        return resource;
    }

    private void fill(BaseRuntimeElementCompositeDefinition<?> definition, IBase parent, int depth) {
        for (BaseRuntimeChildDefinition child : definition.getChildren()) {
            List<String> names = List.copyOf(new TreeSet<>(child.getValidChildNames()));
            if (LEFT_OUT.contains(child.getElementName()) || names.isEmpty()) {
                continue;
            }
            String name = names.get(variant % names.size());
            int repeats = child.getMax() == 1 ? 1 : 2;
            for (int i = 0; i < repeats; i++) {
                repeat = i;
                value(child, name, depth).ifPresent(value -> child.getMutator().addValue(parent, value));
            }
        }
    }

    private Optional<IBase> value(BaseRuntimeChildDefinition child, String name, int depth) {
        BaseRuntimeElementDefinition<?> definition = child.getChildByName(name);
        if (definition == null || IBase.class.equals(definition.getImplementingClass())) {
            return Optional.empty();
        }
        if (definition.getImplementingClass().equals(Reference.class)) {
            return Optional.of(new Reference(TARGETS.get((variant + repeat) % TARGETS.size())));
        }
        return switch (definition.getChildType()) {
            case PRIMITIVE_DATATYPE, ID_DATATYPE -> Optional.of(primitive(child, definition));
            case COMPOSITE_DATATYPE, RESOURCE_BLOCK -> {
                if (depth >= DEEPEST) {
                    yield Optional.empty();
                }
                IBase value = definition.newInstance(child.getInstanceConstructorArguments());
                fill((BaseRuntimeElementCompositeDefinition<?>) definition, value, depth + 1);
                yield Optional.of(value);
            }
            default -> Optional.empty();
        };
    }

    private IBase primitive(BaseRuntimeChildDefinition child, BaseRuntimeElementDefinition<?> definition) {
        IPrimitiveType<?> value = (IPrimitiveType<?>) definition.newInstance(child.getInstanceConstructorArguments());
        if (child instanceof RuntimeChildPrimitiveEnumerationDatatypeDefinition bound) {
            Object[] codes = bound.getBoundEnumType().getEnumConstants();
            value.setValueAsString(code(codes[(variant + repeat) % (codes.length - 1)]));
        } else {
            value.setValueAsString(text(definition.getName()));
        }
        return value;
    }

    private String text(String type) {
        int n = counter++;
        return switch (type) {
            case "boolean" -> Boolean.toString(variant % 2 == 0);
            case "date" -> "2026-11-%02d".formatted(n % 28 + 1);
            case "dateTime", "instant" -> "2026-11-%02dT10:15:30.000Z".formatted(n % 28 + 1);
            case "time" -> "10:15:30";
            case "decimal" -> n + ".5";
            case "integer", "positiveInt", "unsignedInt" -> Integer.toString(n + 1);
            case "base64Binary" -> "AAAA";
            case "uri", "url", "canonical", "oid", "uuid" -> "http://example.org/" + n;
            default -> "v" + n;
        };
    }

    private static String code(Object constant) {
        try {
            return (String) constant.getClass().getMethod("toCode").invoke(constant);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
