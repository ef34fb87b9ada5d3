package org.careloop.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.careloop.parts.ProjectRoot;

/** An authority and certificates for the parts of the platform, made by the script that makes them for containers. */
public final class Certificates {

    private static final char[] NO_PASSWORD = {};

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** New certificates of a new authority in {@code folder}, which is not there yet; needs bash and openssl. */
    public static Certificates madeIn(Path folder) {
        Path script = ProjectRoot.find().resolve("deploy/images/certificates.sh");
        try {
            Process made = new ProcessBuilder("bash", script.toString(), folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(made.getInputStream().readAllBytes());
            if (made.waitFor() != 0) {
                throw new IllegalStateException("no certificates: " + said);
            }
            return new Certificates(folder.toAbsolutePath());
        } catch (IOException e) {
            throw new IllegalStateException("no certificates (expected: bash and openssl on this machine)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The folder that {@code part} alone would see. */
    public Path of(String part) {
        return folder.resolve(part);
    }

    /** For connections of {@code part}: shows its certificate, takes those of the authority. */
    public SSLContext shownBy(String part) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, NO_PASSWORD);
            own.setKeyEntry(part, key(part), NO_PASSWORD, new Certificate[] {certificate(part, "tls.crt")});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            return context(keys, part);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificate of " + part, e);
        }
    }

    /** For connections of who has no certificate, and takes those of the authority. */
    public SSLContext shownByNobody() {
        try {
            return context(null, "gateway");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the authority", e);
        }
    }

    /** What a Kafka client of {@code part} is told. */
    public Map<String, String> kafka(String part) {
        return Map.of(
                "security.protocol", "SSL",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", of(part).resolve("tls-combined.pem").toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", of(part).resolve("ca.crt").toString());
    }

    private SSLContext context(KeyManagerFactory keys, String part) throws GeneralSecurityException, IOException {
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, NO_PASSWORD);
        authority.setCertificateEntry("authority", certificate(part, "ca.crt"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private PrivateKey key(String part) throws GeneralSecurityException, IOException {
        String pem = Files.readString(of(part).resolve("tls.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }

    private Certificate certificate(String part, String name) throws GeneralSecurityException, IOException {
        try (InputStream file = Files.newInputStream(of(part).resolve(name))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
    }
}
