package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.create;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** URLs as clients write them that escape too little or too much, at the service's own port. */
@QuarkusTest
class RawRequestsApiTest {

    private final String mark = mark();

    @Test
    void takesRawCharactersInAQuery() throws IOException {
        // Given
        String id = create(patient("female", "urn:mrn|" + mark, ""));
        // When
        String found = raw("GET /fhir/Patient?identifier=urn:mrn|" + mark + "&identifier=urn:mrn%7C" + mark);
        String refused = raw("GET /fhir/Patient?_sort=\"{^`");
        // Then
        assertThat(found).startsWith("HTTP/1.1 200 ").contains(id);
        assertThat(refused).startsWith("HTTP/1.1 400 ").contains("_sort: ");
    }

    @Test
    void takesRawCharactersInTheCriteriaOfAWrite() throws IOException {
        // Given
        String id = create(patient("female", "urn:mrn|" + mark, ""));
        // When
        String updated = raw("PUT /fhir/Patient?identifier=urn:mrn|" + mark, patient("male", "urn:mrn|" + mark, id));
        // Then
        assertThat(updated).startsWith("HTTP/1.1 200 ").contains("\"gender\":\"male\"");
    }

    @Test
    void takesTheEncodedDollarOfAnOperation() throws IOException {
        // Given
        String id = create(patient("female", mark, ""));
        // When
        String meta = raw("GET /fhir/Patient/" + id + "/%24meta");
        // Then
        assertThat(meta).startsWith("HTTP/1.1 200 ").contains("valueMeta");
    }

    private static String raw(String line) throws IOException {
        return raw(line, "");
    }

    private static String raw(String line, String body) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                    + Tokens.coordinator() + "\r\nContent-Type: application/fhir+json\r\nContent-Length: "
                    + bytes.length
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
