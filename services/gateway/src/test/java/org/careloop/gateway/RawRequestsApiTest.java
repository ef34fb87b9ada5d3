package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs as clients write them that escape too little or too much. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class RawRequestsApiTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GET /fhir/Patient?identifier=urn:mrn|7 /fhir/Patient?identifier=urn:mrn%7C7",
                "GET /fhir/Patient?name=\"{a}^`\\<b>[1] /fhir/Patient?name=%22%7Ba%7D%5E%60%5C%3Cb%3E[1]",
                "GET /fhir/Patient?name=Ada+de%20l'É&x=%C3%A9 /fhir/Patient?name=Ada+de%20l'%C3%89&x=%C3%A9",
                "GET /fhir/Patient?identifier=a%7Cb|c /fhir/Patient?identifier=a%7Cb%7Cc",
                "GET /fhir/Patient/1/%24meta?x=%24 /fhir/Patient/1/$meta?x=%24",
                "GET /fhir/Patient?_format=xml&identifier=urn:mrn|7 /fhir/Patient?_format=xml&identifier=urn:mrn%7C7",
                "DELETE /fhir/Patient?identifier=urn:mrn|7 /fhir/Patient?identifier=urn:mrn%7C7"
            })
    void takesRawCharactersAndSendsThemEscaped(String method, String url, String seen) throws IOException {
        // When
        String answer = raw(method + " " + url);
        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        if (!url.contains("_format")) {
            assertThat(answer).containsIgnoringCase("Seen-Uri: " + seen + "\r\n");
        }
    }

    private static String raw(String line) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            String head = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                    + Tokens.coordinator() + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
