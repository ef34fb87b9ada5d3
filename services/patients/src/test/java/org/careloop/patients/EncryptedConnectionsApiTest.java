package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.testkit.Certificates;
import org.careloop.testkit.EncryptedParts;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service in the profile {@code tls}, among parts that are set up by the files of the containers. */
@QuarkusTest
@TestProfile(EncryptedConnectionsApiTest.Encrypted.class)
class EncryptedConnectionsApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TOPIC = "patients.patient.v1";

    /** As in the compose file. */
    public static class Encrypted implements QuarkusTestProfile {

        @Override
        public String getConfigProfile() {
            return "test,tls";
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.oidc-client.client-enabled", "true");
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(
                    EncryptedParts.class, Map.of(EncryptedParts.SERVICE, "patients", RealParts.DATABASE, "patients")));
        }
    }

    @TestHTTPResource(value = "/fhir/", tls = true)
    URI fhir;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    @Inject
    DataSource database;

    @Inject
    PlatformHttp http;

    @Inject
    OidcClient tokens;

    @Test
    void answersWhoHasACertificateOfThePlatformAndTellsItsEventsByTls() throws Exception {
        // Given
        SSLContext gateway = EncryptedParts.certificates().shownBy("gateway");
        String family = "Encrypted" + UUID.randomUUID();
        // When
        HttpResponse<String> created = send(
                gateway,
                request("Patient")
                        .POST(BodyPublishers.ofString(
                                "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" + family + "\"}]}")));
        // Then
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(send(gateway, request("Patient?family=" + family).GET()).body())
                .contains(family);
        assertThat(heard("referrals", TOPIC, family)).isTrue();
    }

    @Test
    void refusesWhoHasNoCertificateOrOneOfAnotherAuthority() {
        // Given
        SSLContext nobody = EncryptedParts.certificates().shownByNobody();
        SSLContext stranger = Certificates.madeIn(
                        Path.of("target", "encrypted-parts", "strangers-" + UUID.randomUUID()))
                .shownBy("gateway");
        // Then
        assertThatThrownBy(() -> send(nobody, request("metadata").GET())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(stranger, request("metadata").GET())).isInstanceOf(IOException.class);
    }

    /** A certificate tells which part it is, not who asks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/Patient",
                "/fhir/Patient/1",
                "/fhir/_history",
                "/fhir/AuditEvent",
                "/fhir/ValueSet/$expand?url=x",
                "/federation/Patient/1",
                "/operations/packages",
                "/operations/audit/verify",
                "/operations/dead-letters"
            })
    void aCertificateIsNoToken(String path) throws Exception {
        assertThat(send(EncryptedParts.certificates().shownBy("gateway"), HttpRequest.newBuilder(fhir.resolve(path)))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void speaksNoPlainHttp() throws IOException {
        try (Socket socket = new Socket("localhost", fhir.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("GET /fhir/metadata HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1");
        }
    }

    @Test
    void tellsHowItIsAtAPortOfItsOwn() throws Exception {
        // When
        HttpResponse<String> ready = java.net.http.HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString());
        // Then
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(send(
                                EncryptedParts.certificates().shownBy("gateway"),
                                HttpRequest.newBuilder(fhir.resolve("/q/health/ready")))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void asksTheAuthorizationServerForItsOwnTokenByTls() {
        assertThat(tokens.getTokens().await().atMost(PATIENCE).getAccessToken()).isNotEmpty();
    }

    /** What services ask each other by. */
    @Test
    void callsOthersWithItsOwnCertificate() {
        // Given
        HttpClient client = http.client();
        // When
        int status = client.request(new RequestOptions()
                        .setAbsoluteURI(fhir.resolve("metadata").toString()))
                .compose(request -> request.send())
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .statusCode();
        // Then
        assertThat(status).isEqualTo(200);
    }

    /** A server of the platform that is not the one that was meant, as its certificate tells. */
    @Test
    void callsNobodyWhoShowsTheCertificateOfAnother() {
        // When
        var call = http.client()
                .request(new RequestOptions()
                        .setAbsoluteURI("https://referrals:" + fhir.getPort() + "/fhir/metadata")
                        .setServer(io.vertx.core.net.SocketAddress.inetSocketAddress(fhir.getPort(), "localhost")))
                .compose(request -> request.send())
                .toCompletionStage()
                .toCompletableFuture();
        // Then
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasStackTraceContaining("referrals");
    }

    @Test
    void everySessionAtTheDatabaseIsEncrypted() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet sessions = statement.executeQuery("select count(*) filter (where ssl),"
                        + " count(*) filter (where not ssl) from pg_stat_ssl join pg_stat_activity using (pid)"
                        + " where usename = 'patients'")) {
            sessions.next();
            assertThat(sessions.getInt(1)).isPositive();
            assertThat(sessions.getInt(2)).isZero();
        }
    }

    @Test
    void theDatabaseTakesNoPlainConnection() {
        String url = "jdbc:postgresql://localhost:%s/patients?user=patients&password=test-only&sslmode=disable"
                .formatted(setting("careloop.database.port"));
        assertThatThrownBy(() -> java.sql.DriverManager.getConnection(url).close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("pg_hba");
    }

    @Test
    void theBrokerTakesNobodyWithoutACertificate() {
        // Given
        Map<String, String> withoutKey =
                new HashMap<>(EncryptedParts.certificates().kafka("patients"));
        withoutKey.keySet().removeIf(name -> name.startsWith("ssl.keystore"));
        // Then
        assertThatThrownBy(() -> topics(withoutKey)).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> topics(Map.of())).isInstanceOf(ExecutionException.class);
        assertThat(catchTopics(EncryptedParts.certificates().kafka("patients"))).contains(TOPIC);
    }

    /** Who may read and write what, by the list of the containers. */
    @ParameterizedTest
    @CsvSource({
        "patients, patients.patient.v1, true",
        "patients, referrals.task.v1, false",
        "referrals, patients.patient.v1, false",
        "transitions, patients.dead-letters.v1, false",
        "gateway, patients.patient.v1, false"
    })
    void writesOfAServiceAreToItsOwnTopics(String service, String topic, boolean allowed) {
        assertThat(writes(service, topic)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "referrals, patients.patient.v1, true",
        "care-plans, patients.patient.v1, true",
        "transitions, patients.patient.v1, true",
        "transitions, patients.relatedperson.v1, false",
        "gateway, patients.patient.v1, false"
    })
    void readsOfAServiceAreOfWhatItFollows(String service, String topic, boolean allowed) {
        if (allowed) {
            assertThat(heard(service, topic, "")).isTrue();
        } else {
            assertThatThrownBy(() -> heard(service, topic, "")).isInstanceOf(AuthorizationException.class);
        }
    }

    private static boolean writes(String service, String topic) {
        Map<String, Object> settings = client(service);
        settings.put("max.block.ms", 5_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            // A tombstone of nobody: consumers know no event without a type.
            producer.send(new ProducerRecord<>(topic, "nobody", null)).get(20, TimeUnit.SECONDS);
            return true;
        } catch (AuthorizationException refused) {
            return false;
        } catch (ExecutionException failure) {
            assertThat(failure).hasCauseInstanceOf(AuthorizationException.class);
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether {@code service} finds {@code text} in {@code topic}. */
    private static boolean heard(String service, String topic, String text) {
        Map<String, Object> settings = client(service);
        settings.put("group.id", service + "-" + UUID.randomUUID());
        settings.put("auto.offset.reset", "earliest");
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (System.nanoTime() < end) {
                for (var message : consumer.poll(Duration.ofMillis(200))) {
                    if (String.valueOf(message.value()).contains(text)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static List<String> catchTopics(Map<String, String> client) {
        try {
            return topics(client);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> topics(Map<String, String> client) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("bootstrap.servers", EncryptedParts.bootstrapServers());
        settings.put("request.timeout.ms", 3_000);
        settings.put("default.api.timeout.ms", 3_000);
        try (Admin admin = Admin.create(settings)) {
            return List.copyOf(admin.listTopics().names().get());
        }
    }

    private static Map<String, Object> client(String service) {
        Map<String, Object> settings =
                new HashMap<>(EncryptedParts.certificates().kafka(service));
        settings.put("bootstrap.servers", EncryptedParts.bootstrapServers());
        return settings;
    }

    private static String setting(String name) {
        return org.eclipse.microprofile.config.ConfigProvider.getConfig().getValue(name, String.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(fhir.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + Tokens.coordinator())
                .header("Content-Type", "application/fhir+json");
    }

    private static HttpResponse<String> send(SSLContext context, HttpRequest.Builder request) throws Exception {
        try (java.net.http.HttpClient client =
                java.net.http.HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
