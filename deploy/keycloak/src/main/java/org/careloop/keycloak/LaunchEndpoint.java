package org.careloop.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;
import org.keycloak.services.resource.RealmResourceProvider;

/**
 * Where an EHR tells, before it starts an application, which record it has open: {@code POST
 * /realms/careloop/smart-launch} with {@code client_id}, {@code patient} and, if there is one, {@code encounter}. It gets the
 * word that it passes on as {@code launch}.
 */
public final class LaunchEndpoint implements RealmResourceProvider {

    static final String ID = "smart-launch";
    static final String ORGANIZATION = "organization";
    static final String CLIENT = "client_id";

    private static final int CREATED = 201;

    private final KeycloakSession session;

    LaunchEndpoint(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public Object getResource() {
        return this;
    }

    /** Keeps a launch context; open to systems of coordinators, for applications of this realm. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response launch(JsonNode asked) {
        AuthResult caller = new AppAuthManager.BearerTokenAuthenticator(session).authenticate();
        if (caller == null) {
            return problem(401, "Authorization: missing or not valid (expected: Bearer access token)");
        }
        Map<String, Object> claims = caller.token().getOtherClaims();
        Object organization = claims.get("careloop_organization");
        if (!"coordinator".equals(claims.get("careloop_role")) || organization == null || !isSystem(caller.token())) {
            return problem(403, "access token: not allowed here (expected: a system of a coordinator)");
        }
        String client = asked.path(CLIENT).asText();
        if (session.getContext().getRealm().getClientByClientId(client) == null) {
            return problem(400, "client_id: unknown (expected: an application of this realm)");
        }
        for (String name : Launch.PARAMETERS) {
            boolean given = asked.hasNonNull(name);
            if (given ? !Launch.isId(asked.path(name).asText()) : name.equals("patient")) {
                return problem(400, name + ": missing or not well formed (expected: 1-64 of A-Z a-z 0-9 - .)");
            }
        }
        Map<String, String> context = new TreeMap<>(
                Launch.from(name -> asked.hasNonNull(name) ? asked.path(name).asText() : null)
                        .parameters());
        context.put(ORGANIZATION, organization.toString());
        context.put(CLIENT, client);
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("launch", new LaunchContexts(session.singleUseObjects()).keep(context))
                .put("expires_in", LaunchContexts.LIFE_SECONDS);
        return answer(CREATED, answer);
    }

    private static boolean isSystem(AccessToken token) {
        return token.getScope() != null && token.getScope().contains("system/");
    }

    private static Response problem(int status, String text) {
        return answer(
                status,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", "invalid_request")
                        .put("error_description", text));
    }

    private static Response answer(int status, ObjectNode body) {
        return Response.status(status)
                .header("Cache-Control", "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body.toString())
                .build();
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
