package org.careloop.testkit;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/** Access tokens as the realm would issue them, signed with a key of this JVM. End-to-end tests use the real realm. */
public final class Tokens {

    private static final KeyPair KEYS = newKeys();

    private Tokens() {}

    /** The key that the service under test trusts. */
    static String publicKey() {
        return Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded());
    }

    /** Everything, as an EHR of the coordinating organisation. */
    public static String coordinator() {
        return token("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds");
    }

    /** Reads everything. */
    public static String supervisor() {
        return token("supervisor", "supervisor", "riverside-clinic", "user/*.rs");
    }

    /** Another service of the platform. */
    public static String service() {
        return token("careloop-transitions", "service", "careloop", "system/*.cruds");
    }

    /** A hospital that sends events. */
    public static String eventSource() {
        return token("general-hospital", "event-source", "general-hospital", "hl7v2.send system/Patient.rs");
    }

    /** The agency with this Organization id. */
    public static String partner(String organization) {
        return token(
                organization,
                "partner",
                organization,
                "system/Task.rus system/ServiceRequest.rs system/Patient.rs system/Procedure.crus system/Observation.crs"
                        + " system/CarePlan.rs system/Goal.rs system/CareTeam.rs system/Organization.rs"
                        + " system/HealthcareService.rs system/Location.rs");
    }

    /** A token with the given client, role, organisation and scopes. */
    public static String token(String client, String role, String organization, String scope) {
        return claims(client, role, organization, scope)
                .expiresIn(Duration.ofMinutes(10))
                .sign(KEYS.getPrivate());
    }

    /** The person who is the patient with this id. */
    public static String patient(String patient) {
        return claims("patient", "patient", "", "patient/*.rs")
                .claim("careloop_patient", patient)
                .expiresIn(Duration.ofMinutes(10))
                .sign(KEYS.getPrivate());
    }

    /** As {@link #coordinator()}, but made for another platform. */
    public static String forOtherAudience() {
        return claims("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds")
                .audience(Set.of("other-platform"))
                .expiresIn(Duration.ofMinutes(10))
                .sign(KEYS.getPrivate());
    }

    /** As {@link #coordinator()}, but no longer valid. */
    public static String expired() {
        return claims("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds")
                .issuedAt(Instant.now().minusSeconds(7200))
                .expiresAt(Instant.now().minusSeconds(3600))
                .sign(KEYS.getPrivate());
    }

    /** As {@link #coordinator()}, but signed by a key that nobody trusts. */
    public static String forged() {
        return claims("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds")
                .expiresIn(Duration.ofMinutes(10))
                .sign(newKeys().getPrivate());
    }

    private static JwtClaimsBuilder claims(String client, String role, String organization, String scope) {
        return Jwt.claims()
                .issuer("https://test.invalid/realms/careloop")
                .subject(client)
                .audience(Set.of("careloop"))
                .claim("azp", client)
                .claim("careloop_role", role)
                .claim("careloop_organization", organization)
                .claim("scope", scope);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("RSA is part of every JDK", e);
        }
    }
}
