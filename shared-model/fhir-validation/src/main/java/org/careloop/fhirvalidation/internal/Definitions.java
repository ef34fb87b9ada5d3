package org.careloop.fhirvalidation.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The base definitions of FHIR R4 as rules. The text is read once; a type is compiled when it is first met. It is made from
 * HAPI's definitions by a test, because reading those costs seconds and hundreds of megabytes.
 */
public final class Definitions {

    private static final class Shipped {
        static final Definitions R4 = read();
    }

    private final Map<String, List<String>> lines = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> valueSets = new HashMap<>();
    private final Map<String, String> demands = new HashMap<>();
    private final Map<String, TypeRules> compiled = new ConcurrentHashMap<>();

    private final TypeRules ofPrimitives = new TypeRules();

    private Definitions() {
        ofPrimitives.add(
                new ElementRule("extension", 0, Integer.MAX_VALUE, Types.of("Extension"), null, null, List.of()));
    }

    /** The definitions of R4 (4.0.1). */
    public static Definitions r4() {
        return Shipped.R4;
    }

    /** Returns the rules of the resource or data type {@code name}; fails when R4 has none with children of that name. */
    public TypeRules type(String name) {
        TypeRules known = compiled.get(name);
        return known != null ? known : compiled.computeIfAbsent(name, this::compile);
    }

    /** The lines of the type {@code name}. */
    List<String> lines(String name) {
        return lines.getOrDefault(name, List.of());
    }

    /** Whether {@code name} is a type with children. */
    boolean has(String name) {
        return lines.containsKey(name);
    }

    /** What of a primitive is not its value. */
    TypeRules extensionsOfPrimitives() {
        return ofPrimitives;
    }

    private TypeRules compile(String name) {
        List<String> elements = lines.get(name);
        if (elements == null) {
            throw new IllegalArgumentException("no type of FHIR R4 with children: " + name);
        }
        Map<String, TypeRules> levels = new HashMap<>();
        for (String line : elements) {
            String[] columns = line.split("\t", -1);
            String path = columns[0];
            List<Invariant> invariants = columns.length > 5 ? invariants(columns[5]) : List.of();
            if (path.isEmpty()) {
                level(levels, path).add(invariants);
                continue;
            }
            int dot = path.lastIndexOf('.');
            level(levels, dot < 0 ? "" : path.substring(0, dot))
                    .add(element(levels, path, path.substring(dot + 1), columns, invariants));
        }
        return level(levels, "");
    }

    private ElementRule element(
            Map<String, TypeRules> levels, String path, String name, String[] columns, List<Invariant> invariants) {
        String types = columns.length > 3 ? columns[3] : "";
        boolean nested = types.equals("BackboneElement") || types.equals("Element") || types.startsWith("#");
        return new ElementRule(
                name.replace("[x]", ""),
                Integer.parseInt(columns[1]),
                columns[2].equals("*") ? Integer.MAX_VALUE : Integer.parseInt(columns[2]),
                Types.of(types),
                columns.length > 4 && !columns[4].isEmpty()
                        ? new ValueSetRule(columns[4], valueSets.get(columns[4]))
                        : null,
                nested ? level(levels, types.startsWith("#") ? types.substring(1) : path) : null,
                invariants);
    }

    private static TypeRules level(Map<String, TypeRules> levels, String path) {
        return levels.computeIfAbsent(path, at -> new TypeRules());
    }

    private List<Invariant> invariants(String keys) {
        List<Invariant> found = new ArrayList<>();
        for (String key : keys.split(" ")) {
            Invariants.find(key).ifPresent(rule -> found.add(new Invariant(key, demands.get(key), rule)));
        }
        return found;
    }

    private static Definitions read() {
        Definitions definitions = new Definitions();
        try (InputStream stream =
                        Definitions.class.getResourceAsStream("/org/careloop/fhirvalidation/r4-structures.txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String> type = List.of();
            Map<String, Set<String>> systems = null;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                    case '#' -> {}
                    case '@' -> definitions.lines.put(line.substring(1), type = new ArrayList<>());
                    case '%' -> definitions.valueSets.put(line.substring(1), systems = new HashMap<>());
                    case '!' -> definitions.demands.put(before(line).substring(1), after(line));
                    default -> {
                        if (systems == null) {
                            type.add(line);
                        } else {
                            systems.put(before(line), Set.of(after(line).split(" ")));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return definitions;
    }

    private static String before(String line) {
        return line.substring(0, line.indexOf('\t'));
    }

    private static String after(String line) {
        return line.substring(line.indexOf('\t') + 1);
    }
}
