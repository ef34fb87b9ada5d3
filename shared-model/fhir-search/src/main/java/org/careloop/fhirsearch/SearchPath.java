package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

    private static final Pattern STEP = Pattern.compile(
            "\\.?(?:as\\((?<as>\\w+)\\)|where\\(resolve\\(\\) is (?<target>\\w+)\\)"
                    + "|where\\((?<absent>\\w+)\\.empty\\(\\)\\)|where\\((?<name>\\w+)='(?<value>[^']*)'\\)|\\[(?<index>\\d+)]|(?<child>\\w+))");
    private static final Pattern CAST = Pattern.compile("\\(([\\w.]+) as (\\w+)\\)(.*)");
    private static final Pattern EXISTS_AND_NOT_FALSE =
            Pattern.compile("(?<path>[\\w.]+)\\.exists\\(\\) and \\k<path> != false");

    private static final Pattern FIRST_NAME = Pattern.compile("\\w+");

    private final List<Branch> branches;
    private final boolean asBoolean;

    /**
     * One alternative: its steps, and the same as a path of SQL/JSON.
     *
     * @param elements the names of the resource's own elements that it reads
     */
    private record Branch(List<Step> steps, String json, Set<String> elements) {

        List<Base> evaluate(Base root) {
            List<Base> elements = List.of(root);
            for (Step step : steps) {
                elements = step.from(elements);
                if (elements.isEmpty()) {
                    break;
                }
            }
            return elements;
        }
    }

    /** Leads from elements to others; what most parameters name is absent, so an empty list must cost nothing. */
    private interface Step {
        List<Base> from(List<Base> elements);
    }

    private SearchPath(List<Branch> branches, boolean asBoolean) {
        this.branches = branches;
        this.asBoolean = asBoolean;
    }

    /** The alternatives as paths of SQL/JSON to the elements in a resource's JSON; empty where the value is computed. */
    public List<String> inJson() {
        return asBoolean ? List.of() : branches.stream().map(Branch::json).toList();
    }

    /**
     * The names of the resource's own elements that the alternatives start at, or ask of the resource; of a choice with or
     * without its type.
     */
    public Set<String> elements() {
        return branches.stream().flatMap(branch -> branch.elements().stream()).collect(Collectors.toSet());
    }

    /**
     * Compiles {@code expression}, or returns empty when it uses more of FHIRPath than this class knows. Every expression
     * of the R4 catalogue but those of composites compiles (a test holds that).
     */
    public static Optional<SearchPath> compile(String type, String expression) {
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
        return new SearchPath(List.of(new Branch(List.of(), "$", Set.of())), false);
    }

    /** Returns the elements of {@code resource}, or of an element, that the expression names, in document order. */
    public List<Base> evaluate(Base resource) {
        List<Base> found = branches.getFirst().evaluate(resource);
        for (int i = 1; i < branches.size(); i++) {
            found = joined(found, branches.get(i).evaluate(resource));
        }
        if (asBoolean) {
            boolean isFalse = found.stream().allMatch(value -> value instanceof BooleanType b && !b.booleanValue());
            return List.of(new BooleanType(!found.isEmpty() && !isFalse));
        }
        return found;
    }

    private static List<Base> joined(List<Base> some, List<Base> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        List<Base> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static Optional<Branch> branch(String expression) {
        Matcher cast = CAST.matcher(expression);
        String path = cast.matches() ? cast.group(1) + ".as(" + cast.group(2) + ")" + cast.group(3) : expression;
        int root = path.indexOf('.');
        if (root < 0) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        Set<String> elements = new HashSet<>();
        StringBuilder json = new StringBuilder("$");
        int start = -1;
        Matcher step = STEP.matcher(path).region(root, path.length());
        int end = root;
        while (end < path.length()) {
            if (!step.find() || step.start() != end) {
                return Optional.empty();
            }
            steps.add(step(step));
            if (start < 0 && step.group("child") != null) {
                start = json.length();
            } else if (start < 0) {
                Stream.of("absent", "name")
                        .map(step::group)
                        .filter(Objects::nonNull)
                        .forEach(elements::add);
            }
            json.append(json(step));
            end = step.end();
        }
        Matcher first = FIRST_NAME.matcher(json);
        if (start >= 0 && first.find(start)) {
            elements.add(first.group());
        }
        return Optional.of(new Branch(steps, json.append("[*]").toString(), Set.copyOf(elements)));
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
        if (step.group("absent") != null) {
            return "[*] ? (!exists(@." + step.group("absent") + "))";
        }
        if (step.group("name") != null) {
            return "[*] ? (@." + step.group("name") + " == \"" + step.group("value") + "\")";
        }
        return step.group("index") != null ? "[" + step.group("index") + "]" : "." + step.group("child");
    }

    private static Step step(Matcher step) {
        if (step.group("as") != null) {
            String type = step.group("as");
            return only(element -> element.fhirType().equals(type));
        }
        if (step.group("target") != null) {
            String type = step.group("target");
            return only(element -> element instanceof Reference r && isTo(r, type));
        }
        if (step.group("absent") != null) {
            Step child = child(step.group("absent"));
            // HAPI makes an empty element when it is asked for one.
            return only(element -> child.from(List.of(element)).stream().allMatch(Base::isEmpty));
        }
        if (step.group("name") != null) {
            Step named = child(step.group("name"));
            String value = step.group("value");
            return only(element ->
                    named.from(List.of(element)).stream().anyMatch(child -> value.equals(child.primitiveValue())));
        }
        if (step.group("index") != null) {
            int index = Integer.parseInt(step.group("index"));
            return elements -> index < elements.size() ? List.of(elements.get(index)) : List.of();
        }
        return child(step.group("child"));
    }

    private static Step only(Predicate<Base> condition) {
        return elements -> elements.size() == 1
                ? condition.test(elements.getFirst()) ? elements : List.of()
                : elements.stream().filter(condition).toList();
    }

    private static Step child(String name) {
        int hash = name.hashCode();
        return elements -> {
            List<Base> found = List.of();
            for (Base element : elements) {
                Base[] children = element.getProperty(hash, name, false);
                if (children != null && children.length > 0) {
                    found = joined(found, present(children));
                }
            }
            return found;
        };
    }

    private static List<Base> present(Base[] children) {
        if (children.length == 1) {
            return children[0] == null ? List.of() : List.of(children[0]);
        }
        return Arrays.stream(children).filter(child -> child != null).toList();
    }

    private static boolean isTo(Reference reference, String type) {
        if (reference.hasType()) {
            return reference.getType().equals(type);
        }
        String text = reference.getReference();
        return text != null
                && text.contains(type)
                && (ResourceKey.parse(OwnServer.relative(text))
                                .filter(key -> key.type().equals(type))
                                .isPresent()
                        || text.contains("/" + type + "/"));
    }
}
