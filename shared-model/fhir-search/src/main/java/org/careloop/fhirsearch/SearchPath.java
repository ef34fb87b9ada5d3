package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Reference;

/**
 * A compiled search expression: the small part of FHIRPath that the R4 search parameters use, as direct getters. HAPI's
 * FHIRPath engine gives the same values at many times the cost for each write.
 */
public final class SearchPath {

    private static final Pattern STEP =
            Pattern.compile("\\.?(?:as\\((?<as>\\w+)\\)|where\\(resolve\\(\\) is (?<target>\\w+)\\)"
                    + "|where\\((?<name>\\w+)='(?<value>[^']*)'\\)|\\[(?<index>\\d+)]|(?<child>\\w+))");
    private static final Pattern CAST = Pattern.compile("\\(([\\w.]+) as (\\w+)\\)(.*)");
    private static final Pattern EXISTS_AND_NOT_FALSE =
            Pattern.compile("(?<path>[\\w.]+)\\.exists\\(\\) and \\k<path> != false");

    private final List<Branch> branches;
    private final boolean asBoolean;

    /** One alternative: its steps, and the same as a path of SQL/JSON. */
    private record Branch(List<UnaryOperator<Stream<Base>>> steps, String json) {}

    private SearchPath(List<Branch> branches, boolean asBoolean) {
        this.branches = branches;
        this.asBoolean = asBoolean;
    }

    /** The alternatives as paths of SQL/JSON to the elements in a resource's JSON; empty where the value is computed. */
    public List<String> inJson() {
        return asBoolean ? List.of() : branches.stream().map(Branch::json).toList();
    }

    /**
     * Compiles {@code expression}, or returns empty when it uses more of FHIRPath than this class knows. Every expression
     * of the R4 catalogue but those of composites compiles (a test holds that).
     */
    static Optional<SearchPath> compile(String type, String expression) {
        Matcher exists = EXISTS_AND_NOT_FALSE.matcher(expression.trim());
        if (exists.matches()) {
            return branch(exists.group("path")).map(steps -> new SearchPath(List.of(steps), true));
        }
        List<Branch> branches = new ArrayList<>();
        for (String alternative : expression.split("\\|")) {
            String trimmed = alternative.trim();
            String root = trimmed.startsWith("(") ? trimmed.substring(1) : trimmed;
            if (!root.startsWith(type + ".") && !root.startsWith("Resource.")) {
                continue;
            }
            Optional<Branch> branch = branch(trimmed);
            if (branch.isEmpty()) {
                return Optional.empty();
            }
            branches.add(branch.get());
        }
        return branches.isEmpty() ? Optional.empty() : Optional.of(new SearchPath(branches, false));
    }

    /** Compiles an expression that starts at an element instead of a resource. */
    static Optional<SearchPath> compilePart(String expression) {
        return compile(
                "part",
                Arrays.stream(expression.split("\\|"))
                        .map(alternative -> "part." + alternative.strip())
                        .collect(Collectors.joining("|")));
    }

    /** The resource itself. */
    static SearchPath itself() {
        return new SearchPath(List.of(new Branch(List.of(), "$")), false);
    }

    /** Returns the elements of {@code resource}, or of an element, that the expression names, in document order. */
    public List<Base> evaluate(Base resource) {
        List<Base> found = new ArrayList<>();
        for (Branch branch : branches) {
            Stream<Base> stream = Stream.of(resource);
            for (UnaryOperator<Stream<Base>> step : branch.steps()) {
                stream = step.apply(stream);
            }
            stream.forEach(found::add);
        }
        if (asBoolean) {
            boolean isFalse = found.stream().allMatch(value -> value instanceof BooleanType b && !b.booleanValue());
            return List.of(new BooleanType(!found.isEmpty() && !isFalse));
        }
        return found;
    }

    private static Optional<Branch> branch(String expression) {
        Matcher cast = CAST.matcher(expression);
        String path = cast.matches() ? cast.group(1) + ".as(" + cast.group(2) + ")" + cast.group(3) : expression;
        int root = path.indexOf('.');
        if (root < 0) {
            return Optional.empty();
        }
        List<UnaryOperator<Stream<Base>>> steps = new ArrayList<>();
        StringBuilder json = new StringBuilder("$");
        Matcher step = STEP.matcher(path).region(root, path.length());
        int end = root;
        while (end < path.length()) {
            if (!step.find() || step.start() != end) {
                return Optional.empty();
            }
            steps.add(step(step));
            json.append(json(step));
            end = step.end();
        }
        return Optional.of(new Branch(steps, json.append("[*]").toString()));
    }

    /** In JSON the type of a choice is the end of its name. */
    private static String json(Matcher step) {
        if (step.group("as") != null) {
            String type = step.group("as");
            return Character.toUpperCase(type.charAt(0)) + type.substring(1);
        }
        if (step.group("target") != null) {
            String type = step.group("target");
            return "[*] ? (@.reference starts with \"" + type + "/\" || @.type == \"" + type + "\")";
        }
        if (step.group("name") != null) {
            return "[*] ? (@." + step.group("name") + " == \"" + step.group("value") + "\")";
        }
        return step.group("index") != null ? "[" + step.group("index") + "]" : "." + step.group("child");
    }

    private static UnaryOperator<Stream<Base>> step(Matcher step) {
        if (step.group("as") != null) {
            String type = step.group("as");
            return elements -> elements.filter(element -> element.fhirType().equals(type));
        }
        if (step.group("target") != null) {
            String type = step.group("target");
            return elements -> elements.filter(element -> element instanceof Reference r && isTo(r, type));
        }
        if (step.group("name") != null) {
            String name = step.group("name");
            String value = step.group("value");
            return elements -> elements.filter(
                    element -> children(element, name).anyMatch(child -> value.equals(child.primitiveValue())));
        }
        if (step.group("index") != null) {
            int index = Integer.parseInt(step.group("index"));
            return elements -> elements.skip(index).limit(1);
        }
        String child = step.group("child");
        return elements -> elements.flatMap(element -> children(element, child));
    }

    private static Stream<Base> children(Base element, String name) {
        Base[] children = element.getProperty(name.hashCode(), name, false);
        return children == null ? Stream.empty() : Arrays.stream(children).filter(child -> child != null);
    }

    private static boolean isTo(Reference reference, String type) {
        if (reference.hasType()) {
            return reference.getType().equals(type);
        }
        String text = reference.getReference();
        return text != null
                && (ResourceKey.parse(OwnServer.relative(text))
                                .filter(key -> key.type().equals(type))
                                .isPresent()
                        || text.contains("/" + type + "/"));
    }
}
