package org.careloop.endtoend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key pair of a client, and what the client does with it: publishes the one half, signs with the other. */
record ClientKey(String id, KeyPair pair) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** For RS384. */
    static ClientKey rsa() {
        return generated("RSA", 2048);
    }

    /** For ES384. */
    static ClientKey ec() {
        return generated("EC", 384);
    }

    private static ClientKey generated(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
            } else {
                generator.initialize(bits);
            }
            return new ClientKey(UUID.randomUUID().toString(), generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(kind + " is part of every JDK", e);
        }
    }

    /** The algorithm that SMART has for such a key. */
    String algorithm() {
        return pair.getPublic() instanceof RSAPublicKey ? "RS384" : "ES384";
    }

    /** The public half, as JWK. */
    ObjectNode jwk() {
        ObjectNode jwk = JSON.objectNode().put("kid", id);
        return switch (pair.getPublic()) {
            case RSAPublicKey key ->
                jwk.put("kty", "RSA")
                        .put("n", number(key.getModulus(), 256))
                        .put("e", number(key.getPublicExponent(), 3));
            case ECPublicKey key ->
                jwk.put("kty", "EC")
                        .put("crv", "P-384")
                        .put("x", number(key.getW().getAffineX(), 48))
                        .put("y", number(key.getW().getAffineY(), 48));
            default -> throw new IllegalStateException("neither RSA nor EC");
        };
    }

    /** A JWK Set of these keys. */
    static String setOf(ClientKey... keys) {
        ObjectNode set = JSON.objectNode();
        Arrays.stream(keys).map(ClientKey::jwk).forEach(set.putArray("keys")::add);
        return set.toString();
    }

    /** A JWT of these parts, signed as the header's {@code alg} says; {@code none} leaves it unsigned. */
    String sign(ObjectNode header, ObjectNode claims) {
        String signed = encode(header) + "." + encode(claims);
        return signed + "." + BASE64.encodeToString(signature(header.path("alg").asText(), signed));
    }

    private byte[] signature(String algorithm, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try {
            return switch (algorithm) {
                case "none" -> new byte[0];
                // The trick: the public key, which everybody has, taken for a shared secret.
                case "HS256" -> {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(pair.getPublic().getEncoded(), "HmacSHA256"));
                    yield mac.doFinal(bytes);
                }
                default -> {
                    Signature signature = Signature.getInstance(name(algorithm));
                    signature.initSign(pair.getPrivate());
                    signature.update(bytes);
                    yield signature.sign();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key does not do " + algorithm, e);
        }
    }

    private static String name(String algorithm) {
        String hash = "SHA" + algorithm.substring(2);
        return algorithm.startsWith("RS") ? hash + "withRSA" : hash + "withECDSAinP1363Format";
    }

    private static String encode(ObjectNode json) {
        return BASE64.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] exact = new byte[length];
        int taken = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - taken, exact, length - taken, taken);
        return BASE64.encodeToString(exact);
    }
}
