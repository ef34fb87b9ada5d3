package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.careloop.testkit.Certificates;
import org.careloop.testkit.TestRealm;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** The gateway in the profile {@code tls}: to clients with its own certificate, to services with theirs and its own. */
@QuarkusTest
@TestProfile(EncryptedGatewayApiTest.Encrypted.class)
class EncryptedGatewayApiTest {

    private static final String PATIENT = "{\"resourceType\":\"Patient\"}";

    /** As in the compose file. */
    public static class Encrypted implements QuarkusTestProfile {

        @Override
        public String getConfigProfile() {
            return "test,tls";
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(EncryptedServices.class));
        }
    }

    /** Play services that take nobody without a certificate, and one that shows a certificate of another authority. */
    public static final class EncryptedServices implements QuarkusTestResourceLifecycleManager {

        private static final Path FOLDER = Path.of("target", "certificates-" + UUID.randomUUID());
        private static final Certificates OWN = Certificates.madeIn(FOLDER.resolve("own"));
        private static final Certificates OTHER = Certificates.madeIn(FOLDER.resolve("other"));

        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new HashMap<>();
            settings.put("careloop.tls.folder", OWN.of("gateway").toString());
            settings.put("careloop.oidc.url", TestRealm.encrypted(OWN.shownBy("keycloak")));
            settings.put("quarkus.http.test-ssl-port", "0");
            for (String service : List.of("patients", "care-plans", "transitions")) {
                settings.put("careloop." + service + ".url", serve(OWN.shownBy(service)));
            }
            settings.put("careloop.referrals.url", serve(OTHER.shownBy("referrals")));
            return settings;
        }

        @Override
        public void stop() {
            // The servers end with the JVM.
        }

        /** Answers with the name that the client's certificate tells. */
        private static String serve(SSLContext context) {
            try {
                HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                server.setHttpsConfigurator(new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters own = getSSLContext().getDefaultSSLParameters();
                        own.setNeedClientAuth(true);
                        parameters.setSSLParameters(own);
                    }
                });
                server.createContext("/", exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders()
                            .add(
                                    "Seen-Client",
                                    ((HttpsExchange) exchange)
                                            .getSSLSession()
                                            .getPeerPrincipal()
                                            .getName());
                    exchange.sendResponseHeaders(200, PATIENT.length());
                    exchange.getResponseBody().write(PATIENT.getBytes());
                    exchange.close();
                });
                server.start();
                return "https://localhost:" + server.getAddress().getPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TestHTTPResource(value = "/fhir/", tls = true)
    URI fhir;

    @Test
    void callsServicesWithItsOwnCertificateAndAsksClientsForNone() throws Exception {
        // When
        HttpResponse<String> read = send(request("Patient/1").GET());
        HttpResponse<String> written = send(request("Patient").POST(BodyPublishers.ofString(PATIENT)));
        // Then
        assertThat(List.of(read, written)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Seen-Client")).contains("CN=gateway");
        });
    }

    @Test
    void sendsNothingToAServiceThatAnotherAuthorityVouchesFor() throws Exception {
        assertThat(send(request("Task/1").GET()).statusCode()).isEqualTo(503);
        assertThat(send(request("Task").POST(BodyPublishers.ofString(PATIENT))).statusCode())
                .isEqualTo(503);
    }

    /** By HTTP/2, where the connection goes on for others. */
    @Test
    void aBodyOfUnknownLengthThatIsTooLongGetsAnOutcome() throws Exception {
        // Given
        byte[] body = new byte[14 << 20];
        HttpRequest.Builder request =
                request("Patient").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        try (HttpClient client = client()) {
            // When
            HttpResponse<String> refused = client.send(request.build(), BodyHandlers.ofString());
            HttpResponse<String> next = client.send(request("Patient/1").build(), BodyHandlers.ofString());
            // Then
            assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("body: too large (expected: at most 10485760 bytes)");
            assertThat(next.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void speaksNoPlainHttp() {
        HttpRequest.Builder plain =
                HttpRequest.newBuilder(URI.create("http://localhost:" + fhir.getPort() + "/fhir/metadata"));
        assertThatThrownBy(() -> send(plain)).isInstanceOf(IOException.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(fhir.resolve(path))
                .header("Authorization", "Bearer " + Tokens.coordinator())
                .header("Content-Type", "application/fhir+json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = client()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(EncryptedServices.OWN.shownByNobody())
                .build();
    }
}
