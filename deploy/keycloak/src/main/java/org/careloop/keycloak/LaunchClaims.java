package org.careloop.keycloak;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Optional;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenResponseMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.representations.RefreshToken;

/**
 * Tells the launch context in access tokens, in the answer that brings them, and when they are introspected.
 *
 * <p>One session may have several authorizations of one application, each with another record open. Which one a token is of
 * goes from the code ({@code code_verifier}) into the access and refresh token ({@code nonce}, which Keycloak copies from the
 * one to the other), so no token ever takes the record of another window.
 */
public final class LaunchClaims extends AbstractOIDCProtocolMapper
        implements OIDCAccessTokenMapper, OIDCAccessTokenResponseMapper, TokenIntrospectionTokenMapper {

    static final String ID = "careloop-launch-context";

    @Override
    public AccessToken transformAccessToken(
            AccessToken token,
            ProtocolMapperModel model,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext client) {
        authorization(session).ifPresent(name -> {
            token.setNonce(name);
            token.getOtherClaims().putAll(noted(name, client).parameters());
        });
        return token;
    }

    @Override
    public AccessTokenResponse transformAccessTokenResponse(
            AccessTokenResponse response,
            ProtocolMapperModel model,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext client) {
        authorization(session)
                .ifPresent(name -> noted(name, client).parameters().forEach(response::setOtherClaims));
        return response;
    }

    @Override
    public AccessToken transformIntrospectionToken(
            AccessToken token,
            ProtocolMapperModel model,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext client) {
        Optional.ofNullable(token.getNonce())
                .ifPresent(name ->
                        token.getOtherClaims().putAll(noted(name, client).parameters()));
        return token;
    }

    private static Launch noted(String authorization, ClientSessionContext client) {
        return Launch.noted(authorization, client.getClientSession()::getNote);
    }

    /** Whether a code or a refresh token brought the request; Keycloak has verified both before it asks for claims. */
    private static Optional<String> authorization(KeycloakSession session) {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        return switch (Optional.ofNullable(form.getFirst("grant_type")).orElse("")) {
            case "authorization_code" ->
                Optional.ofNullable(form.getFirst("code_verifier")).map(LaunchContexts::nameOf);
            case "refresh_token" ->
                Optional.ofNullable(form.getFirst("refresh_token")).flatMap(LaunchClaims::nonce);
            default -> Optional.empty();
        };
    }

    private static Optional<String> nonce(String refreshToken) {
        try {
            return Optional.ofNullable(new JWSInput(refreshToken)
                    .readJsonContent(RefreshToken.class)
                    .getNonce());
        } catch (JWSInputException e) {
            return Optional.empty();
        }
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "SMART launch context";
    }

    @Override
    public String getDisplayCategory() {
        return TOKEN_MAPPER_CATEGORY;
    }

    @Override
    public String getHelpText() {
        return "Tells the patient and the encounter that are open";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }
}
