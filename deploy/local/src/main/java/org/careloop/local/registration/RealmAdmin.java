package org.careloop.local.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.careloop.local.registration.JsonCalls.Answer;

/** The realm's clients and client scopes, by Keycloak's administration API. */
final class RealmAdmin {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonCalls calls;

    /** {@code calls} go to the realm's part of the administration API, with a token that may manage clients. */
    RealmAdmin(JsonCalls calls) {
        this.calls = calls;
    }

    /** Returns the whole representation of the client with this client id. */
    Optional<JsonNode> client(String clientId) {
        JsonNode found = calls.send("GET", "/clients?clientId=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8))
                .expect("the realm's clients", 200)
                .json();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    void create(ObjectNode client) {
        calls.send("POST", "/clients", client).expect("the new client", 201);
    }

    void update(JsonNode client) {
        calls.send("PUT", "/clients/" + client.path("id").asText(), client).expect("the client", 204);
    }

    /** Returns the id of each client scope by its name. */
    Map<String, String> scopes() {
        Map<String, String> scopes = new TreeMap<>();
        calls.send("GET", "/client-scopes")
                .expect("the realm's client scopes", 200)
                .json()
                .forEach(scope ->
                        scopes.put(scope.path("name").asText(), scope.path("id").asText()));
        return scopes;
    }

    void createScope(String name) {
        ObjectNode scope = JSON.objectNode().put("name", name).put("protocol", "openid-connect");
        scope.putObject("attributes").put("include.in.token.scope", "true").put("display.on.consent.screen", "false");
        calls.send("POST", "/client-scopes", scope).expect("client scope " + name, 201);
    }

    /** Lets the client ask for the scope; it gets it only then. */
    void offer(String client, String scope) {
        calls.send("PUT", optional(client, scope), JSON.objectNode()).expect("the client's scopes", 204);
    }

    void withdraw(String client, String scope) {
        Answer answer = calls.send("DELETE", optional(client, scope));
        answer.expect("the client's scopes", 204);
    }

    private static String optional(String client, String scope) {
        return "/clients/" + client + "/optional-client-scopes/" + scope;
    }
}
