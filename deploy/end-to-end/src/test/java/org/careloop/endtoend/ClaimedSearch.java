package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.careloop.endtoend.RawHttp.Answer;

/** Holds the search parameters and includes that the capability statement lists of one type against what is taken. */
final class ClaimedSearch {

    private static final Map<String, String> STRICT = Map.of("Prefer", "handling=strict");
    private static final int MOST_IN_ONE = 50;

    /** The values of the parts of a composite, where they are not a code and a code. */
    private static final Map<String, String> COMPOSITES = Map.of(
            "code-value-date", "a$2026-11-24",
            "code-value-quantity", "a$1",
            "code-value-string", "a$b",
            "combo-code-value-quantity", "a$1",
            "component-code-value-quantity", "a$1",
            "context-type-quantity", "a$1",
            "relationship", "DocumentReference/x$replaces");

    private final RawHttp http;
    private final JsonNode claimed;
    private final String type;

    ClaimedSearch(RawHttp http, JsonNode claimed) {
        this.http = http;
        this.claimed = claimed;
        this.type = claimed.path("type").asText();
    }

    /** Each parameter takes a value of its kind and refuses what is none. */
    void holdParameters() {
        assertThat(claimed.path("searchParam")).isNotEmpty();
        for (JsonNode parameter : claimed.path("searchParam")) {
            String name = parameter.path("name").asText();
            String kind = parameter.path("type").asText();
            accepted("_id=none&" + name + "=" + plausible(name, kind));
            refused(name + wrong(kind));
        }
        refused("none-such=1");
        refused("_id:exactly=1");
    }

    /** All includes are taken, and no others. */
    void holdIncludes() {
        List<String> includes = new ArrayList<>();
        claimed.path("searchInclude").forEach(each -> includes.add("_include=" + each.asText()));
        claimed.path("searchRevInclude").forEach(each -> includes.add("_revinclude=" + each.asText()));
        assertThat(includes).isNotEmpty();
        for (int at = 0; at < includes.size(); at += MOST_IN_ONE) {
            accepted("_id=none&" + String.join("&", includes.subList(at, Math.min(at + MOST_IN_ONE, includes.size()))));
        }
        refused("_include=" + type + ":none-such");
        refused("_revinclude=Nonsense:subject");
    }

    private void accepted(String query) {
        Answer answer = http.send("GET", type + "?" + query + "&_count=1", STRICT, "");
        assertThat(answer.status())
                .as(type + "?" + query + ": " + answer.text())
                .isEqualTo(200);
        assertThat(answer.json().path("type").asText()).isEqualTo("searchset");
    }

    private void refused(String query) {
        Answer answer = http.send("GET", type + "?" + query, STRICT, "");
        assertThat(answer.status()).as(type + "?" + query).isEqualTo(400);
        assertThat(answer.json().path("resourceType").asText()).isEqualTo("OperationOutcome");
    }

    private static String plausible(String name, String kind) {
        return switch (kind) {
            case "token", "string" -> "a";
            case "reference" -> "a";
            case "date" -> "ge2026-11";
            case "number" -> "1";
            case "quantity" -> "gt1.0";
            case "uri" -> "https://example.org/a";
            case "composite" -> COMPOSITES.getOrDefault(name, "a$b");
            default -> throw new AssertionError("a kind without a check: " + kind);
        };
    }

    /** A token, a text and a URI may be anything; what is left is a modifier's value. */
    private static String wrong(String kind) {
        return switch (kind) {
            case "date", "number", "quantity", "composite" -> "=nonsense";
            default -> ":missing=perhaps";
        };
    }
}
