package org.careloop.calleraccess;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

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
    private record Rule(String may, List<String> where) {}

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

    private static final String ANY_TYPE = "*";

    private final Map<String, Map<String, Rule>> roles;
    private final List<Grant> grants;

    private AccessPolicy(Map<String, Map<String, Rule>> roles, List<Grant> grants) {
        this.roles = roles;
        this.grants = grants;
    }

    /** Reads {@code access.yaml} from the class path of {@code anchor}'s application; fails at start-up if absent. */
    public static AccessPolicy load(ClassLoader application) {
        try (InputStream yaml = application.getResourceAsStream("access.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("access.yaml is missing: a service without rules must not start");
            }
            return parse(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The grants that this service keeps a projection of. */
    public List<Grant> grants() {
        return grants;
    }

    /**
     * Returns the condition that resources of {@code type} fulfil for {@code caller} to do {@code interaction}. Fails with
     * {@link ProblemCode#FORBIDDEN} when the scopes or the rules open nothing at all.
     */
    public Condition decide(Caller caller, String type, Interaction interaction) {
        if (!caller.scopes().allow(type, interaction)) {
            throw new FhirProblem(
                    ProblemCode.FORBIDDEN,
                    "scope: does not allow this (expected: " + type + "." + interaction.letter() + ")");
        }
        return find(caller, type)
                .filter(rule -> rule.may().indexOf(interaction.letter()) >= 0)
                .map(rule -> condition(rule, caller, type))
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.FORBIDDEN, type + ": not open to this role for " + interaction.name().toLowerCase(Locale.ROOT)));
    }

    private Optional<Rule> find(Caller caller, String type) {
        Map<String, Rule> rules = roles.getOrDefault(caller.role().claim(), Map.of());
        return Optional.ofNullable(rules.getOrDefault(type, rules.get(ANY_TYPE)));
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
                    if (parameter.value().contains("{organization}") && caller.organization().isEmpty()) {
                        return Condition.NOTHING;
                    }
                    filters.add(new QueryParameter(
                            parameter.name(),
                            parameter.value().replace("{organization}", caller.organization().orElse(""))));
                }
            }
        }
        conditions.add(SearchParser.condition(type, filters));
        return new Condition.AllOf(conditions);
    }

    private static AccessPolicy parse(Map<String, Object> file) {
        Map<String, Map<String, Rule>> roles = new HashMap<>();
        map(file.get("roles")).forEach((role, types) -> {
            Map<String, Rule> rules = new HashMap<>();
            map(types).forEach((type, rule) -> {
                Map<String, Object> fields = map(rule);
                rules.put(type, new Rule(String.valueOf(fields.get("may")), strings(fields.get("where"))));
            });
            roles.put(role, rules);
        });
        List<Grant> grants = new ArrayList<>();
        if (file.get("grants") instanceof List<?> list) {
            list.forEach(entry -> {
                Map<String, Object> fields = map(entry);
                grants.add(new Grant(
                        String.valueOf(fields.get("service")),
                        String.valueOf(fields.get("type")),
                        String.valueOf(fields.get("organization")),
                        String.valueOf(fields.get("patient")),
                        strings(fields.get("status"))));
            });
        }
        return new AccessPolicy(roles, grants);
    }

    private static Map<String, Object> map(Object yaml) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (yaml instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    private static List<String> strings(Object yaml) {
        return yaml instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }
}
