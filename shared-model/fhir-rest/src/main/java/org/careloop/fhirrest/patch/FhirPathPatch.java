package org.careloop.fhirrest.patch;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ChildElements;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.fhirpath.FHIRPathEngine;
import org.hl7.fhir.r4.hapi.ctx.HapiWorkerContext;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;

/**
 * Operations on elements that FHIRPath expressions name.
 *
 * @see <a href="https://hl7.org/fhir/R4/fhirpatch.html">FHIR R4 FHIRPath Patch</a>
 */
record FhirPathPatch(Parameters parameters) implements Patch {

    private static final int MOST_OPERATIONS = 1000;
    private static final int LONGEST_PATH = 1000;

    /** The engine needs definitions for types alone, which patches do not ask for; loading them would cost megabytes. */
    private static final class NoDefinitions implements IValidationSupport {

        @Override
        public FhirContext getFhirContext() {
            return FhirJson.context();
        }

        @Override
        public <T extends IBaseResource> List<T> fetchAllStructureDefinitions() {
            return List.of();
        }
    }

    private static final class Engine {
        static final FHIRPathEngine INSTANCE =
                new FHIRPathEngine(new HapiWorkerContext(FhirJson.context(), new NoDefinitions()));
    }

    /** One operation and its parts. */
    private record Operation(int place, ParametersParameterComponent given) {

        Optional<ParametersParameterComponent> part(String name) {
            return given.getPart().stream()
                    .filter(part -> name.equals(part.getName()))
                    .findFirst();
        }

        String text(String name) {
            return part(name)
                    .map(ParametersParameterComponent::getValue)
                    .map(Base::primitiveValue)
                    .filter(text -> text.length() <= LONGEST_PATH)
                    .orElseThrow(() -> malformed(name, "missing or not a text (expected: one)"));
        }

        int index(String name) {
            return part(name)
                    .map(ParametersParameterComponent::getValue)
                    .filter(IntegerType.class::isInstance)
                    .map(value -> ((IntegerType) value).getValue())
                    .filter(index -> index >= 0)
                    .orElseThrow(() -> malformed(name, "missing or not a number (expected: 0 or more)"));
        }

        ParametersParameterComponent value() {
            return part("value").orElseThrow(() -> malformed("value", "missing (expected: one)"));
        }

        FhirProblem malformed(String member, String text) {
            return problem(ProblemCode.MALFORMED_BODY, member, text);
        }

        FhirProblem fails(String member, String text) {
            return problem(ProblemCode.INVALID_RESOURCE, member, text);
        }

        private FhirProblem problem(ProblemCode code, String member, String text) {
            String at = "operation[" + place + "]." + member;
            return new FhirProblem(code, at, at + ": " + text);
        }
    }

    /** Where an element is: in which list of its parent. */
    private record Place(Base parent, String name, boolean repeats) {

        List<Base> values() {
            return new ArrayList<>(property(parent, name).orElseThrow().getValues());
        }

        /** Puts {@code values} instead of what is there, each with its type. */
        void set(List<Base> values) {
            values().forEach(value -> parent.removeChild(name, value));
            values.forEach(value -> parent.setProperty(name, value));
        }
    }

    @Override
    public byte[] apply(byte[] bytes) {
        Resource resource = FhirJson.parse(bytes);
        List<ParametersParameterComponent> given = parameters.getParameter();
        if (given.isEmpty() || given.size() > MOST_OPERATIONS) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    "Parameters.parameter: expected: 1 to " + MOST_OPERATIONS + " operations");
        }
        for (int place = 0; place < given.size(); place++) {
            Operation operation = new Operation(place, given.get(place));
            if (!"operation".equals(operation.given().getName())) {
                throw operation.malformed("name", "unknown (expected: operation)");
            }
            try {
                apply(resource, operation);
            } catch (FhirProblem e) {
                throw e;
            } catch (RuntimeException e) {
                // HAPI's texts may quote a value, which may be a person's data.
                throw operation.fails("value", "does not fit there (expected: an element and a type as R4 has them)");
            }
        }
        return FhirJson.write(resource);
    }

    private static void apply(Resource resource, Operation operation) {
        switch (operation.text("type")) {
            case "add" -> add(resource, operation);
            case "insert" -> insert(resource, operation);
            case "delete" -> delete(resource, operation);
            case "replace" -> replace(resource, operation);
            case "move" -> move(resource, operation);
            default -> throw operation.malformed("type", "unknown (expected: add, insert, delete, replace or move)");
        }
    }

    private static void add(Resource resource, Operation operation) {
        Base parent = one(find(resource, operation), operation);
        String name = operation.text("name");
        Property property = property(parent, name)
                .orElseThrow(() -> operation.fails("name", "not an element there (expected: one that R4 has)"));
        if (!property.isList() && property.hasValues()) {
            throw operation.fails("name", "there already, and does not repeat (expected: replace)");
        }
        put(parent, name, operation.value());
    }

    private static void insert(Resource resource, Operation operation) {
        int index = operation.index("index");
        List<Base> found = find(resource, operation);
        Place place = found.isEmpty() ? emptyList(resource, operation) : listOf(resource, found, operation);
        if (index > found.size()) {
            throw operation.fails("index", "not a place of the list (expected: 0 to " + found.size() + ")");
        }
        put(place.parent(), place.name(), operation.value());
        List<Base> values = place.values();
        values.add(index, values.removeLast());
        place.set(values);
    }

    private static void delete(Resource resource, Operation operation) {
        List<Base> found = find(resource, operation);
        if (!found.isEmpty()) {
            Base element = one(found, operation);
            Place place = place(resource, element, operation);
            place.parent().removeChild(place.name(), element);
        }
    }

    private static void replace(Resource resource, Operation operation) {
        Base element = one(find(resource, operation), operation);
        Place place = place(resource, element, operation);
        if (!place.repeats()) {
            place.parent().removeChild(place.name(), element);
            put(place.parent(), place.name(), operation.value());
            return;
        }
        int index = identity(place.values(), element);
        put(place.parent(), place.name(), operation.value());
        List<Base> values = place.values();
        values.set(index, values.removeLast());
        place.set(values);
    }

    private static void move(Resource resource, Operation operation) {
        int source = operation.index("source");
        int destination = operation.index("destination");
        List<Base> found = find(resource, operation);
        if (Math.max(source, destination) >= found.size()) {
            throw operation.fails("source", "not a place of the list (expected: below " + found.size() + ")");
        }
        Place place = listOf(resource, found, operation);
        List<Base> values = place.values();
        values.add(destination, values.remove(source));
        place.set(values);
    }

    private static List<Base> find(Resource resource, Operation operation) {
        String path = operation.text("path");
        try {
            return Engine.INSTANCE.evaluate(resource, path);
        } catch (RuntimeException e) {
            throw operation.fails("path", "cannot be read (expected: FHIRPath to elements of the resource)");
        }
    }

    private static Base one(List<Base> found, Operation operation) {
        if (found.size() != 1) {
            throw operation.fails("path", "finds " + found.size() + " elements (expected: one)");
        }
        return found.getFirst();
    }

    private static Place listOf(Resource resource, List<Base> found, Operation operation) {
        Place place = place(resource, found.getFirst(), operation);
        List<Base> values = place.values();
        if (!place.repeats()
                || values.size() != found.size()
                || !found.stream().allMatch(each -> identity(values, each) >= 0)) {
            throw operation.fails("path", "not a list (expected: all elements of one list)");
        }
        return place;
    }

    /** Nothing is there yet, so only the path tells where it is to be. */
    private static Place emptyList(Resource resource, Operation operation) {
        String path = operation.text("path");
        int dot = path.lastIndexOf('.');
        if (dot < 0) {
            throw operation.fails("path", "finds nothing (expected: a list)");
        }
        Base parent = one(Engine.INSTANCE.evaluate(resource, path.substring(0, dot)), operation);
        return property(parent, path.substring(dot + 1))
                .filter(Property::isList)
                .map(property -> new Place(parent, property.getName(), true))
                .orElseThrow(() -> operation.fails("path", "not a list (expected: all elements of one list)"));
    }

    private static Place place(Resource resource, Base element, Operation operation) {
        return place(resource, element)
                .orElseThrow(() -> operation.fails("path", "not an element of the resource (expected: one)"));
    }

    private static Optional<Place> place(Base parent, Base element) {
        for (Property property : ChildElements.of(parent)) {
            for (Base value : property.getValues()) {
                if (value == element) {
                    return Optional.of(new Place(parent, property.getName(), property.isList()));
                }
                Optional<Place> below = place(value, element);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    private static int identity(List<Base> values, Base element) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == element) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<Property> property(Base parent, String name) {
        return ChildElements.of(parent).stream()
                .filter(property -> names(property.getName(), name))
                .findFirst();
    }

    private static boolean names(String known, String name) {
        return known.equals(name) || known.endsWith("[x]") && name.startsWith(known.substring(0, known.length() - 3));
    }

    /** An element of a type that has no name of its own comes as parts, one for each of its elements. */
    private static void put(Base parent, String given, ParametersParameterComponent value) {
        String name = property(parent, given).map(Property::getName).orElse(given);
        if (value.hasValue()) {
            parent.setProperty(name, value.getValue().copy());
        } else if (value.hasResource()) {
            parent.setProperty(name, value.getResource().copy());
        } else {
            Base made = parent.addChild(name);
            value.getPart().forEach(part -> put(made, part.getName(), part));
        }
    }
}
