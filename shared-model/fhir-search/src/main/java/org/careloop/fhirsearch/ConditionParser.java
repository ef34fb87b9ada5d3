package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchParameter.Kind;

/** Reads one filter parameter: name, modifier and chain; {@link ValueConditions} reads the values. */
final class ConditionParser {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final int DEEPEST_CHAIN = 4;

    /** A chain may lead to several types at each step. */
    private static final int MOST_STEPS = 100;

    /** Parameters of the standard that are refused, and what to do instead. */
    private static final Map<String, String> REFUSED = Map.of(
            "_text", "texts are not indexed (expected: parameters of single elements, :contains, :text)",
            "_content", "texts are not indexed (expected: parameters of single elements, :contains, :text)",
            "_list", "lists are not held (expected: _id with the members)",
            "_query", "no named queries (expected: parameters)",
            "_filter", "not supported (expected: parameters)");

    private final String value;
    private int steps;

    private ConditionParser(String value) {
        this.value = value;
    }

    static Condition parse(String type, String name, String value) {
        return new ConditionParser(value).read(type, name, 0);
    }

    /** Returns a parameter; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} and lists nothing of the data. */
    static SearchParameter parameter(String type, String name) {
        return SearchParameters.find(knownType(type), name)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        printable(name) + ": "
                                + Optional.ofNullable(REFUSED.get(name))
                                        .orElse("not a search parameter of " + type
                                                + " (expected: one that the capability statement lists)")));
    }

    private Condition read(String type, String name, int depth) {
        if (depth > DEEPEST_CHAIN || ++steps > MOST_STEPS) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "query: chain too deep or to too many types (expected: at most " + DEEPEST_CHAIN + " steps, "
                            + MOST_STEPS + " types; parameter:Type.parameter names one)");
        }
        if (name.startsWith("_has:")) {
            return reverseChain(name, depth);
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            return chain(type, name.substring(0, dot), name.substring(dot + 1), depth);
        }
        int colon = name.indexOf(':');
        String base = colon < 0 ? name : name.substring(0, colon);
        String modifier = colon < 0 ? "" : name.substring(colon + 1);
        return switch (base) {
            case "_id" -> ofColumn(base, modifier, this::id);
            // A published guide spells it without the capital; partners copy its URLs.
            case "_lastUpdated", "_lastupdated" -> ofColumn(base, modifier, this::changed);
            default -> filter(parameter(type, base), modifier);
        };
    }

    private interface Column {
        Condition read(String name);
    }

    private Condition ofColumn(String name, String modifier, Column column) {
        return switch (modifier) {
            case "" -> column.read(name);
            case "missing" ->
                switch (value) {
                    case "true" -> Condition.NOTHING;
                    case "false" -> Condition.EVERYTHING;
                    default ->
                        throw new FhirProblem(
                                ProblemCode.INVALID_PARAMETER, name + ":missing: neither (expected: true or false)");
                };
            default -> throw modifierOf(name, ":missing");
        };
    }

    private Condition id(String name) {
        // What is no id names no resource; the store need not see it.
        return new Condition.HasId(ValueConditions.list(name, value).stream()
                .filter(each -> ID.matcher(each).matches())
                .collect(Collectors.toUnmodifiableSet()));
    }

    private Condition changed(String name) {
        return ValueConditions.anyOf(ValueConditions.list(name, value), each -> {
            Comparison comparison = Comparison.prefixOf(each);
            return new Condition.Changed(comparison, DateRange.parse(name, comparison, each));
        });
    }

    private Condition reverseChain(String name, int depth) {
        String[] parts = name.split(":", 4);
        if (parts.length < 4) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "_has: expected: _has:Type:reference:parameter");
        }
        if (parameter(parts[1], parts[2]).kind() != Kind.REFERENCE) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "_has: not a reference parameter (expected: _has:Type:reference:parameter)");
        }
        return new Condition.ReverseChain(
                parts[1], IndexHash.ofParameter(parts[1], parts[2]), read(parts[1], parts[3], depth + 1));
    }

    private Condition chain(String type, String link, String rest, int depth) {
        int colon = link.indexOf(':');
        SearchParameter reference = parameter(type, colon < 0 ? link : link.substring(0, colon));
        List<String> targets = colon < 0
                ? new TreeSet<>(reference.targets())
                        .stream()
                                .filter(FhirJson.context().getResourceTypes()::contains)
                                .toList()
                : List.of(knownType(link.substring(colon + 1)));
        if (reference.kind() != Kind.REFERENCE || targets.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    printable(link)
                            + ": cannot be chained (expected: a reference to known types, or parameter:Type.parameter)");
        }
        List<Condition> chains = new ArrayList<>();
        Optional<FhirProblem> unknown = Optional.empty();
        for (String target : targets) {
            try {
                chains.add(new Condition.Chain(
                        IndexHash.ofParameter(type, reference.name()), target, read(target, rest, depth + 1)));
            } catch (FhirProblem e) {
                // Which of the types has the parameter is not the client's to know.
                if (e.code() != ProblemCode.UNSUPPORTED_PARAMETER) {
                    throw e;
                }
                unknown = Optional.of(e);
            }
        }
        if (chains.isEmpty()) {
            throw unknown.orElseThrow();
        }
        return ValueConditions.anyOf(chains, each -> each);
    }

    private Condition filter(SearchParameter parameter, String modifier) {
        ValueConditions conditions = new ValueConditions(parameter);
        if (modifier.isEmpty()) {
            return conditions.plain(value);
        }
        Optional<Modifier> known = Modifier.find(parameter.kind(), modifier);
        if (known.isPresent()) {
            return conditions.modified(known.get(), value);
        }
        if (parameter.kind() == Kind.REFERENCE && Character.isUpperCase(modifier.charAt(0))) {
            return conditions.references(knownType(modifier), value);
        }
        throw modifierOf(parameter.name(), Modifier.allowed(parameter.kind()));
    }

    private static FhirProblem modifierOf(String name, String allowed) {
        return new FhirProblem(
                ProblemCode.UNSUPPORTED_PARAMETER,
                name + ": modifier not supported for this parameter (expected: none or one of " + allowed + ")");
    }

    static String knownType(String type) {
        if (!FhirJson.context().getResourceTypes().contains(type)) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, printable(type) + ": not a FHIR R4 resource type");
        }
        return type;
    }

    /** A parameter's name comes from the client: only what is harmless to show is shown. */
    static String printable(String name) {
        return name.length() <= 60 && name.matches("[A-Za-z0-9_:.-]+") ? name : "parameter";
    }
}
