package org.careloop.fhirsearch;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** Reads one filter parameter: name, modifier, chain and values. */
final class ConditionParser {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final int MOST_VALUES = 500;
    private static final int DEEPEST_CHAIN = 4;

    private ConditionParser() {}

    static Condition parse(String type, String name, String value) {
        return parse(type, name, value, 0);
    }

    /** Returns a parameter; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} and lists nothing of the data. */
    static SearchParameter parameter(String type, String name) {
        return SearchParameters.find(knownType(type), name)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        printable(name) + ": not a search parameter of " + type + " (expected: one that the capability"
                                + " statement lists)"));
    }

    private static Condition parse(String type, String name, String value, int depth) {
        if (depth > DEEPEST_CHAIN) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "query: chain too deep (expected: at most " + DEEPEST_CHAIN + ")");
        }
        if (name.startsWith("_has:")) {
            return reverseChain(name, value, depth);
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            return chain(type, name.substring(0, dot), name.substring(dot + 1), value, depth);
        }
        int colon = name.indexOf(':');
        String base = colon < 0 ? name : name.substring(0, colon);
        String modifier = colon < 0 ? "" : name.substring(colon + 1);
        return switch (base) {
            case "_id" -> {
                refuseModifier(base, modifier);
                // What is no id names no resource; the store need not see it.
                yield new Condition.HasId(values(name, value).stream()
                        .filter(each -> ID.matcher(each).matches())
                        .collect(Collectors.toUnmodifiableSet()));
            }
            // A published guide spells it without the capital; partners copy its URLs.
            case "_lastUpdated", "_lastupdated" -> {
                refuseModifier(base, modifier);
                yield anyOf(values(name, value), each -> {
                    Comparison comparison = Comparison.prefixOf(each);
                    return new Condition.Changed(comparison, DateRange.parse(base, comparison.strip(each)));
                });
            }
            default -> filter(parameter(type, base), modifier, value);
        };
    }

    private static Condition reverseChain(String name, String value, int depth) {
        String[] parts = name.split(":", 4);
        if (parts.length < 4) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "_has: expected: _has:Type:reference:parameter");
        }
        if (parameter(parts[1], parts[2]).kind() != SearchParameter.Kind.REFERENCE) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "_has: not a reference parameter (expected: _has:Type:reference:parameter)");
        }
        return new Condition.ReverseChain(
                parts[1], IndexHash.ofParameter(parts[1], parts[2]), parse(parts[1], parts[3], value, depth + 1));
    }

    private static Condition chain(String type, String link, String rest, String value, int depth) {
        int colon = link.indexOf(':');
        SearchParameter reference = parameter(type, colon < 0 ? link : link.substring(0, colon));
        Set<String> targets = colon < 0 ? reference.targets() : Set.of(knownType(link.substring(colon + 1)));
        if (reference.kind() != SearchParameter.Kind.REFERENCE || targets.size() != 1) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    printable(link)
                            + ": cannot be chained (expected: a reference to one type, parameter:Type.parameter)");
        }
        String target = targets.iterator().next();
        return new Condition.Chain(
                IndexHash.ofParameter(type, reference.name()), target, parse(target, rest, value, depth + 1));
    }

    private static Condition filter(SearchParameter parameter, String modifier, String value) {
        if (modifier.equals("missing")) {
            Condition absent = token(parameter, IndexBuilder.ABSENT);
            return switch (value) {
                case "true" -> absent;
                case "false" -> new Condition.Not(absent);
                default ->
                    throw new FhirProblem(
                            ProblemCode.INVALID_PARAMETER, parameter.name() + ":missing: expected: true or false");
            };
        }
        List<String> values = values(parameter.name(), value);
        return switch (parameter.kind()) {
            case TOKEN -> tokens(parameter, modifier, values);
            case URI -> only(parameter, modifier, "", tokens(parameter, "", values));
            case REFERENCE -> references(parameter, modifier, values);
            case STRING -> strings(parameter, modifier, values);
            case DATE -> only(parameter, modifier, "", anyOf(values, each -> date(parameter, each)));
            case NUMBER, QUANTITY -> only(parameter, modifier, "", anyOf(values, each -> number(parameter, each)));
        };
    }

    private static Condition tokens(SearchParameter parameter, String modifier, List<String> values) {
        Set<Long> keys = new LinkedHashSet<>();
        values.forEach(each -> keys.add(IndexHash.ofValue(parameter.type(), parameter.name(), each)));
        Condition any =
                new Condition.HasToken(key(parameter), keys, values.stream().noneMatch(each -> each.contains("|")));
        return modifier.equals("not") ? new Condition.Not(any) : only(parameter, modifier, "", any);
    }

    private static Condition references(SearchParameter parameter, String modifier, List<String> values) {
        if (modifier.equals("identifier")) {
            return anyOf(
                    values,
                    each -> new Condition.HasToken(
                            IndexHash.ofParameter(parameter.type(), parameter.name() + IndexBuilder.IDENTIFIER),
                            Set.of(IndexHash.ofValue(
                                    parameter.type(), parameter.name() + IndexBuilder.IDENTIFIER, each)),
                            false));
        }
        Set<String> targets = modifier.isEmpty() ? parameter.targets() : Set.of(knownType(modifier));
        Set<Long> keys = new LinkedHashSet<>();
        for (String each : values) {
            if (each.contains("/") || targets.isEmpty()) {
                keys.add(IndexHash.ofTarget(each));
            } else {
                targets.forEach(target -> keys.add(IndexHash.ofTarget(target + "/" + each)));
            }
        }
        return new Condition.RefersTo(IndexHash.ofParameter(parameter.type(), parameter.name()), keys);
    }

    private static Condition strings(SearchParameter parameter, String modifier, List<String> values) {
        if (modifier.equals("exact")) {
            return tokens(parameter, "", values);
        }
        boolean contains = modifier.equals("contains");
        Condition condition = new Condition.HasString(
                IndexHash.ofParameter(parameter.type(), parameter.name()),
                values.stream().map(Folding::fold).toList(),
                contains);
        return contains ? condition : only(parameter, modifier, "", condition);
    }

    private static Condition date(SearchParameter parameter, String value) {
        Comparison comparison = Comparison.prefixOf(value);
        return new Condition.HasDate(
                IndexHash.ofParameter(parameter.type(), parameter.name()),
                comparison,
                DateRange.parse(parameter.name(), comparison.strip(value)));
    }

    /** A number stands for the interval that its last digit leaves open: 100 is 99.5 up to 100.5. */
    private static Condition number(SearchParameter parameter, String value) {
        Comparison comparison = Comparison.prefixOf(value);
        String[] parts = comparison.strip(value).split("\\|", -1);
        if (parts.length > 1
                && (parts.length != 3 || parts[2].isEmpty() || parameter.kind() != SearchParameter.Kind.QUANTITY)) {
            throw notANumber(parameter);
        }
        try {
            BigDecimal number = new BigDecimal(parts[0]);
            BigDecimal half = BigDecimal.valueOf(5).scaleByPowerOfTen(-number.scale() - 1);
            long key = parts.length == 3
                    ? IndexHash.ofValue(parameter.type(), parameter.name(), parts[1] + "|" + parts[2])
                    : IndexHash.ofParameter(parameter.type(), parameter.name());
            return new Condition.HasNumber(
                    key,
                    comparison,
                    number.subtract(half).doubleValue(),
                    number.add(half).doubleValue());
        } catch (ArithmeticException | NumberFormatException e) {
            throw notANumber(parameter);
        }
    }

    private static FhirProblem notANumber(SearchParameter parameter) {
        String form = parameter.kind() == SearchParameter.Kind.QUANTITY
                ? "[prefix]number, [prefix]number||code or [prefix]number|system|code"
                : "[prefix]number";
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER, parameter.name() + ": not a number (expected: " + form + ")");
    }

    private static void refuseModifier(String name, String modifier) {
        if (!modifier.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    name + ": modifier not supported for this parameter (expected: none)");
        }
    }

    private static Condition token(SearchParameter parameter, String form) {
        return new Condition.HasToken(
                key(parameter), Set.of(IndexHash.ofValue(parameter.type(), parameter.name(), form)), false);
    }

    private static long key(SearchParameter parameter) {
        return IndexHash.ofParameter(parameter.type(), parameter.name());
    }

    private static Condition anyOf(List<String> values, Function<String, Condition> condition) {
        List<Condition> conditions = values.stream().map(condition).toList();
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.AnyOf(conditions);
    }

    private static Condition only(SearchParameter parameter, String modifier, String allowed, Condition condition) {
        if (!modifier.equals(allowed)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    parameter.name() + ": modifier not supported for this parameter (expected: none or :missing)");
        }
        return condition;
    }

    static String knownType(String type) {
        if (!FhirJson.context().getResourceTypes().contains(type)) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, printable(type) + ": not a FHIR R4 resource type");
        }
        return type;
    }

    /** A parameter's name comes from the client: only what is harmless to show is shown. */
    private static String printable(String name) {
        return name.length() <= 60 && name.matches("[A-Za-z0-9_:.-]+") ? name : "parameter";
    }

    /** Splits a list of alternatives at commas that are not escaped. */
    private static List<String> values(String name, String value) {
        List<String> values = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() && ",|$\\".indexOf(value.charAt(i + 1)) >= 0) {
                current.append(value.charAt(++i));
            } else if (c == ',') {
                values.add(current.toString());
                current.setLength(0);
            } else {
                current.append(c);
            }
        }
        values.add(current.toString());
        values.removeIf(String::isEmpty);
        if (values.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, printable(name) + ": no value (expected: at least one)");
        }
        if (values.size() > MOST_VALUES) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    printable(name) + ": too many values (expected: at most " + MOST_VALUES + ")");
        }
        return values;
    }
}
