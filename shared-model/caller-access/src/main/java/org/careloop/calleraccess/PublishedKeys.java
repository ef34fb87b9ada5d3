package org.careloop.calleraccess;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * The keys that the authorization server publishes, where its own description says.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect Discovery</a>
 */
final class PublishedKeys implements RealmKeys.Source {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final Vertx vertx;
    private final HttpClient client;
    private final String description;

    PublishedKeys(Vertx vertx, HttpClient client, String realm) {
        this.vertx = vertx;
        this.client = client;
        this.description = realm + "/.well-known/openid-configuration";
    }

    /** On one context from end to end: what comes must not pass before somebody listens. */
    @Override
    public Uni<RealmKeys> ask() {
        Promise<RealmKeys> answer = Promise.promise();
        vertx.getOrCreateContext().runOnContext(ignored -> read().onComplete(answer));
        return UniHelper.toUni(answer.future()).ifNoItem().after(PATIENCE).fail();
    }

    private Future<RealmKeys> read() {
        return get(description)
                .compose(described -> get(described.getString("jwks_uri"))
                        .map(set -> new RealmKeys(described.getString("issuer"), keys(set))));
    }

    private Future<JsonObject> get(String url) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .setTimeout(PATIENCE.toMillis());
        return client.request(options)
                .compose(request -> request.send())
                .compose(response -> response.statusCode() == OK
                        ? response.body()
                        : Future.failedFuture("status " + response.statusCode()))
                .map(body -> body.toJsonObject());
    }

    /** Keys for encryption, secret ones, and what has no id can sign nothing that we trust. */
    private static Map<String, PublicJsonWebKey> keys(JsonObject set) {
        Map<String, PublicJsonWebKey> keys = new HashMap<>();
        try {
            for (JsonWebKey key : new JsonWebKeySet(set.encode()).getJsonWebKeys()) {
                boolean signs = key.getUse() == null || key.getUse().equals(Use.SIGNATURE);
                if (signs && key.getKeyId() != null && key instanceof PublicJsonWebKey published) {
                    keys.put(key.getKeyId(), published);
                }
            }
            return Map.copyOf(keys);
        } catch (JoseException e) {
            throw new IllegalArgumentException("no key set", e);
        }
    }
}
