package org.careloop.calleraccess;

import java.io.InputStream;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.calleraccess.AccessPolicy.Rule;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchParser;
import org.jspecify.annotations.Nullable;

/** Reads rules strictly: a key, name or query that is not understood stops the start. */
final class AccessPolicyFile {

    private static final RuleFile FILE = new RuleFile("access.yaml");

    private AccessPolicyFile() {}

    static AccessPolicy read(InputStream yaml, ConsentRules consent) {
        Map<String, Object> file = FILE.read(yaml, Set.of("version", "roles", "grants", "named"));
        List<Grant> grants = grants(file.get("grants"));
        Set<String> names = grants.stream().map(Grant::name).collect(Collectors.toSet());
        return new AccessPolicy(roles(file.get("roles"), names), grants, named(file.get("named")), consent);
    }

    private static Map<Role, Map<String, List<Rule>>> roles(@Nullable Object yaml, Set<String> grants) {
        Map<Role, Map<String, List<Rule>>> roles = new EnumMap<>(Role.class);
        FILE.map("roles", yaml).forEach((name, types) -> {
            Role role = FILE.role("roles." + name, name);
            Map<String, List<Rule>> rules = new HashMap<>();
            FILE.map(name, types)
                    .forEach((type, rule) -> rules.put(type, rules(name + "." + type, type, rule, grants)));
            roles.put(role, Map.copyOf(rules));
        });
        return roles;
    }

    private static List<Rule> rules(String place, String type, Object yaml, Set<String> grants) {
        List<Rule> rules = (yaml instanceof List<?> ? FILE.list(place, yaml) : List.of(yaml))
                .stream().map(each -> rule(place, type, each, grants)).toList();
        // Which of several rules opened a resource is not known where it is shown.
        if (rules.stream().map(Rule::elements).distinct().count() > 1) {
            throw FILE.wrong(place + ".elements", "the same in each rule of a type", null);
        }
        return rules;
    }

    private static Rule rule(String place, String type, Object yaml, Set<String> grants) {
        if (!type.equals(AccessPolicy.ANY_TYPE)) {
            FILE.checkType(place, type);
        }
        Map<String, Object> fields = FILE.map(place, yaml, Set.of("may", "where", "elements"));
        if (!(fields.get("may") instanceof String may) || !may.matches("c?r?u?d?s?")) {
            throw FILE.wrong(place + ".may", "letters of cruds in this order", null);
        }
        List<String> where =
                fields.containsKey("where") ? FILE.strings(place + ".where", fields.get("where")) : List.of();
        where.forEach(query -> checkQuery(place + ".where", type, query, grants));
        return new Rule(may, where, elements(place + ".elements", type, may, fields.get("elements")));
    }

    private static Set<String> elements(String place, String type, String may, @Nullable Object yaml) {
        if (yaml == null) {
            return Set.of();
        }
        Set<String> elements = Set.copyOf(FILE.strings(place, yaml));
        if (!may.matches("r?s?")) {
            throw FILE.wrong(
                    place, "none where more than read and search is open: a part cannot be written back", null);
        }
        if (type.equals(AccessPolicy.ANY_TYPE) || !elementsOf(type).containsAll(elements)) {
            throw FILE.wrong(place, "elements of a type, of a choice without its type", null);
        }
        return elements;
    }

    private static Set<String> elementsOf(String type) {
        return FhirJson.context().getResourceDefinition(type).getChildren().stream()
                .map(child -> child.getElementName().replace("[x]", ""))
                .collect(Collectors.toSet());
    }

    private static void checkQuery(String place, String type, String query, Set<String> grants) {
        List<QueryParameter> parameters = QueryParameter.parse(query);
        if (parameters.isEmpty()) {
            throw FILE.wrong(place, "a query string", null);
        }
        List<QueryParameter> filters = new ArrayList<>();
        for (QueryParameter parameter : parameters) {
            Optional<OfCaller> ofCaller = OfCaller.of(parameter.name());
            if (ofCaller.isEmpty()) {
                filters.add(parameter);
            } else if (Set.of(OfCaller.GRANTED, OfCaller.OPENED, OfCaller.NAMED).contains(ofCaller.get())
                    && !grants.contains(parameter.value())) {
                throw FILE.wrong(place, "the name of a grant of this file", null);
            }
        }
        try {
            if (!type.equals(AccessPolicy.ANY_TYPE)) {
                // Access is decided in each statement, where no terminology is asked.
                if (SearchParser.condition(type, filters).asksForCodes()) {
                    throw FILE.wrong(place, "codes instead of value sets and hierarchies", null);
                }
            } else if (!filters.isEmpty()) {
                throw FILE.wrong(place, "no search parameters for every type", null);
            }
        } catch (FhirProblem e) {
            throw FILE.wrong(place, "search parameters of " + type, e);
        }
    }

    private static List<Grant> grants(@Nullable Object yaml) {
        List<Grant> grants = new ArrayList<>();
        if (yaml != null) {
            FILE.map("grants", yaml)
                    .forEach((name, sources) -> FILE.list("grants." + name, sources)
                            .forEach(source -> grants.add(grant("grants." + name, name, source))));
        }
        return List.copyOf(grants);
    }

    private static Grant grant(String place, String name, Object source) {
        Map<String, Object> fields = FILE.map(
                place,
                source,
                Set.of("service", "type", "category", "organization", "patient", "status", "after", "lasting"));
        String type = FILE.string(place + ".type", fields.get("type"));
        FILE.checkType(place + ".type", type);
        List<String> organization = FILE.strings(place + ".organization", fields.get("organization"));
        organization.stream()
                .filter(parameter -> !Grant.SPECIAL.contains(parameter))
                .forEach(parameter -> requireParameter(place, type, parameter));
        String patient = FILE.string(place + ".patient", fields.get("patient"));
        if (patient.equals(Grant.ID) != Compartment.isPatient(type)) {
            throw FILE.wrong(place + ".patient", "_id of Patient, a search parameter of other types", null);
        }
        requireParameter(place, type, patient);
        Map<String, Duration> after = new HashMap<>();
        if (fields.containsKey("after")) {
            FILE.map(place + ".after", fields.get("after"))
                    .forEach((status, time) -> after.put(status, duration(place + ".after", time)));
        }
        return new Grant(
                name,
                FILE.string(place + ".service", fields.get("service")),
                type,
                fields.containsKey("category")
                        ? Optional.of(FILE.string(place + ".category", fields.get("category")))
                        : Optional.empty(),
                organization,
                patient,
                fields.containsKey("status") ? FILE.strings(place + ".status", fields.get("status")) : List.of(),
                Map.copyOf(after),
                fields.containsKey("lasting")
                        ? Optional.of(duration(place + ".lasting", fields.get("lasting")))
                        : Optional.empty());
    }

    private static List<Naming> named(@Nullable Object yaml) {
        List<Naming> named = new ArrayList<>();
        if (yaml != null) {
            FILE.list("named", yaml).forEach(each -> {
                Map<String, Object> fields = FILE.map("named", each, Set.of("service", "type", "elements"));
                String type = FILE.string("named.type", fields.get("type"));
                FILE.checkType("named.type", type);
                List<String> elements = FILE.strings("named.elements", fields.get("elements"));
                named.add(Naming.of(FILE.string("named.service", fields.get("service")), type, elements)
                        .orElseThrow(() -> FILE.wrong("named.elements", "paths in " + type, null)));
            });
        }
        return List.copyOf(named);
    }

    private static Duration duration(String place, Object time) {
        try {
            return Duration.parse(FILE.string(place, time));
        } catch (DateTimeParseException e) {
            throw FILE.wrong(place, "a duration such as P30D", e);
        }
    }

    private static void requireParameter(String place, String type, String name) {
        if (SearchParameters.find(type, name).isEmpty()) {
            throw FILE.wrong(place, "search parameters of " + type, null);
        }
    }
}
