package org.careloop.calleraccess;

import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A file of rules in YAML, read strictly: what is not understood stops the start, for it might open what it should shut. */
record RuleFile(String name) {

    /** Returns the file's map, whose keys are among {@code keys}. */
    Map<String, Object> read(InputStream yaml, Set<String> keys) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return map("file", new Yaml(new SafeConstructor(options)).load(yaml), keys);
        } catch (YAMLException e) {
            throw wrong("file", "YAML", e);
        }
    }

    void checkType(String place, String type) {
        if (!FhirJson.context().getResourceTypes().contains(type)) {
            throw wrong(place, "a FHIR R4 type", null);
        }
    }

    Role role(String place, String name) {
        return Role.of(name).orElseThrow(() -> wrong(place, "a role", null));
    }

    Map<String, Object> map(String place, @Nullable Object yaml, Set<String> keys) {
        Map<String, Object> map = map(place, yaml);
        if (!keys.containsAll(map.keySet())) {
            throw wrong(place, "no other keys than " + keys, null);
        }
        return map;
    }

    Map<String, Object> map(String place, @Nullable Object yaml) {
        if (!(yaml instanceof Map<?, ?> entries)) {
            throw wrong(place, "a map", null);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        entries.forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }

    String string(String place, @Nullable Object yaml) {
        if (!(yaml instanceof String text) || text.isBlank()) {
            throw wrong(place, "a text", null);
        }
        return text;
    }

    List<String> strings(String place, @Nullable Object yaml) {
        return list(place, yaml).stream().map(entry -> string(place, entry)).toList();
    }

    List<?> list(String place, @Nullable Object yaml) {
        if (!(yaml instanceof List<?> list) || list.isEmpty()) {
            throw wrong(place, "a list with at least one entry", null);
        }
        return list;
    }

    IllegalStateException wrong(String place, String expected, @Nullable Exception cause) {
        return new IllegalStateException(name + ": " + place + " (expected: " + expected + ")", cause);
    }
}
