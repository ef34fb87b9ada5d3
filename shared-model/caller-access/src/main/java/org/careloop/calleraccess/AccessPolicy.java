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
     */
    record Rule(String may, List<String> where) {}

    /**
     * Which resources open a patient's compartment to an organisation.
     *
     * @param service the service that owns the type
     * @param type the resource type whose events are watched
     * @param organization the search parameter that names the organisation
     * @param patient the search parameter that names the patient
     * @param status the status codes in which the grant is open
     */
    public record Grant(String service, String type, String organization, String patient, List<String> status) {}

    static final String ANY_TYPE = "*";

    /** What the rule for every type does not open: who may see who saw what is to be said by name. */
    public static final String AUDIT_EVENT = "AuditEvent";

    private static final int MOST_REMEMBERED = 10_000;

    private final Map<Role, Map<String, Rule>> roles;
    private final List<Grant> grants;
    private final ConsentRules consent;
    private final Cache<Question, Condition> remembered =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** What a decision depends on; equal claims have the same scopes, see {@link SmartScopes#parse}. */
    private record Question(
            Role role,
            SmartScopes scopes,
            Optional<String> organization,
            Optional<String> patient,
            String type,
            Interaction interaction) {

        static Question of(Caller caller, String type, Interaction interaction) {
            return new Question(
                    caller.role(), caller.scopes(), caller.organization(), caller.patient(), type, interaction);
        }
    }

    AccessPolicy(Map<Role, Map<String, Rule>> roles, List<Grant> grants, ConsentRules consent) {
        this.roles = roles;
        this.grants = grants;
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

    /**
     * Returns the condition that resources of {@code type} fulfil for {@code caller} to do {@code interaction}: that of the
     * rule, that of a scope and what the patient consented to. Fails with {@link ProblemCode#FORBIDDEN} when the scopes or the rules open nothing at all.
     */
    public Condition decide(Caller caller, String type, Interaction interaction) {
        return remembered.get(Question.of(caller, type, interaction), question -> opened(caller, type, interaction));
    }

    private Condition opened(Caller caller, String type, Interaction interaction) {
        Set<SmartScopes.Opening> scopes = caller.scopes().opened(type, interaction);
        if (scopes.isEmpty()) {
            throw outOfScope(type, interaction);
        }
        Rule rule = find(caller, type)
                .filter(found -> found.may().indexOf(interaction.letter()) >= 0)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.FORBIDDEN,
                        type + ": not open to this role for "
                                + interaction.name().toLowerCase(Locale.ROOT)));
        Condition open = both(condition(rule, caller, type), condition(scopes, caller, type, interaction));
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

    private Optional<Rule> find(Caller caller, String type) {
        Map<String, Rule> rules = roles.getOrDefault(caller.role(), Map.of());
        return Optional.ofNullable(
                type.equals(AUDIT_EVENT) ? rules.get(type) : rules.getOrDefault(type, rules.get(ANY_TYPE)));
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
        List<Condition> alternatives = scopes.stream()
                .map(scope -> both(context(scope, caller, type, interaction), filters(scope.query(), type)))
                .filter(open -> !open.equals(Condition.NOTHING))
                .toList();
        if (alternatives.contains(Condition.EVERYTHING)) {
            return Condition.EVERYTHING;
        }
        return alternatives.size() == 1 ? alternatives.getFirst() : new Condition.AnyOf(alternatives);
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

    private static Condition condition(Rule rule, Caller caller, String type) {
        if (rule.where().isEmpty()) {
            return Condition.EVERYTHING;
        }
        return new Condition.AnyOf(rule.where().stream()
                .map(query -> alternative(query, caller, type))
                .toList());
    }

    private static Condition alternative(String query, Caller caller, String type) {
        List<QueryParameter> filters = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        for (QueryParameter parameter : QueryParameter.parse(query)) {
            switch (parameter.name()) {
                case "_granted" ->
                    conditions.add(caller.organization()
                            .<Condition>map(Condition.GrantedTo::new)
                            .orElse(Condition.NOTHING));
                case "_compartment" ->
                    conditions.add(caller.patient()
                            .<Condition>map(Condition.InCompartment::new)
                            .orElse(Condition.NOTHING));
                default -> {
                    if (parameter.value().contains("{organization}")
                            && caller.organization().isEmpty()) {
                        return Condition.NOTHING;
                    }
                    filters.add(new QueryParameter(
                            parameter.name(),
                            parameter
                                    .value()
                                    .replace(
                                            "{organization}",
                                            caller.organization().orElse(""))));
                }
            }
        }
        conditions.add(SearchParser.condition(type, filters));
        return new Condition.AllOf(conditions);
    }
}
