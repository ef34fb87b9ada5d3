package org.careloop.local.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.local.Refusal;

/**
 * Registers systems of other organisations. The same registration again changes nothing; other keys or scopes replace those
 * before. Never changes what a client is, or for whom it acts: that would hand its tokens' reach to somebody else.
 */
public final class Registrar {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String KIND = "careloop.registered";
    private static final String ORGANIZATION = "careloop.organization";

    private final String tokenEndpoint;
    private final RealmAdmin realm;
    private final JsonCalls fhir;
    private final PrintStream out;

    /**
     * Works on the realm at {@code realmUrl} and the FHIR server at {@code fhirUrl}.
     *
     * @param token of a client that may manage the realm's clients, and create Organizations
     */
    public Registrar(String realmUrl, String fhirUrl, String token, PrintStream out) {
        this.tokenEndpoint = realmUrl + "/protocol/openid-connect/token";
        this.realm = new RealmAdmin(
                new JsonCalls(realmUrl.replaceFirst("/realms/", "/admin/realms/"), token, "application/json"));
        this.fhir = new JsonCalls(fhirUrl, token, "application/fhir+json");
        this.out = out;
    }

    /** Checks the words after {@code register} without doing anything; fails with a Refusal that tells what is expected. */
    public static void check(List<String> arguments) {
        Registration.parse(arguments);
    }

    /** Registers what {@code arguments}, the words after {@code register}, tell; says what it did. */
    public void register(List<String> arguments) {
        Registration wanted = Registration.parse(arguments);
        Optional<JsonNode> known = realm.client(wanted.client());
        known.ifPresent(client -> requireSame(wanted, client));
        provideOrganization(wanted);
        provideScopes(wanted);
        if (known.isPresent()) {
            update(wanted, known.get());
        } else {
            realm.create(client(wanted));
            out.println("registered: " + wanted.kind().word() + " " + wanted.client());
        }
        out.printf(
                "client_id:  %s%ntoken:      %s (grant_type client_credentials, client_assertion of at most 5 minutes,"
                        + " RS384 or ES384)%nscopes:     %s%n",
                wanted.client(), tokenEndpoint, String.join(" ", wanted.scopes()));
    }

    private static void requireSame(Registration wanted, JsonNode client) {
        String kind = client.path("attributes").path(KIND).asText();
        String organization = client.path("attributes").path(ORGANIZATION).asText();
        if (kind.isEmpty()) {
            throw new Refusal("--id: " + wanted.client() + " is a client of the realm already, and was not registered"
                    + " by this command (expected: another id)");
        }
        if (!kind.equals(wanted.kind().word()) || !organization.equals(wanted.organization())) {
            throw new Refusal("--id: " + wanted.client() + " is registered already, as " + kind + " of Organization/"
                    + organization + " (expected: the same, or another id)");
        }
    }

    private void provideOrganization(Registration wanted) {
        String path = "/Organization/" + wanted.organization();
        if (fhir.send("GET", path).expect("the Organization", 200, 404, 410).status() == 200) {
            return;
        }
        ObjectNode organization = JSON.objectNode()
                .put("resourceType", "Organization")
                .put("id", wanted.organization())
                .put("active", true)
                .put(
                        "name",
                        wanted.name()
                                .orElseThrow(() -> new Refusal("--organization: Organization/" + wanted.organization()
                                        + " is not there (expected: one that is, or --name for a new one)")));
        // Who came first has it; what is there is not overwritten.
        fhir.send("PUT", path, organization, "If-None-Match", "*").expect("the new Organization", 201, 412);
        out.println("created:    Organization/" + wanted.organization());
    }

    private void provideScopes(Registration wanted) {
        Set<String> known = realm.scopes().keySet();
        wanted.scopes().stream()
                .filter(scope -> !known.contains(scope))
                .distinct()
                .forEach(realm::createScope);
    }

    private void update(Registration wanted, JsonNode client) {
        ObjectNode changed = client.deepCopy();
        wanted.keys().attributes().forEach((name, value) -> attributes(changed).put(name, value));
        boolean keysChanged = !changed.equals(client);
        if (keysChanged) {
            realm.update(changed);
        }
        boolean scopesChanged = updateScopes(wanted, client);
        out.println((keysChanged || scopesChanged ? "updated:    " : "unchanged:  ")
                + wanted.kind().word() + " " + wanted.client());
    }

    private boolean updateScopes(Registration wanted, JsonNode client) {
        Set<String> offered = new HashSet<>();
        client.path("optionalClientScopes").forEach(scope -> offered.add(scope.asText()));
        Map<String, String> ids = realm.scopes();
        String id = client.path("id").asText();
        Set<String> missing = new HashSet<>(wanted.scopes());
        missing.removeAll(offered);
        offered.removeAll(wanted.scopes());
        offered.forEach(scope -> realm.withdraw(id, ids.get(scope)));
        missing.forEach(scope -> realm.offer(id, ids.get(scope)));
        return !missing.isEmpty() || !offered.isEmpty();
    }

    private static ObjectNode client(Registration wanted) {
        ObjectNode client = JSON.objectNode()
                .put("clientId", wanted.client())
                .put("name", wanted.name().orElse(wanted.client()))
                .put("enabled", true)
                .put("protocol", "openid-connect")
                .put("publicClient", false)
                .put("clientAuthenticatorType", "client-jwt")
                .put("serviceAccountsEnabled", true)
                .put("standardFlowEnabled", false)
                .put("implicitFlowEnabled", false)
                .put("directAccessGrantsEnabled", false)
                .put("fullScopeAllowed", false);
        ObjectNode attributes = attributes(client)
                .put(KIND, wanted.kind().word())
                .put(ORGANIZATION, wanted.organization())
                .put("access.token.lifespan", "300")
                .put("client_credentials.use_refresh_token", "false")
                .put("token.endpoint.auth.signing.max.exp", "300");
        wanted.keys().attributes().forEach(attributes::put);
        client.putArray("protocolMappers")
                .add(claim("careloop_role", wanted.kind().role()))
                .add(claim("careloop_organization", wanted.organization()));
        client.putArray("defaultClientScopes").add("careloop");
        wanted.scopes().forEach(client.putArray("optionalClientScopes")::add);
        return client;
    }

    private static ObjectNode attributes(ObjectNode client) {
        return client.withObject("/attributes");
    }

    private static ObjectNode claim(String name, String value) {
        ObjectNode mapper = JSON.objectNode()
                .put("name", name)
                .put("protocol", "openid-connect")
                .put("protocolMapper", "oidc-hardcoded-claim-mapper");
        mapper.putObject("config")
                .put("access.token.claim", "true")
                .put("introspection.token.claim", "true")
                .put("id.token.claim", "false")
                .put("claim.name", name)
                .put("claim.value", value)
                .put("jsonType.label", "String");
        return mapper;
    }
}
