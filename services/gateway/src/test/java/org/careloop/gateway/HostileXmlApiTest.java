package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** XML that was made to do harm is refused at the door, where it is converted; nothing of it comes back or goes on. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class HostileXmlApiTest {

    private static final String SECRET = "Zyxwvut";
    private static final int DEEP = 10_000;
    private static final String PATIENT = "<Patient xmlns=\"http://hl7.org/fhir\">";

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "",
                        PATIENT + "<gender value=\"" + SECRET,
                        PATIENT + "<gender value=\"" + SECRET + "\"/></Patient>",
                        PATIENT + "<colour value=\"" + SECRET + "\"/></Patient>",
                        "<Patient><language value=\"" + SECRET + "\"/></Patient>",
                        "<Patient xmlns=\"urn:" + SECRET + "\"><active value=\"true\"/></Patient>",
                        "<" + SECRET + " xmlns=\"http://hl7.org/fhir\"/>",
                        "{\"resourceType\":\"Patient\",\"language\":\"" + SECRET + "\"}",
                        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + PATIENT
                                + "<name><family value=\"&e;\"/></name></Patient>",
                        "<!DOCTYPE x [<!ENTITY a \"" + SECRET + "\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + PATIENT
                                + "<name><family value=\"&b;\"/></name></Patient>",
                        PATIENT + "<name><family value=\"&#0;" + SECRET + "\"/></name></Patient>",
                        PATIENT + "<extension url=\"a\">".repeat(DEEP) + "</extension>".repeat(DEEP) + "</Patient>",
                        PATIENT + "<extension url=\"a\">".repeat(DEEP))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatIsNoPatientIsRefused(byte[] body) throws Exception {
        // Given
        int before = FakeServices.requests();
        // When
        HttpResponse<String> answer = send(body, "application/fhir+xml");
        // Then
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body())
                .contains("OperationOutcome")
                .doesNotContain(SECRET)
                .doesNotContain("root:");
        assertThat(FakeServices.requests()).isEqualTo(before);
    }

    @Test
    void bytesAndCharsetsThatAreNotUtf8AreRefused() throws Exception {
        byte[] latin =
                (PATIENT + "<name><family value=\"\u00e9\"/></name></Patient>").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(send(latin, "application/fhir+xml").statusCode()).isEqualTo(400);
        assertThat(send(latin, "application/fhir+xml;charset=ISO-8859-1").statusCode())
                .isEqualTo(415);
    }

    private static HttpResponse<String> send(byte[] body, String contentType) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/fhir/Patient"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("Authorization", "Bearer " + Tokens.coordinator())
                            .header("Content-Type", contentType)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
