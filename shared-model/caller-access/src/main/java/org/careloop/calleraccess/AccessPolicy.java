package org.careloop.calleraccess;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;

/**
 * The access rules of a service: for each role and type, which interactions, and of which resources. Data, read from
 * {@code access.yaml}; {@code docs/architecture/security.md} explains the format.
 */
public final class AccessPolicy {

    /**
     * One rule.
     *
     * @param may letters of {@code cruds}
     * @param where alternatives, each a query string whose conditions must all hold; empty for every resource
     * @param elements the elements that are shown; empty for all
     */
    record Rule(String may, List<String> where, Set<String> elements) {}

    static final String ANY_TYPE = "*";

    /** What the rule for every type does not open: who may see who saw what is to be said by name. */
    public static final String AUDIT_EVENT = "AuditEvent";

    private static final String OWN_ORGANIZATION = "{organization}";

    private static final int MOST_REMEMBERED = 10_000;

    private final Map<Role, Map<String, List<Rule>>> roles;
    private final List<Grant> grants;
    private final List<Naming> named;
    private final ConsentRules consent;
    private final Cache<Question, Condition> remembered =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** What a decision depends on; equal claims have the same scopes, see {@link SmartScopes#parse}. */
    private record Question(
            Role role,
            SmartScopes scopes,
            Optional<String> organization,
            Optional<String> patient,
            Optional<String> person,
            String type,
            Interaction interaction) {

        static Question of(Caller caller, String type, Interaction interaction) {
            return new Question(
                    caller.role(),
                    caller.scopes(),
                    caller.organization(),
                    caller.patient(),
                    caller.person(),
                    type,
                    interaction);
        }
    }

    AccessPolicy(
            Map<Role, Map<String, List<Rule>>> roles, List<Grant> grants, List<Naming> named, ConsentRules consent) {
        this.roles = roles;
        this.grants = grants;
        this.named = named;
        this.consent = consent;
    }

    /**
     * Reads {@code access.yaml} from the class path of {@code application}. Fails with {@link IllegalStateException} when it
     * is absent or holds what is not understood: a rule that is read wrongly might open what it should shut.
     */
    public static AccessPolicy load(ClassLoader application, ConsentRules consent) {
        try (InputStream yaml = application.getResourceAsStream("access.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("access.yaml is missing: a service without rules must not start");
            }
            return AccessPolicyFile.read(yaml, consent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The grants that this service keeps a projection of. */
    public List<Grant> grants() {
        return grants;
    }

    /** What names resources that are opened with it; this service keeps a projection of it. */
    public List<Naming> named() {
        return named;
    }

    /**
     * Returns the condition that resources of {@code type} fulfil for {@code caller} to do {@code interaction}: that of the
     * rule, that of a scope and what the patient consented to. Fails with {@link ProblemCode#FORBIDDEN} when the scopes or the rules open nothing at all.
     */
    public Condition decide(Caller caller, String type, Interaction interaction) {
        return remembered.get(Question.of(caller, type, interaction), question -> opened(caller, type, interaction));
    }

    /** As {@link #decide}, but {@link Condition#NOTHING} where that fails. */
    public Condition open(Caller caller, String type, Interaction interaction) {
        try {
            return decide(caller, type, interaction);
        } catch (FhirProblem nothing) {
            return Condition.NOTHING;
        }
    }

    /**
     * Returns what of {@code type} is not hidden from {@code caller}: what the rules let it read, or find by a search. Which types
     * its scopes name does not matter: who may write one type refers to others.
     */
    public Condition shown(Caller caller, String type) {
        Caller anyType = caller.with(caller.scopes().ofAllTypes());
        Condition read = open(anyType, type, Interaction.READ);
        Condition found = open(anyType, type, Interaction.SEARCH);
        return read.equals(found) ? read : either(List.of(read, found));
    }

    private Condition opened(Caller caller, String type, Interaction interaction) {
        Set<SmartScopes.Opening> scopes = caller.scopes().opened(type, interaction);
        if (scopes.isEmpty()) {
            throw outOfScope(type, interaction);
        }
        Condition rules = either(find(caller, type).stream()
                .filter(rule -> rule.may().indexOf(interaction.letter()) >= 0)
                .flatMap(rule -> alternatives(rule, caller, type))
                .toList());
        if (rules.equals(Condition.NOTHING)) {
            throw new FhirProblem(
                    ProblemCode.FORBIDDEN,
                    type + ": not open to this role for " + interaction.name().toLowerCase(Locale.ROOT));
        }
        Condition open = both(rules, condition(scopes, caller, type, interaction));
        if (open.equals(Condition.NOTHING)) {
            throw outOfScope(type, interaction);
        }
        return both(open, consent.condition(caller, type));
    }

    private static FhirProblem outOfScope(String type, Interaction interaction) {
        return new FhirProblem(
                ProblemCode.FORBIDDEN,
                "scope: does not allow this (expected: " + type + "." + interaction.letter() + ")");
    }

    private List<Rule> find(Caller caller, String type) {
        Map<String, List<Rule>> rules = roles.getOrDefault(caller.role(), Map.of());
        List<Rule> ofAny = type.equals(AUDIT_EVENT) ? List.of() : rules.getOrDefault(ANY_TYPE, List.of());
        return rules.getOrDefault(type, ofAny);
    }

    private static Condition both(Condition one, Condition other) {
        if (one.equals(Condition.NOTHING) || other.equals(Condition.NOTHING)) {
            return Condition.NOTHING;
        }
        if (one.equals(Condition.EVERYTHING) || other.equals(Condition.EVERYTHING)) {
            return one.equals(Condition.EVERYTHING) ? other : one;
        }
        return new Condition.AllOf(List.of(one, other));
    }

    private static Condition condition(
            Set<SmartScopes.Opening> scopes, Caller caller, String type, Interaction interaction) {
        return either(scopes.stream()
                .map(scope -> both(context(scope, caller, type, interaction), filters(scope.query(), type)))
                .toList());
    }

    private static Condition either(List<Condition> alternatives) {
        if (alternatives.contains(Condition.EVERYTHING)) {
            return Condition.EVERYTHING;
        }
        List<Condition> open = alternatives.stream()
                .filter(each -> !each.equals(Condition.NOTHING))
                .distinct()
                .toList();
        return open.size() == 1 ? open.getFirst() : new Condition.AnyOf(open);
    }

    /**
     * A patient's rules keep to its compartment by themselves. Of types that are in nobody's, such as Organization, the
     * context of a patient lets others read what their rule opens, and write nothing.
     */
    private static Condition context(SmartScopes.Opening scope, Caller caller, String type, Interaction interaction) {
        if (!scope.ofPatient() || caller.role() == Role.PATIENT) {
            return Condition.EVERYTHING;
        }
        if (caller.patient().isEmpty()) {
            return Condition.NOTHING;
        }
        if (Compartment.has(type)) {
            return new Condition.InCompartment(caller.patient().get());
        }
        return interaction == Interaction.READ || interaction == Interaction.SEARCH
                ? Condition.EVERYTHING
                : Condition.NOTHING;
    }

    /** A scope whose parameters are not understood opens nothing. */
    private static Condition filters(String query, String type) {
        if (query.isEmpty()) {
            return Condition.EVERYTHING;
        }
        try {
            Condition filters = SearchParser.condition(type, QueryParameter.parse(query));
            return filters.asksForCodes() || filters.chainedTypes().findAny().isPresent() ? Condition.NOTHING : filters;
        } catch (FhirProblem notUnderstood) {
            return Condition.NOTHING;
        }
    }

    private static Stream<Condition> alternatives(Rule rule, Caller caller, String type) {
        Condition shown = rule.elements().isEmpty() ? Condition.EVERYTHING : new Condition.InPart(rule.elements());
        return rule.where().isEmpty()
                ? Stream.of(shown)
                : rule.where().stream().map(query -> both(alternative(query, caller, type), shown));
    }

    private static Condition alternative(String query, Caller caller, String type) {
        Condition open = Condition.EVERYTHING;
        List<QueryParameter> filters = new ArrayList<>();
        for (QueryParameter parameter : QueryParameter.parse(query)) {
            Optional<OfCaller> ofCaller = OfCaller.of(parameter.name());
            if (ofCaller.isPresent()) {
                open = both(open, ofCaller.get().condition(caller, type, parameter.value()));
            } else if (parameter.value().contains(OWN_ORGANIZATION)) {
                Optional<String> organization = caller.organization();
                open = organization.isPresent() ? open : Condition.NOTHING;
                filters.add(new QueryParameter(
                        parameter.name(), parameter.value().replace(OWN_ORGANIZATION, organization.orElse(""))));
            } else {
                filters.add(parameter);
            }
        }
        return filters.isEmpty() ? open : both(open, SearchParser.condition(type, filters));
    }
}
