package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition.Relation;
import org.careloop.fhirsearch.SearchParameter.Kind;

/** Turns the values of one parameter, by its kind and modifier, into a condition. Values still hold their escapes. */
final class ValueConditions {

    private static final int MOST_VALUES = 500;

    private final SearchParameter parameter;
    private final IndexKey key;

    ValueConditions(SearchParameter parameter) {
        this.parameter = parameter;
        this.key = parameter.key();
    }

    /** Returns the condition without modifier. */
    Condition plain(String value) {
        List<String> values = list(parameter.name(), value);
        return parameter.kind() == Kind.COMPOSITE
                ? anyOf(values, this::composite)
                : plain(parameter.kind(), key, parameter.targets(), values);
    }

    /** Returns the condition with {@code modifier}; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER}. */
    Condition modified(Modifier modifier, String value) {
        if (modifier == Modifier.MISSING) {
            return missing(value);
        }
        List<String> values = list(parameter.name(), value);
        return switch (modifier) {
            case MISSING -> throw new IllegalStateException("read above");
            case NOT -> new Condition.Not(plain(value));
            case TEXT -> text(values);
            case IN -> anyOf(values, each -> coded(Relation.IN, each));
            case NOT_IN -> new Condition.Not(anyOf(values, each -> coded(Relation.IN, each)));
            case ABOVE -> parameter.kind() == Kind.URI ? above(values) : anyOf(values, this::codedAbove);
            case BELOW -> anyOf(values, parameter.kind() == Kind.URI ? this::below : this::codedBelow);
            case OF_TYPE -> anyOf(values, this::ofType);
            case IDENTIFIER -> tokens(key.of(Aspect.IDENTIFIER), values);
            case EXACT -> hashed(key, values.stream().map(Escapes::plain).toList());
            case CONTAINS -> strings(key, values, true);
        };
    }

    /** Returns the condition that the reference leads to {@code type}. */
    Condition references(String type, String value) {
        return references(key, Set.of(type), true, list(parameter.name(), value));
    }

    private Condition plain(Kind kind, IndexKey at, Set<String> targets, List<String> values) {
        return switch (kind) {
            case TOKEN -> tokens(at, values);
            case REFERENCE -> references(at, targets, false, values);
            case STRING -> strings(at, values, false);
            case URI -> hashed(at, values.stream().map(Escapes::plain).toList());
            case DATE -> anyOf(values, each -> date(at, each));
            case NUMBER, QUANTITY -> anyOf(values, each -> Quantities.asked(kind, parameter.name(), at, each));
            case COMPOSITE -> throw new IllegalStateException("a part of a composite is none");
        };
    }

    private Condition missing(String value) {
        return switch (value) {
            case "true" -> Missing.of(parameter);
            case "false" -> new Condition.Not(Missing.of(parameter));
            default -> throw invalid(":missing: neither", "true or false");
        };
    }

    private static Condition tokens(IndexKey at, List<String> values) {
        Set<Long> keys = new LinkedHashSet<>();
        values.forEach(each -> keys.add(at.hash(TokenForms.asked(each))));
        boolean plain =
                values.stream().allMatch(each -> Escapes.split(each, '|', 2).size() == 1);
        return new Condition.HasToken(at.hash(), keys, plain);
    }

    private static Condition hashed(IndexKey at, List<String> texts) {
        Set<Long> keys = new LinkedHashSet<>();
        texts.forEach(each -> keys.add(at.hash(each)));
        return new Condition.HasToken(at.hash(), keys, false);
    }

    private static Condition references(IndexKey at, Set<String> targets, boolean only, List<String> values) {
        Set<Long> keys = new LinkedHashSet<>();
        for (String each : values) {
            String reference = OwnServer.relative(Escapes.plain(each));
            if (reference.contains("/") || reference.contains(":") || targets.isEmpty()) {
                boolean other = only
                        && ResourceKey.parse(reference)
                                .filter(named -> !targets.contains(named.type()))
                                .isPresent();
                if (!other) {
                    keys.add(IndexHash.ofTarget(reference));
                }
            } else {
                targets.forEach(target -> keys.add(IndexHash.ofTarget(target + "/" + reference)));
            }
        }
        return new Condition.RefersTo(at.hash(), keys);
    }

    private static Condition strings(IndexKey at, List<String> values, boolean contains) {
        return new Condition.HasString(
                at.hash(),
                values.stream().map(Escapes::plain).map(Folding::fold).toList(),
                contains);
    }

    private Condition date(IndexKey at, String value) {
        Comparison comparison = Comparison.prefixOf(value);
        return new Condition.HasDate(at.hash(), comparison, DateRange.parse(parameter.name(), comparison, value));
    }

    private Condition text(List<String> values) {
        return parameter.unites().isEmpty()
                ? strings(key.of(Aspect.TEXT), values, false)
                : anyOf(
                        parameter.unites(),
                        name -> strings(IndexKey.of(parameter.type(), name + Aspect.TEXT), values, false));
    }

    private Condition coded(Relation relation, String value) {
        return new Condition.Coded(parameter.type(), parameter.name(), relation, Escapes.plain(value));
    }

    private Condition codedAbove(String value) {
        return coded(Relation.ABOVE, withSystem(value));
    }

    private Condition codedBelow(String value) {
        return coded(Relation.BELOW, withSystem(value));
    }

    private String withSystem(String value) {
        if (Escapes.split(value, '|', 2).size() != 2 || value.startsWith("|") || value.endsWith("|")) {
            throw invalid(":above, :below: a code without its system", "system|code");
        }
        return value;
    }

    private Condition below(String value) {
        String uri = Escapes.plain(value);
        String folder = uri.endsWith("/") ? uri : uri + "/";
        return new Condition.AnyOf(List.of(
                hashed(key, List.of(uri)),
                new Condition.HasString(key.of(Aspect.BELOW).hash(), List.of(folder.replace('\0', ' ')), false)));
    }

    /** The uri and every one above it in the path, so it needs no index of its own. */
    private Condition above(List<String> values) {
        List<String> above = new ArrayList<>();
        for (String value : values) {
            String uri = Escapes.plain(value);
            above.add(uri);
            for (int slash = uri.lastIndexOf('/'); slash > 0; slash = uri.lastIndexOf('/', slash - 1)) {
                above.add(uri.substring(0, slash));
                above.add(uri.substring(0, slash + 1));
            }
        }
        return hashed(key, above);
    }

    private Condition ofType(String value) {
        List<String> parts = Escapes.split(value, '|', 3);
        if (parts.size() != 3 || parts.get(1).isEmpty() || parts.get(2).isEmpty()) {
            throw invalid(":of-type: not complete", "system|code|value");
        }
        List<String> plain = parts.stream().map(Escapes::plain).toList();
        return hashed(key.of(Aspect.OF_TYPE), List.of(TokenForms.ofType(plain.get(0), plain.get(1), plain.get(2))));
    }

    private Condition composite(String value) {
        if (!parameter.unites().isEmpty()) {
            return anyOf(
                    parameter.unites(),
                    name -> new ValueConditions(SearchParameters.find(parameter.type(), name)
                                    .orElseThrow())
                            .composite(value));
        }
        List<String> values = Escapes.split(value, '$', 3);
        if (values.size() != 2 || values.contains("")) {
            throw invalid(": not a composite", "value$value");
        }
        String first = TokenForms.asked(values.get(0));
        if (first.endsWith("|")) {
            throw invalid(": a system without a code", "code$value or system|code$value");
        }
        SearchParameter.Part second = parameter.parts().get(1);
        return plain(second.kind(), key.and(first), second.targets(), List.of(values.get(1)));
    }

    private FhirProblem invalid(String wrong, String expected) {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER, parameter.name() + wrong + " (expected: " + expected + ")");
    }

    static <T> Condition anyOf(List<T> values, Function<T, Condition> condition) {
        List<Condition> conditions = values.stream().map(condition).toList();
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.AnyOf(conditions);
    }

    /** Splits a list of alternatives; empty ones are dropped. */
    static List<String> list(String name, String value) {
        List<String> values = Escapes.split(value, ',', Integer.MAX_VALUE).stream()
                .filter(each -> !each.isEmpty())
                .toList();
        if (values.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    ConditionParser.printable(name) + ": no value (expected: at least one)");
        }
        if (values.size() > MOST_VALUES) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    ConditionParser.printable(name) + ": too many values (expected: at most " + MOST_VALUES + ")");
        }
        return values;
    }
}
