package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.careloop.endtoend.RawHttp.Answer;

/** Holds what the capability statement claims of one type against what the server does with a smallest resource of it. */
final class ClaimedInteractions {

    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final Map<String, String> PATCHES = Map.of(
            JSON_PATCH,
            "[{\"op\":\"add\",\"path\":\"/language\",\"value\":\"en\"}]",
            MERGE_PATCH,
            "{\"language\":\"de\"}",
            RawHttp.FHIR_JSON,
            """
            {"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},
            {"name":"path","valueString":"%s.language"},{"name":"value","valueCode":"fr"}]}]}""");

    private final RawHttp http;
    private final JsonNode claimed;
    private final String type;
    private final ObjectNode smallest;

    ClaimedInteractions(RawHttp http, JsonNode claimed, ObjectNode smallest) {
        this.http = http;
        this.claimed = claimed;
        this.type = claimed.path("type").asText();
        this.smallest = smallest.deepCopy().put("resourceType", type);
    }

    /** Does all that is claimed with one resource, from its creation to its deletion. */
    void hold(Set<String> patchFormats) {
        assertThat(interactions())
                .as("a claim without a check")
                .isSubsetOf(
                        "read",
                        "vread",
                        "update",
                        "patch",
                        "delete",
                        "history-instance",
                        "history-type",
                        "create",
                        "search-type");
        String id = create();
        reads(id);
        updates(id);
        patches(id, patchFormats);
        histories(id);
        criteria(id);
        operations(id);
        deletes(id);
    }

    private Set<String> interactions() {
        Set<String> codes = new TreeSet<>();
        claimed.path("interaction").forEach(each -> codes.add(each.path("code").asText()));
        return codes;
    }

    private boolean claims(String interaction) {
        return interactions().contains(interaction);
    }

    private String create() {
        Answer made = http.send("POST", type, Map.of(), smallest.toString());
        status(made, 201);
        String id = made.json().path("id").asText();
        assertThat(made.header("location")).endsWith("/fhir/" + type + "/" + id + "/_history/1");
        assertThat(made.header("etag")).isEqualTo("W/\"1\"");
        assertThat(made.header("last-modified")).isNotEmpty();
        assertThat(claims("create")).isTrue();
        return id;
    }

    private void reads(String id) {
        assertThat(claims("read") && claims("vread")).isTrue();
        Answer read = http.get(type + "/" + id);
        status(read, 200);
        status(http.send("HEAD", type + "/" + id, Map.of(), ""), 200);
        status(http.get(type + "/" + id + "/_history/1"), 200);
        status(http.get(type + "/" + id + "/_history/7"), 404);
        status(http.get(type + "/none-" + id), 404);
        if (claimed.path("conditionalRead").asText().equals("full-support")) {
            status(http.send("GET", type + "/" + id, Map.of("If-None-Match", read.header("etag")), ""), 304);
            status(
                    http.send("GET", type + "/" + id, Map.of("If-Modified-Since", read.header("last-modified")), ""),
                    304);
        }
    }

    private void updates(String id) {
        assertThat(claims("update")).isTrue();
        assertThat(claimed.path("versioning").asText()).isEqualTo("versioned-update");
        String changed = smallest.deepCopy().put("id", id).put("language", "es").toString();
        Answer updated = http.send("PUT", type + "/" + id, Map.of("If-Match", "W/\"1\""), changed);
        status(updated, 200);
        assertThat(updated.header("etag")).isEqualTo("W/\"2\"");
        status(http.send("PUT", type + "/" + id, Map.of("If-Match", "W/\"1\""), changed), 412);
        String chosen = "walk-" + UUID.randomUUID();
        status(
                http.send(
                        "PUT",
                        type + "/" + chosen,
                        Map.of(),
                        smallest.deepCopy().put("id", chosen).toString()),
                claimed.path("updateCreate").asBoolean() ? 201 : 404);
    }

    private void patches(String id, Set<String> formats) {
        assertThat(claims("patch")).isTrue();
        assertThat(PATCHES.keySet()).as("a format without a check").containsAll(formats);
        for (String format : formats) {
            String patch = PATCHES.get(format).formatted(type);
            status(http.send("PATCH", type + "/" + id, Map.of("Content-Type", format), patch), 200);
        }
        status(
                http.send("PATCH", type + "/" + id, Map.of("Content-Type", "application/xml-patch+xml"), "<diff/>"),
                415);
    }

    private void histories(String id) {
        assertThat(claims("history-instance") && claims("history-type")).isTrue();
        Answer history = http.get(type + "/" + id + "/_history");
        status(history, 200);
        assertThat(history.json().at("/entry/0/resource/id").asText()).isEqualTo(id);
        assertThat(history.json().path("entry").size()).isEqualTo(2 + PATCHES.size());
        status(http.get(type + "/_history?_count=1"), 200);
    }

    private void criteria(String id) {
        assertThat(claims("search-type")).isTrue();
        status(http.get(type + "?_id=" + id), 200);
        Answer form = http.send(
                "POST", type + "/_search", Map.of("Content-Type", "application/x-www-form-urlencoded"), "_id=" + id);
        assertThat(form.json().at("/entry/0/resource/id").asText()).isEqualTo(id);
        String byCriteria = type + "?_id=" + id;
        int update = claimed.path("conditionalUpdate").asBoolean() ? 200 : 405;
        status(
                http.send("POST", type, Map.of("If-None-Exist", "_id=" + id), smallest.toString()),
                claimed.path("conditionalCreate").asBoolean() ? 200 : 405);
        status(http.send("PUT", byCriteria, Map.of(), smallest.toString()), update);
        status(http.send("PATCH", byCriteria, Map.of("Content-Type", MERGE_PATCH), PATCHES.get(MERGE_PATCH)), update);
    }

    private void operations(String id) {
        for (JsonNode operation : claimed.path("operation")) {
            String name = operation.path("name").asText();
            if (name.equals("medication-reconciliation")) {
                // Of no stay: one needs a discharge.
                status(http.get(type + "/" + id + "/$medication-reconciliation?encounter=Encounter/walk-none"), 404);
                continue;
            }
            if (name.equals("apply")) {
                // To nobody: a whole one needs a discharge, see ApplyApiTest.
                status(
                        http.send("POST", type + "/" + id + "/$apply", Map.of(), "{\"resourceType\":\"Parameters\"}"),
                        400);
                continue;
            }
            if (name.equals("transition-document")) {
                // Of nothing: a whole one needs a discharge, see TransitionDocumentApiTest.
                status(http.send("POST", type + "/" + id + "/$transition-document", Map.of(), ""), 422);
                continue;
            }
            Answer answer = switch (name) {
                case "meta" -> http.get(type + "/" + id + "/$meta");
                case "meta-add", "meta-delete" -> http.send("POST", type + "/" + id + "/$" + name, Map.of(), """
                                    {"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":
                                    {"tag":[{"system":"urn:walk","code":"a"}]}}]}""");
                case "validate" -> http.send("POST", type + "/$validate", Map.of(), smallest.toString());
                case "lastn", "docref" -> http.get(type + "/$" + name + "?patient=walk");
                case "scorecard" -> http.get(type + "/" + id + "/$scorecard?start=2026-01-01&end=2026-12-31");
                case "unmet-needs" -> http.get(type + "/$unmet-needs?start=2026-01-01&end=2026-12-31");
                case "stale" -> http.get(type + "/$stale?service=walk");
                case "disclosures" ->
                    WholePlatform.shared().raw("privacy-officer").get(type + "/" + id + "/$disclosures");
                case "transition-measures" -> http.get(type + "/" + id + "/$transition-measures");
                case "evaluate-measure" ->
                    http.get(type
                            + "/transitions-of-care/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-01-31");
                case "discharge-checklist", "avoidable-days" -> http.get(type + "/" + id + "/$" + name);
                case "discharge-review", "avoidable-days-report" ->
                    http.get(type + "/$" + name + "?start=2026-01-01&end=2026-01-02");
                case "choice-list" -> http.get(type + "/" + id + "/$choice-list");
                case "match" -> http.send("POST", type + "/$match", Map.of(), """
                                    {"resourceType":"Parameters","parameter":[{"name":"resource","resource":
                                    {"resourceType":"Patient","birthDate":"1901-02-03"}}]}""");
                case "match-reviews" -> http.get(type + "/$match-reviews");
                case "keep-apart" -> pair(name, create(), id);
                // What was merged cannot be deleted, which the walk does in the end.
                case "merge", "unmerge" -> mergedAndUnmerged(create(), id);
                case "everything" -> http.get(type + "/" + id + "/$everything");
                default -> throw new AssertionError("an operation without a check: " + type + "/$" + name);
            };
            status(answer, 200);
        }
        assertThat(http.get(type + "/$none").status()).isIn(400, 404, 405);
        assertThat(http.send("POST", type + "/" + id + "/$none", Map.of(), "{\"resourceType\":\"Parameters\"}")
                        .status())
                .isIn(404, 405);
    }

    private Answer mergedAndUnmerged(String source, String target) {
        status(pair("merge", source, target), 200);
        return http.send("POST", type + "/$unmerge", Map.of(), """
                {"resourceType":"Parameters","parameter":[{"name":"source-patient","valueReference":{"reference":"Patient/%s"}}]}""".formatted(source));
    }

    private Answer pair(String operation, String source, String target) {
        return http.send("POST", type + "/$" + operation, Map.of(), """
                {"resourceType":"Parameters","parameter":[{"name":"source-patient","valueReference":{"reference":"Patient/%s"}},
                {"name":"target-patient","valueReference":{"reference":"Patient/%s"}}]}""".formatted(source, target));
    }

    private void deletes(String id) {
        assertThat(claims("delete")).isTrue();
        boolean byCriteria = !claimed.path("conditionalDelete").asText().equals("not-supported");
        status(http.send("DELETE", type + "?_id=" + id, Map.of(), ""), byCriteria ? 204 : 405);
        status(http.send("DELETE", type + "/" + id, Map.of(), ""), 204);
        status(http.get(type + "/" + id), 410);
        assertThat(claimed.path("readHistory").asBoolean()).isTrue();
        status(http.get(type + "/" + id + "/_history/1"), 200);
        assertThat(http.send("POST", type + "/" + id, Map.of(), smallest.toString())
                        .status())
                .isIn(404, 405);
    }

    private static void status(Answer answer, int expected) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(expected);
        if (expected >= 400) {
            assertThat(answer.text()).contains("\"resourceType\":\"OperationOutcome\"");
        }
    }
}
