package org.careloop.calleraccess;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.calleraccess.AccessPolicy.Grant;
import org.careloop.calleraccess.AccessPolicy.Rule;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchParser;
import org.jspecify.annotations.Nullable;

/** Reads rules strictly: a key, name or query that is not understood stops the start. */
final class AccessPolicyFile {

    private static final RuleFile FILE = new RuleFile("access.yaml");
    private static final Set<String> CONDITIONS_OF_CALLER = Set.of("_granted", "_compartment");

    private AccessPolicyFile() {}

    static AccessPolicy read(InputStream yaml, ConsentRules consent) {
        Map<String, Object> file = FILE.read(yaml, Set.of("version", "roles", "grants"));
        return new AccessPolicy(roles(file.get("roles")), grants(file.get("grants")), consent);
    }

    private static Map<Role, Map<String, Rule>> roles(@Nullable Object yaml) {
        Map<Role, Map<String, Rule>> roles = new EnumMap<>(Role.class);
        FILE.map("roles", yaml).forEach((name, types) -> {
            Role role = FILE.role("roles." + name, name);
            Map<String, Rule> rules = new HashMap<>();
            FILE.map(name, types).forEach((type, rule) -> rules.put(type, rule(name + "." + type, type, rule)));
            roles.put(role, Map.copyOf(rules));
        });
        return roles;
    }

    private static Rule rule(String place, String type, Object yaml) {
        if (!type.equals(AccessPolicy.ANY_TYPE)) {
            FILE.checkType(place, type);
        }
        Map<String, Object> fields = FILE.map(place, yaml, Set.of("may", "where"));
        if (!(fields.get("may") instanceof String may) || !may.matches("c?r?u?d?s?")) {
            throw FILE.wrong(place + ".may", "letters of cruds in this order", null);
        }
        List<String> where =
                fields.containsKey("where") ? FILE.strings(place + ".where", fields.get("where")) : List.of();
        where.forEach(query -> checkQuery(place + ".where", type, query));
        return new Rule(may, where);
    }

    private static void checkQuery(String place, String type, String query) {
        List<QueryParameter> parameters = QueryParameter.parse(query);
        if (parameters.isEmpty()) {
            throw FILE.wrong(place, "a query string", null);
        }
        try {
            List<QueryParameter> filters = parameters.stream()
                    .filter(parameter -> !CONDITIONS_OF_CALLER.contains(parameter.name()))
                    .toList();
            if (!type.equals(AccessPolicy.ANY_TYPE)) {
                // Access is decided in each statement, where no terminology is asked.
                if (SearchParser.condition(type, filters).asksForCodes()) {
                    throw FILE.wrong(place, "codes instead of value sets and hierarchies", null);
                }
            } else if (!filters.isEmpty()) {
                throw FILE.wrong(place, "_granted or _compartment", null);
            }
        } catch (FhirProblem e) {
            throw FILE.wrong(place, "search parameters of " + type, e);
        }
    }

    private static List<Grant> grants(@Nullable Object yaml) {
        List<Grant> grants = new ArrayList<>();
        if (yaml == null) {
            return grants;
        }
        for (Object entry : FILE.list("grants", yaml)) {
            Map<String, Object> fields =
                    FILE.map("grants", entry, Set.of("service", "type", "organization", "patient", "status"));
            String type = FILE.string("grants.type", fields.get("type"));
            FILE.checkType("grants.type", type);
            grants.add(new Grant(
                    FILE.string("grants.service", fields.get("service")),
                    type,
                    parameter(type, "organization", fields),
                    parameter(type, "patient", fields),
                    FILE.strings("grants.status", fields.get("status"))));
        }
        return List.copyOf(grants);
    }

    private static String parameter(String type, String field, Map<String, Object> fields) {
        String name = FILE.string("grants." + field, fields.get(field));
        if (SearchParameters.find(type, name).isEmpty()) {
            throw FILE.wrong("grants." + field, "a search parameter of " + type, null);
        }
        return name;
    }
}
