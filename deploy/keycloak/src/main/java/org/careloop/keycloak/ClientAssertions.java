package org.careloop.keycloak;

import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * Holds the assertion by which a client shows its key to what SMART demands beyond what Keycloak checks: signed with RS384 or
 * ES384, with the {@code kid} of the key, at an end of at most five minutes ahead. Keycloak itself takes an assertion that
 * ends later, as long as its {@code iat} is recent. The signature, {@code iss}, {@code sub}, {@code aud} and the single use of
 * {@code jti} were checked when the client was authenticated, before this.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html">SMART App Launch 2.2, asymmetric
 *     client authentication</a>
 */
public final class ClientAssertions
        implements ClientPolicyExecutorProvider<ClientPolicyExecutorConfigurationRepresentation> {

    static final String ID = "careloop-client-assertions";

    private static final Set<String> ALGORITHMS = Set.of("RS384", "ES384");
    private static final long LONGEST_SECONDS = 300;

    private final KeycloakSession session;
    private final LongSupplier clockSeconds;

    ClientAssertions(KeycloakSession session, LongSupplier clockSeconds) {
        this.session = session;
        this.clockSeconds = clockSeconds;
    }

    @Override
    public String getProviderId() {
        return ID;
    }

    @Override
    public void executeOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        switch (context.getEvent()) {
            case TOKEN_REQUEST,
                    SERVICE_ACCOUNT_TOKEN_REQUEST,
                    TOKEN_REFRESH,
                    TOKEN_REVOKE,
                    TOKEN_INTROSPECT,
                    TOKEN_EXCHANGE_REQUEST,
                    RESOURCE_OWNER_PASSWORD_CREDENTIALS_REQUEST,
                    LOGOUT_REQUEST -> check(assertionOfRequest());
            default -> {
                // No client shows a key there.
            }
        }
    }

    private @Nullable String assertionOfRequest() {
        return session.getContext()
                .getHttpRequest()
                .getDecodedFormParameters()
                .getFirst(OAuth2Constants.CLIENT_ASSERTION);
    }

    /** Refuses {@code assertion}; none is a client that authenticates otherwise, and no matter of this. */
    void check(@Nullable String assertion) throws ClientPolicyException {
        if (assertion == null) {
            return;
        }
        try {
            JWSInput signed = new JWSInput(assertion);
            JsonWebToken claims = signed.readJsonContent(JsonWebToken.class);
            require(
                    ALGORITHMS.contains(signed.getHeader().getRawAlgorithm()),
                    "client_assertion.alg: not allowed (expected: RS384 or ES384)");
            require(signed.getHeader().getKeyId() != null, "client_assertion.kid: missing (expected: id of the key)");
            require(
                    claims.getExp() != null && claims.getExp() <= clockSeconds.getAsLong() + LONGEST_SECONDS,
                    "client_assertion.exp: too far ahead (expected: at most 300 seconds)");
        } catch (JWSInputException e) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_CLIENT, "client_assertion: unreadable (expected: signed JWT)", e);
        }
    }

    private static void require(boolean fulfilled, String problem) throws ClientPolicyException {
        if (!fulfilled) {
            throw new ClientPolicyException(OAuthErrorException.INVALID_CLIENT, problem);
        }
    }
}
