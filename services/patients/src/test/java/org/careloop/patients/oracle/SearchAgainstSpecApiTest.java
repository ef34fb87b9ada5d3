package org.careloop.patients.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.DomainResource;
import org.junit.jupiter.api.Test;

/**
 * Random resources of many types, changed and deleted in part, and random searches: the server must find what {@link Spec}
 * says, in the order asked for, on however many pages. The seed is printed; {@code -Doracle.seed=} repeats it.
 */
@QuarkusTest
class SearchAgainstSpecApiTest {

    private static final int ROUNDS = 20;
    private static final int QUERIES = 450;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void theServerFindsWhatTheStandardSays() {
        // Given
        long seed = Long.getLong("oracle.seed", 20261125L);
        System.out.println("search oracle, seed " + seed);
        Random random = new Random(seed);
        Generated generated = new Generated(random, mark);
        List<DomainResource> stored = new ArrayList<>(generated.make(ROUNDS));
        transact(stored, "PUT");
        List<DomainResource> changed = IntStream.range(0, 40)
                .map(i -> i * 7)
                .mapToObj(stored::get)
                .map(generated::again)
                .toList();
        stored = new ArrayList<>(stored.subList(0, ROUNDS * 14));
        transact(changed, "PUT");
        for (DomainResource each : changed) {
            stored.replaceAll(old ->
                    old.getIdElement().getIdPart().equals(each.getIdElement().getIdPart()) ? each : old);
        }
        List<DomainResource> deleted = IntStream.range(0, 5)
                .mapToObj(i -> ROUNDS * 14 - 1 - i * 14)
                .map(stored::get)
                .toList();
        transact(deleted, "DELETE");
        stored.removeAll(deleted);
        Queries queries = new Queries(random, stored);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            // When
            Queries.Query query = queries.next();
            String url = query.type() + "?_tag=urn:oracle%7C" + mark + encoded(query.parameters());
            List<DomainResource> expected = stored.stream()
                    .filter(each -> each.fhirType().equals(query.type()))
                    .filter(query.holds()::test)
                    .toList();
            List<String> found = allPages(url);
            // Then
            faults.addAll(faults(url, query, expected, found));
        }
        assertThat(String.join("\n", faults))
                .as("seed %d, %d faults", seed, faults.size())
                .isEmpty();
    }

    private static List<String> faults(
            String url, Queries.Query query, List<DomainResource> expected, List<String> found) {
        Map<String, DomainResource> byId = new HashMap<>();
        expected.forEach(each -> byId.put(each.getIdElement().getIdPart(), each));
        if (found.size() != byId.size() || !byId.keySet().equals(new HashSet<>(found))) {
            List<String> missing = new ArrayList<>(byId.keySet());
            missing.removeAll(found);
            List<String> wrong = new ArrayList<>(found);
            wrong.removeAll(byId.keySet());
            return List.of(url + " not found " + missing + " but " + wrong);
        }
        List<DomainResource> inOrder = found.stream().map(byId::get).toList();
        for (int i = 1; i < inOrder.size(); i++) {
            if (query.order().compare(inOrder.get(i - 1), inOrder.get(i)) > 0) {
                return List.of(url + " order of " + found.get(i - 1) + " and " + found.get(i));
            }
        }
        return List.of();
    }

    private static List<String> allPages(String url) {
        List<String> seen = new ArrayList<>();
        String next = "/fhir/" + url;
        while (next != null) {
            JsonNode page = read(search(Tokens.coordinator(), next.substring(next.indexOf("/fhir/") + 6)));
            page.path("entry")
                    .forEach(entry -> seen.add(entry.path("resource").path("id").asText()));
            next = page.path("link").findParents("url").stream()
                    .filter(link -> link.path("relation").asText().equals("next"))
                    .map(link -> link.path("url").asText())
                    .findFirst()
                    .orElse(null);
        }
        return seen;
    }

    private static JsonNode read(Response page) {
        try {
            return JSON.readTree(page.asByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void transact(List<DomainResource> resources, String method) {
        String entries = resources.stream()
                .map(each -> "{"
                        + (method.equals("PUT")
                                ? "\"resource\":"
                                        + FhirJson.context().newJsonParser().encodeResourceToString(each) + ","
                                : "")
                        + "\"request\":{\"method\":\"" + method + "\",\"url\":\"" + each.fhirType() + "/"
                        + each.getIdElement().getIdPart() + "\"}}")
                .collect(Collectors.joining(","));
        Response answer = coordinator()
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + entries + "]}")
                .post("/fhir");
        assertThat(answer.statusCode())
                .as(String.valueOf(answer.<Object>path("issue.diagnostics")))
                .isEqualTo(200);
    }

    private static String encoded(List<Map.Entry<String, String>> parameters) {
        return parameters.stream()
                .map(each -> "&" + URLEncoder.encode(each.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }
}
