package org.careloop.fhirsearch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a resource must fulfil to be found. Values are hashed already; who compiles it needs no FHIR, and the gateway may
 * hand it from one service to another as JSON, see {@link FederatedSearch}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Condition.HasToken.class, name = "has-token"),
    @JsonSubTypes.Type(value = Condition.RefersTo.class, name = "refers-to"),
    @JsonSubTypes.Type(value = Condition.HasString.class, name = "has-string"),
    @JsonSubTypes.Type(value = Condition.HasDate.class, name = "has-date"),
    @JsonSubTypes.Type(value = Condition.HasNumber.class, name = "has-number"),
    @JsonSubTypes.Type(value = Condition.Coded.class, name = "coded"),
    @JsonSubTypes.Type(value = Condition.HasId.class, name = "has-id"),
    @JsonSubTypes.Type(value = Condition.HasKey.class, name = "has-key"),
    @JsonSubTypes.Type(value = Condition.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = Condition.GrantedTo.class, name = "granted-to"),
    @JsonSubTypes.Type(value = Condition.NamedFor.class, name = "named-for"),
    @JsonSubTypes.Type(value = Condition.MadeBy.class, name = "made-by"),
    @JsonSubTypes.Type(value = Condition.Consented.class, name = "consented"),
    @JsonSubTypes.Type(value = Condition.InCompartment.class, name = "in-compartment"),
    @JsonSubTypes.Type(value = Condition.InPart.class, name = "in-part"),
    @JsonSubTypes.Type(value = Condition.Chain.class, name = "chain"),
    @JsonSubTypes.Type(value = Condition.ReverseChain.class, name = "reverse-chain"),
    @JsonSubTypes.Type(value = Condition.AnyOf.class, name = "any-of"),
    @JsonSubTypes.Type(value = Condition.AllOf.class, name = "all-of"),
    @JsonSubTypes.Type(value = Condition.Not.class, name = "not")
})
public sealed interface Condition {

    /**
     * Has under {@code parameter} at least one of these token keys, see {@link IndexHash#ofValue}; {@code plain} when they
     * are of codes without a system.
     */
    record HasToken(long parameter, Set<Long> anyOf, boolean plain) implements Condition {}

    /** Refers by {@code parameter} to at least one of these targets, see {@link IndexHash#ofTarget}. */
    record RefersTo(long parameter, Set<Long> anyOf) implements Condition {}

    /** Has a folded string under {@code parameter} that starts with, or contains, one of {@code folded}. */
    record HasString(long parameter, List<String> folded, boolean contains) implements Condition {}

    /** Has a date under {@code parameter} that stands in {@code comparison} to {@code range}. */
    record HasDate(long parameter, Comparison comparison, DateRange range) implements Condition {}

    /**
     * Has a number under {@code parameter} that stands in {@code comparison} to the interval: for EQ, NE and AP what counts as
     * equal or about equal, for the others one number.
     */
    record HasNumber(long parameter, Comparison comparison, double low, double high) implements Condition {}

    /**
     * Has under the token parameter {@code parameter} of {@code type} a code that stands in {@code relation} to {@code value}.
     * Who knows the value sets replaces it by {@link HasToken}, see {@link #withCodes}.
     *
     * @param value the URL of a value set, or {@code system|code}
     */
    record Coded(String type, String parameter, Relation relation, String value) implements Condition {

        /** Returns the condition that one of {@code codes}, by system, is there. */
        public Condition oneOf(Map<String, Set<String>> codes) {
            IndexKey key = IndexKey.of(type, parameter);
            Set<Long> keys = new LinkedHashSet<>();
            codes.forEach((system, ofSystem) -> ofSystem.forEach(code -> new TokenForms(system, code)
                    .named().stream().skip(1).map(key::hash).forEach(keys::add)));
            return new HasToken(key.hash(), keys, false);
        }
    }

    /** How codes may be asked for by what terminology says of them. */
    enum Relation {
        /** Of a value set. */
        IN,
        /** The code or one that it is a kind of. */
        ABOVE,
        /** The code or one that is a kind of it. */
        BELOW
    }

    /** Has one of these logical ids. */
    record HasId(Set<String> anyOf) implements Condition {}

    /** Is one of the resources with these keys, see {@link IndexHash#ofTarget}. */
    record HasKey(Set<Long> anyOf) implements Condition {}

    /** Was last changed in {@code comparison} to {@code range}. */
    record Changed(Comparison comparison, DateRange range) implements Condition {}

    /**
     * Is in the compartment of a patient that {@code grant}, by its name, opens to {@code grantee}: the id of an organization, or
     * {@code person/} and the subject of a person's tokens.
     */
    record GrantedTo(String grantee, String grant) implements Condition {}

    /**
     * Is in the compartment of a patient that {@code grant}, by its name, opens to {@code organization} (its id), and named by what
     * opens it, or by what that names.
     */
    record NamedFor(String organization, String grant) implements Condition {}

    /** Is in nobody's compartment, and was made by {@code organization} (its id). */
    record MadeBy(String organization) implements Condition {}

    /**
     * The patient whose compartment it is in consented that {@code organization} (its id) sees it, or the organisation made it
     * itself; what is in nobody's compartment needs no consent.
     *
     * @param purposes codes of what it is seen for
     * @param sensitive keys of the labels that only a consent which names them opens, see {@link IndexHash#ofValue}
     * @param openWithout whether that of which no consent speaks is open, unless it is sensitive
     */
    record Consented(String organization, Set<String> purposes, Set<Long> sensitive, boolean openWithout)
            implements Condition {}

    /** Is in the compartment of the patient with this id. */
    record InCompartment(String patient) implements Condition {}

    /**
     * Fulfilled by every resource: who sees it because of a condition with this one sees no more of it than {@code elements}
     * and its id and meta, see {@link VisibleElements}.
     *
     * @param elements names of the type's own elements, of a choice without its type
     */
    record InPart(Set<String> elements) implements Condition {}

    /** Refers by {@code parameter} to a resource of {@code type} in this store that fulfils {@code target}. */
    record Chain(long parameter, String type, Condition target) implements Condition {}

    /** A resource of {@code type} in this store that fulfils {@code source} refers to it by {@code parameter}. */
    record ReverseChain(String type, long parameter, Condition source) implements Condition {}

    /** Fulfils at least one; an empty list is never fulfilled. */
    record AnyOf(List<Condition> conditions) implements Condition {}

    /** Fulfils all; an empty list is always fulfilled. */
    record AllOf(List<Condition> conditions) implements Condition {}

    /** Does not fulfil {@code condition}. */
    record Not(Condition condition) implements Condition {}

    /**
     * Returns this condition, except that chains look only at what {@code shown} opens of each type: otherwise who may not
     * see a resource could ask for its content by a chain, and learn it from what is found.
     */
    default Condition chainedWithin(Function<String, Condition> shown) {
        return switch (this) {
            case Chain chain -> new Chain(chain.parameter, chain.type, narrowed(chain.target, chain.type, shown));
            case ReverseChain chain ->
                new ReverseChain(chain.type, chain.parameter, narrowed(chain.source, chain.type, shown));
            case AnyOf any ->
                new AnyOf(any.conditions.stream()
                        .map(each -> each.chainedWithin(shown))
                        .toList());
            case AllOf all ->
                new AllOf(all.conditions.stream()
                        .map(each -> each.chainedWithin(shown))
                        .toList());
            case Not not -> new Not(not.condition.chainedWithin(shown));
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ -> this;
            case GrantedTo _, NamedFor _, MadeBy _, Consented _, InCompartment _, InPart _, Coded _ -> this;
        };
    }

    /** Returns the types that the condition looks at beside that of the resource itself. */
    default Stream<String> chainedTypes() {
        return switch (this) {
            case Chain chain -> Stream.concat(Stream.of(chain.type), chain.target.chainedTypes());
            case ReverseChain chain -> Stream.concat(Stream.of(chain.type), chain.source.chainedTypes());
            case AnyOf any -> any.conditions.stream().flatMap(Condition::chainedTypes);
            case AllOf all -> all.conditions.stream().flatMap(Condition::chainedTypes);
            case Not not -> not.condition.chainedTypes();
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ ->
                Stream.empty();
            case GrantedTo _, NamedFor _, MadeBy _, Consented _, InCompartment _, InPart _, Coded _ -> Stream.empty();
        };
    }

    /**
     * Returns a type that this condition leads through although it is {@code shut}, by a chain or from what refers to a
     * resource. Where alternatives lead to several types, one that is open is enough; {@link #chainedWithin} finds nothing by the
     * others.
     */
    default Optional<String> shutHop(Predicate<String> shut) {
        return switch (this) {
            case Chain chain -> shut.test(chain.type) ? Optional.of(chain.type) : chain.target.shutHop(shut);
            case ReverseChain chain -> shut.test(chain.type) ? Optional.of(chain.type) : chain.source.shutHop(shut);
            case AnyOf any -> {
                List<Optional<String>> hops =
                        any.conditions.stream().map(each -> each.shutHop(shut)).toList();
                yield hops.stream().allMatch(Optional::isPresent)
                        ? hops.stream().flatMap(Optional::stream).findFirst()
                        : Optional.empty();
            }
            case AllOf all ->
                all.conditions.stream()
                        .flatMap(each -> each.shutHop(shut).stream())
                        .findFirst();
            case Not not -> not.condition.shutHop(shut);
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ ->
                Optional.empty();
            case GrantedTo _, NamedFor _, MadeBy _, Consented _, InCompartment _, InPart _, Coded _ -> Optional.empty();
        };
    }

    /** Returns this condition, with what terminology is asked for replaced by what {@code known} answers. */
    default Condition withCodes(Function<Coded, Condition> known) {
        return switch (this) {
            case Coded coded -> known.apply(coded);
            case Chain chain -> new Chain(chain.parameter, chain.type, chain.target.withCodes(known));
            case ReverseChain chain -> new ReverseChain(chain.type, chain.parameter, chain.source.withCodes(known));
            case AnyOf any ->
                new AnyOf(any.conditions.stream()
                        .map(each -> each.withCodes(known))
                        .toList());
            case AllOf all ->
                new AllOf(all.conditions.stream()
                        .map(each -> each.withCodes(known))
                        .toList());
            case Not not -> new Not(not.condition.withCodes(known));
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ -> this;
            case GrantedTo _, NamedFor _, MadeBy _, Consented _, InCompartment _, InPart _ -> this;
        };
    }

    /** Whether terminology is asked for. */
    default boolean asksForCodes() {
        return switch (this) {
            case Coded _ -> true;
            case Chain chain -> chain.target.asksForCodes();
            case ReverseChain chain -> chain.source.asksForCodes();
            case AnyOf any -> any.conditions.stream().anyMatch(Condition::asksForCodes);
            case AllOf all -> all.conditions.stream().anyMatch(Condition::asksForCodes);
            case Not not -> not.condition.asksForCodes();
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ -> false;
            case GrantedTo _, NamedFor _, MadeBy _, Consented _, InCompartment _, InPart _ -> false;
        };
    }

    /**
     * Returns what of this condition depends on nothing but whose record the resource is in and who made it: fulfilled by
     * whatever fulfils this one.
     */
    default Condition ofRecord() {
        return switch (this) {
            case GrantedTo _, MadeBy _, InCompartment _ -> this;
            case AnyOf any -> {
                List<Condition> alternatives =
                        any.conditions.stream().map(Condition::ofRecord).toList();
                yield alternatives.contains(EVERYTHING) ? EVERYTHING : new AnyOf(alternatives);
            }
            case AllOf all ->
                new AllOf(all.conditions.stream()
                        .map(Condition::ofRecord)
                        .filter(each -> !each.equals(EVERYTHING))
                        .toList());
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, HasKey _, Changed _ ->
                EVERYTHING;
            case NamedFor _, Consented _, InPart _, Coded _, Chain _, ReverseChain _, Not _ -> EVERYTHING;
        };
    }

    /** Whether this condition asks for nothing but what {@link #ofRecord} does. */
    default boolean asksForRecordAlone() {
        return switch (this) {
            case GrantedTo _, MadeBy _, InCompartment _ -> true;
            case AnyOf any -> any.conditions.stream().allMatch(Condition::asksForRecordAlone);
            case AllOf all -> all.conditions.stream().allMatch(Condition::asksForRecordAlone);
            default -> false;
        };
    }

    /**
     * Returns a condition that {@link #asksForRecordAlone} and whose fulfilment implies that of this one; {@link #NOTHING} when
     * there is none.
     */
    default Condition byRecordAlone() {
        return switch (this) {
            case AnyOf any ->
                new AnyOf(any.conditions.stream()
                        .map(Condition::byRecordAlone)
                        .filter(each -> !each.equals(NOTHING))
                        .toList());
            case AllOf all -> {
                List<Condition> parts =
                        all.conditions.stream().map(Condition::byRecordAlone).toList();
                yield parts.contains(NOTHING) ? NOTHING : new AllOf(parts);
            }
            default -> asksForRecordAlone() ? this : NOTHING;
        };
    }

    /** Returns this condition, but what grants open includes the compartments of {@code patients}. */
    default Condition alsoOf(Set<String> patients) {
        return switch (this) {
            case GrantedTo _ ->
                new AnyOf(Stream.concat(
                                Stream.of(this), patients.stream().sorted().map(InCompartment::new))
                        .toList());
            case AnyOf any ->
                new AnyOf(any.conditions.stream()
                        .map(each -> each.alsoOf(patients))
                        .toList());
            case AllOf all ->
                new AllOf(all.conditions.stream()
                        .map(each -> each.alsoOf(patients))
                        .toList());
            default -> this;
        };
    }

    private static Condition narrowed(Condition condition, String type, Function<String, Condition> shown) {
        return new AllOf(List.of(condition.chainedWithin(shown), shown.apply(type)));
    }

    /** Returns the conditions that must all hold, as far as this one is a list of such. */
    default List<Condition> conjuncts() {
        return this instanceof AllOf all
                ? all.conditions.stream()
                        .flatMap(each -> each.conjuncts().stream())
                        .toList()
                : List.of(this);
    }

    /** Fulfilled by every resource. */
    Condition EVERYTHING = new AllOf(List.of());

    /** Fulfilled by none. */
    Condition NOTHING = new AnyOf(List.of());
}
