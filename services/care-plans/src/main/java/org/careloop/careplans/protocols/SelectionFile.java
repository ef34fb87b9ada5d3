package org.careloop.careplans.protocols;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.careloop.careplans.domain.Applicability;
import org.careloop.careplans.domain.ProtocolSelection;
import org.careloop.careplans.domain.ProtocolSelection.Rule;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads {@code selection.yaml}. */
final class SelectionFile {

    private SelectionFile() {}

    /** Fails with IllegalArgumentException and the key that is missing or of another kind. */
    static ProtocolSelection read(byte[] yaml) {
        Object file = new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
        Map<?, ?> root = map(file, "file");
        return new ProtocolSelection(
                text(root, "version"),
                list(root.get("protocols"), "protocols").stream()
                        .map(SelectionFile::rule)
                        .toList());
    }

    private static Rule rule(Object entry) {
        Map<?, ?> rule = map(entry, "protocols");
        List<?> conditions = rule.containsKey("when") ? list(rule.get("when"), "when") : List.of();
        return new Rule(
                text(rule, "protocol"),
                conditions.stream().map(SelectionFile::condition).toList());
    }

    private static Applicability condition(Object entry) {
        Map<?, ?> condition = map(entry, "when");
        List<String> values = list(condition.get("in"), "in").stream()
                .map(value -> {
                    if (value instanceof String text) {
                        return text;
                    }
                    // An unquoted 06 is a number to YAML and would no longer be the code.
                    throw new IllegalArgumentException("in: not a text (expected: codes in quotes)");
                })
                .toList();
        return Applicability.of(text(condition, "fact"), values);
    }

    private static Map<?, ?> map(Object value, String key) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(key + ": not a mapping (expected: keys and values)");
    }

    private static List<?> list(@Nullable Object value, String key) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(key + ": not a list (expected: a list)");
    }

    private static String text(Map<?, ?> map, String key) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(key + ": missing or not a text (expected: a text)");
    }
}
