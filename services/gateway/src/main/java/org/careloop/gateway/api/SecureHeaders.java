package org.careloop.gateway.api;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * Headers that keep browsers and caches from doing more with an answer than the client asked for.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html">OWASP REST security</a>
 */
final class SecureHeaders {

    private static final Map<String, String> ALWAYS = Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer");

    private SecureHeaders() {}

    /**
     * Sets the headers of every answer.
     *
     * @param encrypted whether clients reach the gateway by TLS; they are told to stay with it then
     */
    static Handler<RoutingContext> handler(boolean encrypted) {
        return context -> {
            MultiMap headers = context.response().headers();
            ALWAYS.forEach(headers::set);
            if (encrypted) {
                headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
            }
            context.next();
        };
    }
}
