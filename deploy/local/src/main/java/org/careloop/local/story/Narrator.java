package org.careloop.local.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells each step as it happens: milliseconds since the hospital's message, who, what, the resource and its version. */
final class Narrator {

    private final PrintStream out;
    private Optional<Instant> message = Optional.empty();

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** From now on the milliseconds count. */
    void hospitalSends() {
        message = Optional.of(Instant.now());
    }

    void chapter(String title) {
        out.printf("%n%s%n", title);
    }

    void tell(String who, String what) {
        String since = message.map(
                        start -> Duration.between(start, Instant.now()).toMillis() + " ms")
                .orElse("");
        out.printf("  %9s  %-20s %s%n", since, who, what);
        out.flush();
    }

    void tell(String who, String what, JsonNode resource) {
        tell(who, what + "  " + nameOf(resource));
    }

    static String nameOf(JsonNode resource) {
        return resource.path("resourceType").asText() + "/"
                + resource.path("id").asText() + " v"
                + resource.path("meta").path("versionId").asText();
    }
}
