package org.careloop.transitions.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.careloop.audittrail.AuditTrail;
import org.careloop.testkit.Certificates;
import org.careloop.testkit.RealParts;
import org.careloop.transitions.Stay;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.app.ReceiveTransmission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HL7 v2 over MLLP as it is in containers: nobody without a certificate gets as far as a message. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MllpByTlsApiTest {

    private static final Path FOLDER = Path.of("target", "certificates-" + UUID.randomUUID());
    private static final Certificates SENDERS = Certificates.madeIn(FOLDER.resolve("senders"));

    @Inject
    Vertx vertx;

    @Inject
    ReceiveTransmission receiveTransmission;

    @Inject
    AuditTrail trail;

    private final Stay stay = Stay.fresh();
    private MllpListener listener;

    @BeforeEach
    void listen() throws Exception {
        TransitionsConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TransitionsConfig.class)
                .withDefaultValue("careloop.transitions.patients-url", "https://localhost")
                .withDefaultValue("careloop.transitions.mllp.host", "127.0.0.1")
                .withDefaultValue("careloop.transitions.mllp.port", "0")
                .withDefaultValue("careloop.transitions.mllp.tls", "true")
                .build()
                .getConfigMapping(TransitionsConfig.class);
        listener = new MllpListener(vertx, config, receiveTransmission, trail, registry("mllp"));
        listener.start(new StartupEvent());
    }

    @AfterEach
    void stop() {
        listener.stop(new ShutdownEvent());
    }

    @Test
    void acknowledgesWhoShowsACertificate() throws IOException {
        // Given
        String admission = stay.admission();
        try (Socket socket = connect(SENDERS.shownBy("gateway"))) {
            // When
            socket.getOutputStream().write(MllpApiTest.framed(admission));
            // Then
            assertThat(MllpApiTest.answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission) + "|\r");
        }
    }

    @Test
    void acknowledgesNobodyElse() {
        SSLContext stranger = Certificates.madeIn(FOLDER.resolve("strangers")).shownBy("gateway");
        assertThatThrownBy(() -> send(connect(SENDERS.shownByNobody()))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(connect(stranger))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(new Socket("127.0.0.1", listener.port()))).isInstanceOf(IOException.class);
        assertThat(stay.isKnown()).isFalse();
    }

    private void send(Socket connected) throws IOException {
        try (Socket socket = connected) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(MllpApiTest.framed(stay.admission()));
            if (socket.getInputStream().read() != 0x0B) {
                throw new IOException("no acknowledgement");
            }
        }
    }

    private Socket connect(SSLContext context) throws IOException {
        Socket socket = context.getSocketFactory().createSocket("127.0.0.1", listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Has one entry: the certificates that the tests made. */
    private static TlsConfigurationRegistry registry(String only) {
        return new TlsConfigurationRegistry() {
            @Override
            public Optional<TlsConfiguration> get(String name) {
                return name.equals(only) ? Optional.of(new OfSenders()) : Optional.empty();
            }

            @Override
            public Optional<TlsConfiguration> getDefault() {
                return Optional.empty();
            }

            @Override
            public void register(String name, TlsConfiguration configuration) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static final class OfSenders implements TlsConfiguration {

        private final Path folder = SENDERS.of("transitions");

        @Override
        public KeyStore getKeyStore() {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeyCertOptions getKeyStoreOptions() {
            return new PemKeyCertOptions()
                    .addCertPath(folder.resolve("tls.crt").toString())
                    .addKeyPath(folder.resolve("tls.key").toString());
        }

        @Override
        public KeyStore getTrustStore() {
            throw new UnsupportedOperationException();
        }

        @Override
        public TrustOptions getTrustStoreOptions() {
            return new PemTrustOptions().addCertPath(folder.resolve("ca.crt").toString());
        }

        @Override
        public SSLOptions getSSLOptions() {
            return new SSLOptions().setKeyCertOptions(getKeyStoreOptions()).setTrustOptions(getTrustStoreOptions());
        }

        @Override
        public SSLContext createSSLContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isTrustAll() {
            return false;
        }

        @Override
        public Optional<String> getHostnameVerificationAlgorithm() {
            return Optional.empty();
        }

        @Override
        public boolean usesSni() {
            return false;
        }

        @Override
        public boolean reload() {
            return false;
        }
    }
}
