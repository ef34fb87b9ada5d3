package org.careloop.calleraccess;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.calleraccess.AccessPolicy.Grant;
import org.careloop.calleraccess.AccessPolicy.Rule;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchParser;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads rules strictly: a key, name or query that is not understood stops the start. */
final class AccessPolicyFile {

    private static final Set<String> CONDITIONS_OF_CALLER = Set.of("_granted", "_compartment");

    private AccessPolicyFile() {}

    static AccessPolicy read(InputStream yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Map<String, Object> file = map("file", new Yaml(new SafeConstructor(options)).load(yaml));
            only("file", file, Set.of("version", "roles", "grants"));
            return new AccessPolicy(roles(file.get("roles")), grants(file.get("grants")));
        } catch (YAMLException e) {
            throw wrong("file", "YAML", e);
        }
    }

    private static Map<Role, Map<String, Rule>> roles(@Nullable Object yaml) {
        Map<Role, Map<String, Rule>> roles = new EnumMap<>(Role.class);
        map("roles", yaml).forEach((name, types) -> {
            Role role = Role.of(name).orElseThrow(() -> wrong("roles." + name, "a role", null));
            Map<String, Rule> rules = new HashMap<>();
            map(name, types).forEach((type, rule) -> rules.put(type, rule(name + "." + type, type, rule)));
            roles.put(role, Map.copyOf(rules));
        });
        return roles;
    }

    private static Rule rule(String place, String type, Object yaml) {
        if (!type.equals(AccessPolicy.ANY_TYPE)) {
            checkType(place, type);
        }
        Map<String, Object> fields = map(place, yaml);
        only(place, fields, Set.of("may", "where"));
        if (!(fields.get("may") instanceof String may) || !may.matches("c?r?u?d?s?")) {
            throw wrong(place + ".may", "letters of cruds in this order", null);
        }
        List<String> where = fields.containsKey("where") ? strings(place + ".where", fields.get("where")) : List.of();
        where.forEach(query -> checkQuery(place + ".where", type, query));
        return new Rule(may, where);
    }

    private static void checkQuery(String place, String type, String query) {
        List<QueryParameter> parameters = QueryParameter.parse(query);
        if (parameters.isEmpty()) {
            throw wrong(place, "a query string", null);
        }
        try {
            List<QueryParameter> filters = parameters.stream()
                    .filter(parameter -> !CONDITIONS_OF_CALLER.contains(parameter.name()))
                    .toList();
            if (!type.equals(AccessPolicy.ANY_TYPE)) {
                // Access is decided in each statement, where no terminology is asked.
                if (SearchParser.condition(type, filters).asksForCodes()) {
                    throw wrong(place, "codes instead of value sets and hierarchies", null);
                }
            } else if (!filters.isEmpty()) {
                throw wrong(place, "_granted or _compartment", null);
            }
        } catch (FhirProblem e) {
            throw wrong(place, "search parameters of " + type, e);
        }
    }

    private static List<Grant> grants(@Nullable Object yaml) {
        List<Grant> grants = new ArrayList<>();
        if (yaml == null) {
            return grants;
        }
        if (!(yaml instanceof List<?> list)) {
            throw wrong("grants", "a list", null);
        }
        for (Object entry : list) {
            Map<String, Object> fields = map("grants", entry);
            only("grants", fields, Set.of("service", "type", "organization", "patient", "status"));
            String type = string("grants.type", fields.get("type"));
            checkType("grants.type", type);
            grants.add(new Grant(
                    string("grants.service", fields.get("service")),
                    type,
                    parameter(type, "organization", fields),
                    parameter(type, "patient", fields),
                    strings("grants.status", fields.get("status"))));
        }
        return List.copyOf(grants);
    }

    private static String parameter(String type, String field, Map<String, Object> fields) {
        String name = string("grants." + field, fields.get(field));
        if (SearchParameters.find(type, name).isEmpty()) {
            throw wrong("grants." + field, "a search parameter of " + type, null);
        }
        return name;
    }

    private static void checkType(String place, String type) {
        if (!FhirJson.context().getResourceTypes().contains(type)) {
            throw wrong(place, "a FHIR R4 type", null);
        }
    }

    private static void only(String place, Map<String, Object> fields, Set<String> known) {
        if (!known.containsAll(fields.keySet())) {
            throw wrong(place, "no other keys than " + known, null);
        }
    }

    private static Map<String, Object> map(String place, @Nullable Object yaml) {
        if (!(yaml instanceof Map<?, ?> entries)) {
            throw wrong(place, "a map", null);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        entries.forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }

    private static String string(String place, @Nullable Object yaml) {
        if (!(yaml instanceof String text) || text.isBlank()) {
            throw wrong(place, "a text", null);
        }
        return text;
    }

    private static List<String> strings(String place, @Nullable Object yaml) {
        if (!(yaml instanceof List<?> list) || list.isEmpty()) {
            throw wrong(place, "a list with at least one entry", null);
        }
        return list.stream().map(entry -> string(place, entry)).toList();
    }

    private static IllegalStateException wrong(String place, String expected, @Nullable Exception cause) {
        return new IllegalStateException("access.yaml: " + place + " (expected: " + expected + ")", cause);
    }
}
