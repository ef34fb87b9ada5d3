package org.careloop.testkit;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Access tokens as the realm would issue them, signed with a key of the {@link TestRealm}. End-to-end tests use the real realm. */
public final class Tokens {

    private static final Duration LIFE = Duration.ofMinutes(10);

    private Tokens() {}

    /** Everything, as an EHR of the coordinating organisation. */
    public static String coordinator() {
        return token("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds");
    }

    /** Reads everything. */
    public static String supervisor() {
        return token("supervisor", "supervisor", "riverside-clinic", "user/*.rs");
    }

    /** Sees who saw what. */
    public static String privacyOfficer() {
        return token("privacy-officer", "privacy-officer", "riverside-clinic", "user/*.rs");
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
                        + " system/HealthcareService.rus system/Location.rus system/PractitionerRole.rus system/Endpoint.rus"
                        + " system/VerificationResult.crs");
    }

    /** A token with the given client, role, organisation and scopes. */
    public static String token(String client, String role, String organization, String scope) {
        return signed(claims(client, role, organization, scope), TestKey.FIRST);
    }

    /** The person who is the patient with this id. */
    public static String patient(String patient) {
        return signed(
                claims("patient", "patient", "", "patient/*.rs").claim("careloop_patient", patient), TestKey.FIRST);
    }

    /** As {@link #token}, of somebody who has opened the record of {@code patient} (SMART launch context). */
    public static String inRecordOf(String patient, String client, String role, String organization, String scope) {
        return signed(claims(client, role, organization, scope).claim("patient", patient), TestKey.FIRST);
    }

    /** As {@link #coordinator()}, but made for another platform. */
    public static String forOtherAudience() {
        return signed(coordinatorClaims().audience(Set.of("other-platform")), TestKey.FIRST);
    }

    /** As {@link #coordinator()}, but no longer valid. */
    public static String expired() {
        return coordinatorClaims()
                .issuedAt(Instant.now().minusSeconds(7200))
                .expiresAt(Instant.now().minusSeconds(3600))
                .jws()
                .keyId(TestKey.FIRST.id())
                .sign(TestKey.FIRST.secret());
    }

    /** As {@link #coordinator()}, but signed by a key that nobody trusts under the id of one that is trusted. */
    public static String forged() {
        return signedBy(TestKey.FIRST.counterfeit());
    }

    /** As {@link #coordinator()}, signed by this key, published or not. */
    public static String signedBy(TestKey key) {
        return signed(coordinatorClaims(), key);
    }

    /** As {@link #coordinator()}, with one claim changed. */
    public static String claiming(String claim, Object value) {
        return signed(coordinatorClaims().claim(claim, value), TestKey.FIRST);
    }

    /** As {@link #coordinator()}, with a header of its own, and signed as its {@code alg} says, if it can be. */
    public static String headed(Map<String, Object> header, Key key) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            signature.setDoKeyValidation(false);
            header.forEach(signature::setHeader);
            signature.setPayload(payload(coordinator()));
            signature.setKey(key);
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalArgumentException("cannot be signed so", e);
        }
    }

    private static String payload(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static String signed(JwtClaimsBuilder claims, TestKey key) {
        return claims.expiresIn(LIFE)
                .jws()
                .keyId(key.id())
                .algorithm(SignatureAlgorithm.valueOf(key.algorithm()))
                .sign(key.secret());
    }

    private static JwtClaimsBuilder coordinatorClaims() {
        return claims("riverside-ehr", "coordinator", "riverside-clinic", "system/*.cruds");
    }

    private static JwtClaimsBuilder claims(String client, String role, String organization, String scope) {
        return Jwt.claims()
                .issuer(TestRealm.ISSUER)
                .subject(client)
                .audience(Set.of("careloop"))
                .claim("azp", client)
                .claim("careloop_role", role)
                .claim("careloop_organization", organization)
                .claim("scope", scope);
    }
}
