package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.platformhttp.PlatformHttp;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What clients must know of the authorization server, in the words of SMART: taken from what it says of itself, so nothing is
 * promised that it does not offer.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/conformance.html">SMART App Launch 2.2, conformance</a>
 */
@Singleton
public class AuthorizationServer {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final List<String> ADDRESSES = List.of(
            "issuer",
            "jwks_uri",
            "authorization_endpoint",
            "token_endpoint",
            "introspection_endpoint",
            "revocation_endpoint");

    /** Of what the server offers, what a client of this platform may use: no implicit flow, no password of a person. */
    private static final List<String> GRANTS = List.of("authorization_code", "client_credentials", "refresh_token");

    private static final List<String> AUTHENTICATION =
            List.of("private_key_jwt", "client_secret_basic", "client_secret_post");
    private static final List<String> SIGNATURES = List.of("RS384", "ES384");

    /** What end-to-end tests show on the real server; banners, styles and logins by POST are not among it. */
    private static final List<String> CAPABILITIES = List.of(
            "launch-standalone",
            "launch-ehr",
            "client-public",
            "client-confidential-symmetric",
            "client-confidential-asymmetric",
            "sso-openid-connect",
            "context-standalone-patient",
            "context-ehr-patient",
            "context-ehr-encounter",
            "permission-offline",
            "permission-online",
            "permission-patient",
            "permission-user",
            "permission-v1",
            "permission-v2");

    private final HttpClient client;
    private final String discovery;
    private final Uni<JsonObject> known;

    AuthorizationServer(
            PlatformHttp http, GatewayConfig config, @ConfigProperty(name = "careloop.oidc.url") String server) {
        this.client = http.client();
        this.discovery = server + "/.well-known/openid-configuration";
        this.known = Uni.createFrom().deferred(this::discover).memoize().atLeast(config.capabilityAge());
    }

    /** Returns the SMART configuration; fails with {@link ProblemCode#UNAVAILABLE} when the server does not answer. */
    public Uni<JsonObject> smartConfiguration() {
        return known.map(AuthorizationServer::smart)
                .onFailure()
                .transform(e -> new FhirProblem(
                        ProblemCode.UNAVAILABLE, "authorization server: cannot be reached now (expected: retry)"));
    }

    private Uni<JsonObject> discover() {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(discovery)
                .setTimeout(PATIENCE.toMillis());
        return UniHelper.toUni(client.request(options)
                        .compose(request -> request.send())
                        .compose(response -> response.body()))
                .map(body -> body.toJsonObject());
    }

    static JsonObject smart(JsonObject offered) {
        JsonObject smart = new JsonObject();
        ADDRESSES.forEach(name -> Optional.ofNullable(offered.getString(name)).ifPresent(url -> smart.put(name, url)));
        return smart.put("grant_types_supported", among(GRANTS, offered, "grant_types_supported"))
                .put("response_types_supported", among(List.of("code"), offered, "response_types_supported"))
                // SMART forbids "plain", whatever else the server takes.
                .put(
                        "code_challenge_methods_supported",
                        among(List.of("S256"), offered, "code_challenge_methods_supported"))
                .put(
                        "token_endpoint_auth_methods_supported",
                        among(AUTHENTICATION, offered, "token_endpoint_auth_methods_supported"))
                .put(
                        "token_endpoint_auth_signing_alg_values_supported",
                        among(SIGNATURES, offered, "token_endpoint_auth_signing_alg_values_supported"))
                .put("scopes_supported", new JsonArray(scopes(offered).toList()))
                .put("capabilities", new JsonArray(CAPABILITIES));
    }

    private static Stream<String> scopes(JsonObject offered) {
        return strings(offered, "scopes_supported")
                .filter(scope -> scope.matches(
                        "openid|fhirUser|launch(/.+)?|offline_access|online_access|(patient|user|system)/.+"));
    }

    private static JsonArray among(List<String> wanted, JsonObject offered, String name) {
        List<String> all = strings(offered, name).toList();
        return new JsonArray(wanted.stream().filter(all::contains).toList());
    }

    private static Stream<String> strings(JsonObject offered, String name) {
        return offered.getJsonArray(name, new JsonArray()).stream().map(Object::toString);
    }
}
