package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were made to do harm are refused, or find nothing; none is a fault, and nothing of them comes back. */
@QuarkusTest
class HostileRequestsApiTest {

    private static final String SECRET = "Zyxwvut";
    private static final int DEEP = 10_000;
    private static final String TOKEN = Tokens.coordinator();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<String> INJECTIONS = List.of(
            "'; drop table resource; --" + SECRET,
            "') or 1=1 --" + SECRET,
            "$1" + SECRET,
            "Patient.where(true)." + SECRET + "()",
            "%resource.repeat(children())" + SECRET,
            "\\" + SECRET,
            "\u0000" + SECRET,
            "a|b|c|d" + SECRET,
            "${jndi:ldap://" + SECRET + "}",
            SECRET.repeat(1000));

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{\"resourceType\":\"Patient\",\"gender\":\"" + SECRET,
                        "{\"resourceType\":\"Patient\"} {\"" + SECRET + "\":1}",
                        "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"" + SECRET + "\"}",
                        "{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}",
                        "{\"resourceType\":\"Patient\",\"active\":\"" + SECRET + "\"}",
                        "{\"resourceType\":\"Patient\",\"name\":\"" + SECRET + "\"}",
                        "{\"resourceType\":\"Patient\",\"name\":[[{\"family\":\"" + SECRET + "\"}]]}",
                        "{\"resourceType\":\"" + SECRET + "\"}",
                        "{\"resourceType\":[\"Patient\"]}",
                        "{\"resourceType\":null}",
                        "\"" + SECRET + "\"",
                        "null",
                        "NaN",
                        "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":1e999999999}",
                        "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":" + "9".repeat(100_000) + "}",
                        "{\"resourceType\":\"Patient\",\"birthDate\":\"9999999999-01-01\"}",
                        "<Patient xmlns=\"http://hl7.org/fhir\"/>",
                        "{\"resourceType\":\"Patient\",\"extension\":" + "[{\"extension\":".repeat(DEEP),
                        "{\"resourceType\":\"Patient\",\"extension\":" + "[{\"url\":\"a\",\"extension\":".repeat(DEEP)
                                + "[]" + "}]".repeat(DEEP) + "}",
                        "[".repeat(DEEP) + "]".repeat(DEEP),
                        "\u0000\u0000")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatIsNoPatientIsRefused(byte[] body) {
        for (String url : List.of("Patient", "Patient/$validate")) {
            HttpResponse<String> answer = send("POST", url, FhirJson.MEDIA_TYPE, body);
            if (url.endsWith("$validate") && answer.statusCode() == 200) {
                assertThat(JsonPath.from(answer.body()).getList("issue.severity", String.class))
                        .contains("error");
                assertThat(answer.body()).doesNotContain(SECRET);
            } else {
                refused(answer);
            }
        }
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] body = "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"?\"}]}".getBytes(StandardCharsets.UTF_8);
        for (int bad : new int[] {0xff, 0xc0, 0x80}) {
            body["{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"".length()] = (byte) bad;
            refused(send("POST", "Patient", FhirJson.MEDIA_TYPE, body));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Observation", "Consent", "Group", "DocumentReference", "Questionnaire"})
    void noSearchParameterLeadsFurther(String type) {
        for (String parameter : SearchParameters.of(type).keySet()) {
            for (String injection : INJECTIONS.subList(0, 7)) {
                harmless(type + "?" + parameter + "=" + encoded(injection));
            }
            refused(ask(type + "?" + parameter + encoded(":" + INJECTIONS.getFirst()) + "=1"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_sort",
                "_include",
                "_revinclude",
                "_summary",
                "_count",
                "_total",
                "_lastUpdated",
                "_has:Observation:subject",
                "_has",
                "_page",
                "_cursor",
                "birthdate",
                "organization.name:contains.x",
                "_include:iterate"
            })
    void noParameterOfTheSearchItselfIsTaken(String name) {
        for (String injection : INJECTIONS) {
            refused(ask("Patient?" + name + "=" + encoded(injection)));
        }
    }

    @Test
    void noNameOfAParameterOrIdIsTaken() {
        for (String injection : INJECTIONS.subList(0, 8)) {
            refused(ask("Patient?" + encoded(injection) + "=1"));
            refused(ask("Patient?_has:" + encoded(injection) + ":subject:code=1"));
            refused(ask("Patient?organization:" + encoded(injection) + ".name=1"));
            refused(ask("Patient/" + encoded(injection).replace("+", "%20")));
            refused(ask("Patient/1/_history/" + encoded(injection).replace("+", "%20")));
        }
    }

    @Test
    void noPathOfAPatchLeadsFurther() {
        // Given
        String id = create(patient("female"));
        // Then
        for (String injection : INJECTIONS) {
            String escaped = injection.replace("\\", "\\\\").replace("\u0000", "\\u0000");
            refused(patch(
                    id,
                    "application/json-patch+json",
                    "[{\"op\":\"replace\",\"path\":\"/" + escaped + "\",\"value\":1}]"));
            refused(patch(id, "application/json-patch+json", "[{\"op\":\"" + escaped + "\",\"path\":\"/gender\"}]"));
            refused(patch(id, "application/fhir+json", """
                    {"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},
                    {"name":"path","valueString":"%s"},{"name":"value","valueCode":"male"}]}]}""".formatted(escaped)));
            refused(patch(id, "application/merge-patch+json", "{\"" + escaped + "\":1}"));
        }
        refused(patch(id, "application/json-patch+json", "[".repeat(DEEP)));
        refused(patch(id, "application/merge-patch+json", "{\"a\":".repeat(DEEP)));
        coordinator().get("/fhir/Patient/{id}", id).then().header("ETag", "W/\"1\"");
    }

    private static HttpResponse<String> patch(String id, String contentType, String body) {
        return send("PATCH", "Patient/" + id, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> ask(String url) {
        return send("GET", url, FhirJson.MEDIA_TYPE, new byte[0]);
    }

    /** REST Assured would look into what is sent, and lay out ten thousand levels. */
    private static HttpResponse<String> send(String method, String url, String contentType, byte[] body) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://localhost:" + RestAssured.port + "/fhir/" + url.replace("$", "%24")))
                            .header("Authorization", "Bearer " + TOKEN)
                            .header("Content-Type", contentType)
                            .method(method, BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void harmless(String url) {
        HttpResponse<String> answer = ask(url);
        if (answer.statusCode() == 200) {
            assertThat(JsonPath.from(answer.body()).<Object>get("entry"))
                    .as(url)
                    .isNull();
        } else {
            refused(answer);
        }
    }

    private static void refused(HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as("%s: %s", answer.uri(), answer.body())
                .isBetween(400, 499);
        assertThat(answer.body())
                .contains("\"resourceType\":\"OperationOutcome\"")
                .doesNotContain(SECRET);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
