package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.security.AuthenticationFailedException;
import io.vertx.core.Vertx;
import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.TestKey;
import org.careloop.testkit.TestRealm;
import org.careloop.testkit.Tokens;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which tokens are trusted, asked over HTTP of a played authorization server.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current Practices</a>
 */
class VerifyTokensTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MovableClock clock = new MovableClock();
    private final VerifyTokens tokens = new VerifyTokens(
            new PublishedKeys(VERTX, VERTX.createHttpClient(), TestRealm.url()), new Settings(), clock);

    @BeforeEach
    void asAtFirst() {
        TestRealm.reset();
    }

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        TestRealm.reset();
    }

    @Test
    void trustsTheThreeAlgorithmsEachWithTheKeyForIt() {
        assertThat(verified(Tokens.signedBy(TestKey.FIRST)).claim("careloop_role"))
                .contains("coordinator");
        assertThat(verified(Tokens.signedBy(TestKey.P256)).getName()).isEqualTo("riverside-ehr");
        assertThat(verified(Tokens.signedBy(TestKey.P384)).getName()).isEqualTo("riverside-ehr");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("untrusted")
    void trustsNothingElse(String what, String token) {
        refused(token);
    }

    static Stream<Arguments> untrusted() {
        TestKey own = TestKey.rsa("own");
        TestKey counterfeit = TestKey.FIRST.counterfeit();
        SecretKeySpec publicKey =
                new SecretKeySpec(TestKey.FIRST.pair().getPublicKey().getEncoded(), "HmacSHA256");
        Map<String, Object> known = Map.of("alg", "RS256", "kid", TestKey.FIRST.id());
        String good = Tokens.signedBy(TestKey.FIRST);
        String[] parts = good.split("\\.");
        return Stream.of(
                Arguments.of("signed by another key under a known id", Tokens.forged()),
                Arguments.of("unknown key", Tokens.signedBy(own)),
                Arguments.of("no key id", Tokens.headed(Map.of("alg", "RS256"), key(TestKey.FIRST))),
                Arguments.of("none", Tokens.headed(Map.of("alg", "none", "kid", "first"), null)),
                Arguments.of(
                        "none, in other letters",
                        encoded("{\"alg\":\"nOnE\",\"kid\":\"first\"}") + "." + parts[1] + "."),
                Arguments.of("signature left out", parts[0] + "." + parts[1] + "."),
                Arguments.of("public key as secret", Tokens.headed(Map.of("alg", "HS256", "kid", "first"), publicKey)),
                Arguments.of(
                        "RS512 by a key for RS256", Tokens.headed(with(known, "alg", "RS512"), key(TestKey.FIRST))),
                Arguments.of(
                        "PS256 by a key for RS256", Tokens.headed(with(known, "alg", "PS256"), key(TestKey.FIRST))),
                Arguments.of(
                        "key for encryption", Tokens.headed(with(known, "kid", "encryption"), key(TestKey.ENCRYPTION))),
                Arguments.of(
                        "id of a key for another algorithm",
                        Tokens.headed(with(known, "kid", "p256"), key(TestKey.FIRST))),
                Arguments.of(
                        "own key in the header",
                        Tokens.headed(
                                with(known, "jwk", counterfeit.pair().toParams(OutputControlLevel.PUBLIC_ONLY)),
                                key(counterfeit))),
                Arguments.of(
                        "own key at a URL",
                        Tokens.headed(with(known, "jku", "http://localhost:1/keys"), key(counterfeit))),
                Arguments.of(
                        "certificate at a URL",
                        Tokens.headed(with(known, "x5u", "http://localhost:1/c"), key(counterfeit))),
                Arguments.of(
                        "unknown critical header",
                        Tokens.headed(with(with(known, "crit", List.of("x")), "x", 1), key(TestKey.FIRST))),
                Arguments.of("ended", Tokens.expired()),
                Arguments.of(
                        "not yet",
                        Tokens.claiming("nbf", Instant.now().plusSeconds(60).getEpochSecond())),
                Arguments.of("other audience", Tokens.forOtherAudience()),
                Arguments.of("other issuer", Tokens.claiming("iss", "https://elsewhere.invalid/realms/careloop")),
                Arguments.of("token for an application", Tokens.claiming("typ", "ID")),
                Arguments.of(
                        "other content under the signature",
                        parts[0] + "." + encoded("{\"aud\":\"careloop\"}") + "." + parts[2]),
                Arguments.of("too long", good + "a".repeat(20_000)),
                Arguments.of("no token", "a.b.c"),
                Arguments.of("nothing", ""));
    }

    @Test
    void aNewKeyIsTrustedAtOnceAndARetiredOneNotForLong() {
        // Given
        TestKey second = TestKey.rsa("second");
        verified(Tokens.signedBy(TestKey.FIRST));
        TestRealm.publish(second);
        clock.advance(Settings.ASKED);
        // Then
        verified(Tokens.signedBy(second));
        refused(Tokens.signedBy(TestKey.FIRST));
    }

    @Test
    void aRetiredKeyIsNotTrustedAfterTheRefreshThoughNoOtherWasSeen() {
        // Given
        verified(Tokens.signedBy(TestKey.FIRST));
        TestRealm.publish(TestKey.P384);
        verified(Tokens.signedBy(TestKey.FIRST));
        // When
        clock.advance(Settings.REFRESHED);
        // Then
        refused(Tokens.signedBy(TestKey.FIRST));
    }

    @Test
    void unknownKeysAreAskedForAtALimitedRate() {
        // Given
        verified(Tokens.signedBy(TestKey.FIRST));
        int before = TestRealm.asked();
        // When
        for (int i = 0; i < 50; i++) {
            refused(Tokens.headed(Map.of("alg", "RS256", "kid", "unknown-" + i), key(TestKey.FIRST)));
        }
        // Then
        assertThat(TestRealm.asked()).isEqualTo(before);
        clock.advance(Settings.ASKED);
        refused(Tokens.headed(Map.of("alg", "RS256", "kid", "unknown"), key(TestKey.FIRST)));
        refused(Tokens.headed(Map.of("alg", "RS256", "kid", "unknown"), key(TestKey.FIRST)));
        assertThat(TestRealm.asked()).isEqualTo(before + 1);
    }

    @Test
    void keptKeysGoOnWhileTheRealmIsDownButNotForEver() {
        // Given
        verified(Tokens.signedBy(TestKey.FIRST));
        TestRealm.setDown(true);
        // Then
        clock.advance(Settings.REFRESHED);
        verified(Tokens.signedBy(TestKey.FIRST));
        unavailable(Tokens.signedBy(TestKey.rsa("unknown")));
        refused(Tokens.forged());
        clock.advance(Settings.KEPT.minus(Settings.REFRESHED).minusSeconds(1));
        verified(Tokens.signedBy(TestKey.FIRST));
        clock.advance(Duration.ofSeconds(1));
        unavailable(Tokens.signedBy(TestKey.FIRST));
        // When
        TestRealm.setDown(false);
        clock.advance(Settings.ASKED);
        // Then
        verified(Tokens.signedBy(TestKey.FIRST));
    }

    @Test
    void withoutAnyKeysNothingIsTrusted() {
        TestRealm.setDown(true);
        unavailable(Tokens.signedBy(TestKey.FIRST));
    }

    @Test
    void aTokenDoesNotTellItselfInLogs() {
        String raw = Tokens.signedBy(TestKey.FIRST);
        assertThat(verified(raw).toString()).doesNotContain(raw).doesNotContain("coordinator");
    }

    private AccessToken verified(String token) {
        return tokens.verify(token).await().atMost(PATIENCE);
    }

    private void refused(String token) {
        assertThatThrownBy(() -> verified(token)).isInstanceOf(AuthenticationFailedException.class);
    }

    private void unavailable(String token) {
        assertThatThrownBy(() -> verified(token))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE));
    }

    private static Key key(TestKey key) {
        return key.pair().getPrivateKey();
    }

    private static Map<String, Object> with(Map<String, Object> header, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(header);
        changed.put(name, value);
        return changed;
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes());
    }

    private static final class Settings implements TokensConfig {

        private static final Duration REFRESHED = Duration.ofMinutes(1);
        private static final Duration KEPT = Duration.ofMinutes(5);
        private static final Duration ASKED = Duration.ofSeconds(10);

        @Override
        public String audience() {
            return "careloop";
        }

        @Override
        public Duration keysRefreshed() {
            return REFRESHED;
        }

        @Override
        public Duration keysKept() {
            return KEPT;
        }

        @Override
        public Duration keysAsked() {
            return ASKED;
        }

        @Override
        public Duration clockSkew() {
            return Duration.ofSeconds(5);
        }
    }

    /** Tokens of the kit live ten minutes, so that it can go on some of them. */
    private static final class MovableClock extends Clock {

        private Instant now = Instant.now();

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
