package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.careloop.endtoend.RawHttp.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads the capability statement and does what it claims; a claim that no check is written for fails too.
 *
 * @see <a href="https://hl7.org/fhir/R4/capabilitystatement.html">FHIR R4 CapabilityStatement</a>
 */
class ConformanceWalkIT {

    private static final RawHttp HTTP = WholePlatform.shared().raw("riverside-ehr");
    private static final JsonNode STATEMENT = HTTP.get("metadata").json();
    private static final JsonNode REST = STATEMENT.at("/rest/0");
    private static final String TRAIL = "AuditEvent";
    private static final JsonNode SMALLEST = smallest();

    private static JsonNode smallest() {
        try (InputStream file = ConformanceWalkIT.class.getResourceAsStream("/conformance/minimal.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new IllegalStateException("the test's own file", e);
        }
    }

    @BeforeAll
    static void whatTheSmallestReferTo() {
        put("Patient", "walk");
        put("Organization", "walk");
        put("ServiceRequest", "walk");
    }

    private static void put(String type, String id) {
        ObjectNode resource = SMALLEST.path(type).deepCopy();
        resource.put("resourceType", type).put("id", id);
        Answer answer = HTTP.send("PUT", type + "/" + id, Map.of(), resource.toString());
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    static Stream<String> types() {
        return StreamSupport.stream(REST.path("resource").spliterator(), false)
                .filter(resource -> !resource.path("interaction").isEmpty())
                .map(resource -> resource.path("type").asText())
                .filter(type -> !type.equals(TRAIL));
    }

    /** The audit trail is read and nothing else, and not by who writes resources. */
    @Test
    void auditEventsAnswerAsClaimed() {
        RawHttp officer = WholePlatform.shared().raw("privacy-officer");
        JsonNode claims = claimed(TRAIL);
        Set<String> interactions = new TreeSet<>();
        claims.path("interaction")
                .forEach(each -> interactions.add(each.path("code").asText()));
        assertThat(interactions).containsExactly("read", "search-type");
        assertThat(claims.path("searchInclude").isMissingNode()).isTrue();
        new ClaimedSearch(officer, claims).holdParameters();
        JsonNode newest = officer.get(TRAIL + "?_count=1&_sort=-date").json().at("/entry/0/resource");
        String id = newest.path("id").asText();
        assertThat(officer.get(TRAIL + "/" + id).json()).isEqualTo(newest);
        assertThat(officer.get(TRAIL + "/" + id + "?_format=xml").text()).startsWith("<AuditEvent");
        assertThat(HTTP.get(TRAIL).status()).isEqualTo(403);
        for (String method : Set.of("PUT", "PATCH", "DELETE")) {
            assertThat(officer.send(method, TRAIL + "/" + id, Map.of(), newest.toString())
                            .status())
                    .as(method)
                    .isIn(404, 405);
        }
        assertThat(officer.send("POST", TRAIL, Map.of(), newest.toString()).status())
                .isIn(404, 405);
        assertThat(officer.get(TRAIL + "/" + id + "/_history").status()).isIn(404, 405);
    }

    @Test
    void everyTypeHasASmallestResource() {
        assertThat(types()).hasSizeGreaterThan(40).allMatch(SMALLEST::has);
    }

    @ParameterizedTest
    @MethodSource("types")
    void interactionsAnswerAsClaimed(String type) {
        Set<String> patches = new TreeSet<>();
        STATEMENT.path("patchFormat").forEach(format -> patches.add(format.asText()));
        new ClaimedInteractions(HTTP, claimed(type), (ObjectNode) SMALLEST.path(type)).hold(patches);
    }

    @ParameterizedTest
    @MethodSource("types")
    void searchParametersAreTaken(String type) {
        new ClaimedSearch(HTTP, claimed(type)).holdParameters();
    }

    @ParameterizedTest
    @MethodSource("types")
    void includesAreTaken(String type) {
        new ClaimedSearch(HTTP, claimed(type)).holdIncludes();
    }

    @Test
    void formatsAreServedAndTaken() {
        for (JsonNode format : STATEMENT.path("format")) {
            Answer answer = HTTP.get("Patient/walk?_format=" + format.asText());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).startsWith("application/fhir+" + format.asText());
            Answer again = HTTP.send(
                    "PUT", "Patient/walk", Map.of("Content-Type", answer.header("content-type")), answer.text());
            assertThat(again.status()).as(again.text()).isEqualTo(200);
        }
        assertThat(HTTP.get("Patient/walk?_format=ttl").status()).isEqualTo(406);
    }

    @Test
    void theSystemAnswersAsClaimed() {
        Set<String> claims = new TreeSet<>();
        REST.path("interaction").forEach(each -> claims.add(each.path("code").asText()));
        assertThat(claims).containsExactlyInAnyOrder("transaction", "batch", "history-system", "search-system");
        for (String kind : Set.of("transaction", "batch")) {
            Answer answer = HTTP.send("POST", "", Map.of(), """
                    {"resourceType":"Bundle","type":"%s","entry":[{"request":{"method":"GET","url":"Patient/walk"}}]}""".formatted(kind));
            assertThat(answer.json().path("type").asText()).as(answer.text()).isEqualTo(kind + "-response");
            assertThat(answer.json().at("/entry/0/response/status").asText()).startsWith("200");
        }
        assertThat(HTTP.get("_history?_count=1").json().path("type").asText()).isEqualTo("history");
        assertThat(HTTP.get("?_type=Patient&_count=1").json().path("type").asText())
                .isEqualTo("searchset");
    }

    @Test
    void terminologyAnswersAsClaimed() {
        String gender = "administrative-gender";
        Map<String, String> asked = Map.of(
                "ValueSet/$expand", "url=http://hl7.org/fhir/ValueSet/" + gender,
                "ValueSet/$validate-code", "code=male&url=http://hl7.org/fhir/ValueSet/" + gender,
                "CodeSystem/$lookup", "code=male&system=http://hl7.org/fhir/" + gender,
                "CodeSystem/$validate-code", "code=male&url=http://hl7.org/fhir/" + gender);
        Set<String> claims = new TreeSet<>();
        REST.path("resource").forEach(resource -> {
            if (resource.path("interaction").isEmpty()) {
                resource.path("operation")
                        .forEach(each -> claims.add(resource.path("type").asText() + "/$"
                                + each.path("name").asText()));
            }
        });
        assertThat(claims).isEqualTo(asked.keySet());
        asked.forEach((operation, query) -> {
            Answer answer = HTTP.get(operation + "?" + query);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(HTTP.get(operation + "?" + query + "&_format=xml").text())
                    .startsWith("<");
        });
        assertThat(HTTP.get("ValueSet").status()).isEqualTo(404);
        JsonNode statement = HTTP.get("metadata?mode=terminology").json();
        assertThat(statement.path("resourceType").asText()).isEqualTo("TerminologyCapabilities");
        assertThat(statement.path("codeSystem")).hasSizeGreaterThan(500);
    }

    @Test
    void compartmentsAreSearched() {
        assertThat(REST.path("compartment")).isNotEmpty();
        for (JsonNode compartment : REST.path("compartment")) {
            String definition = compartment.asText();
            String name = definition.substring(definition.lastIndexOf('/') + 1);
            String type = types().filter(each -> each.equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(HTTP.get(type + "/none/*?_count=1").status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotListedIsRefused() {
        assertThat(claimed("Claim").isMissingNode()).isTrue();
        for (String path : Set.of("Claim", "Claim/1", "Claim/1/_history", "$process-message-none", "nonsense")) {
            assertThat(HTTP.get(path).status()).as(path).isIn(404, 405);
        }
    }

    private static JsonNode claimed(String type) {
        return StreamSupport.stream(REST.path("resource").spliterator(), false)
                .filter(resource -> resource.path("type").asText().equals(type))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }
}
