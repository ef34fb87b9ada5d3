package org.careloop.local.registration;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.parts.ProjectRoot;
import org.yaml.snakeyaml.Yaml;

/** What the access rules of a service open to agencies. */
final class PartnerRules {

    /** In no patient's compartment, so nothing of them is open by the rule for all types, which asks for what a Task names. */
    private static final Set<String> OUTSIDE = Set.of("Group", "Medication", "Questionnaire");

    private PartnerRules() {}

    /** Returns the letters of {@code cruds} that the rules of {@code service} let agencies do, by type. */
    static Map<String, Set<Character>> of(String service) throws IOException {
        Path resources = ProjectRoot.find().resolve("services/" + service + "/src/main/resources");
        Map<String, Set<Character>> opened = new TreeMap<>();
        Map<?, ?> rules;
        try (Reader yaml = Files.newBufferedReader(resources.resolve("access.yaml"))) {
            Map<String, Map<String, Map<String, Object>>> file = new Yaml().load(yaml);
            rules = file.get("roles").get("partner");
        }
        Properties settings = new Properties();
        try (Reader properties = Files.newBufferedReader(resources.resolve("application.properties"))) {
            settings.load(properties);
        }
        for (String type : settings.getProperty("careloop.store.types").split(",")) {
            if (rules.containsKey(type) || rules.containsKey("*") && !OUTSIDE.contains(type)) {
                opened.put(type, letters(rules.containsKey(type) ? rules.get(type) : rules.get("*")));
            }
        }
        return opened;
    }

    private static Set<Character> letters(Object rules) {
        Stream<?> each = rules instanceof List<?> list ? list.stream() : Stream.of(rules);
        return each.flatMap(
                        rule -> ((Map<?, ?>) rule).get("may").toString().chars().mapToObj(letter -> (char) letter))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
