package org.careloop.testkit;

import java.security.PrivateKey;
import java.security.spec.ECParameterSpec;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * A key pair of the played realm.
 *
 * @param algorithm what it signs with
 */
public record TestKey(String algorithm, PublicJsonWebKey pair) {

    /** What the realm signs with, unless told otherwise. */
    public static final TestKey FIRST = rsa("first");

    /** For ES256, published from the start. */
    public static final TestKey P256 = ec("p256", "ES256", EllipticCurves.P256);

    /** For ES384, published from the start. */
    public static final TestKey P384 = ec("p384", "ES384", EllipticCurves.P384);

    /** Published from the start, but not for signatures. */
    public static final TestKey ENCRYPTION = encryption();

    /** A new key for RS256 that is not published. */
    public static TestKey rsa(String id) {
        try {
            return named(id, "RS256", RsaJwkGenerator.generateJwk(2048));
        } catch (JoseException e) {
            throw new IllegalStateException("RSA is part of every JDK", e);
        }
    }

    private static TestKey encryption() {
        TestKey key = rsa("encryption");
        key.pair().setUse("enc");
        key.pair().setAlgorithm("RSA-OAEP");
        return key;
    }

    private static TestKey ec(String id, String algorithm, ECParameterSpec curve) {
        try {
            return named(id, algorithm, EcJwkGenerator.generateJwk(curve));
        } catch (JoseException e) {
            throw new IllegalStateException("EC is part of every JDK", e);
        }
    }

    private static TestKey named(String id, String algorithm, PublicJsonWebKey pair) {
        pair.setKeyId(id);
        pair.setUse("sig");
        pair.setAlgorithm(algorithm);
        return new TestKey(algorithm, pair);
    }

    /** Its {@code kid}. */
    public String id() {
        return pair.getKeyId();
    }

    /** A key of this id, of which others know nothing but the id. */
    public TestKey counterfeit() {
        return rsa(id());
    }

    PrivateKey secret() {
        return pair.getPrivateKey();
    }

    /** The public half, as the realm publishes it. */
    String published() {
        return pair.toJson(OutputControlLevel.PUBLIC_ONLY);
    }
}
