package org.careloop.fhirvalidation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documentation tells of every invariant of the held types, and of what they consist of, where it is checked. */
class HeldInvariantsTest {

    private static final Path ROOT = Path.of(System.getProperty("careloop.root", "../.."));
    private static final Pattern KEY = Pattern.compile("`([a-z]+-[0-9]+)`");

    @Test
    void theDocumentationListsThemAll() throws IOException {
        // Given
        Set<String> held = keys(types());
        Set<String> checked = new TreeSet<>(held);
        checked.retainAll(Invariants.checked());
        Set<String> others = new TreeSet<>(held);
        others.removeAll(checked);
        // Then
        assertThat(documented("On every write")).isEqualTo(checked);
        assertThat(documented("Only by `$validate`")).isEqualTo(others);
    }

    private static Set<String> types() throws IOException {
        Properties gateway = new Properties();
        try (var reader =
                Files.newBufferedReader(ROOT.resolve("services/gateway/src/main/resources/application.properties"))) {
            gateway.load(reader);
        }
        Set<String> types = new TreeSet<>();
        gateway.forEach((key, value) -> {
            if (key.toString().matches("careloop\\.gateway\\.services\\..*\\.types")) {
                types.addAll(Arrays.asList(value.toString().split(",")));
            }
        });
        return types;
    }

    /** Those of {@code types} and of the data types below them. */
    private static Set<String> keys(Set<String> types) {
        Set<String> keys = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        types.forEach(type -> collect(type, seen, keys));
        return keys;
    }

    private static void collect(String type, Set<String> seen, Set<String> keys) {
        if (!seen.add(type)) {
            return;
        }
        for (String line : Definitions.r4().lines(type)) {
            String[] columns = line.split("\t", -1);
            if (columns.length > 5) {
                keys.addAll(Arrays.asList(columns[5].split(" ")));
            }
            if (columns.length > 3) {
                for (String name : columns[3].split(" ")) {
                    String data = name.replaceAll("\\(.*", "");
                    if (Definitions.r4().has(data) && !data.equals("ElementDefinition")) {
                        collect(data, seen, keys);
                    }
                }
            }
        }
    }

    private static Set<String> documented(String heading) throws IOException {
        String text = Files.readString(ROOT.resolve("docs/api/interactions/validate.md"));
        int start = text.indexOf("## " + heading);
        int end = text.indexOf("\n## ", start + 1);
        Set<String> keys = new TreeSet<>();
        Matcher matcher = KEY.matcher(text.substring(start, end < 0 ? text.length() : end));
        while (matcher.find()) {
            keys.add(matcher.group(1));
        }
        return keys;
    }
}
