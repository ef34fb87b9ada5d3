package org.careloop.gateway.app;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * A FHIR request that the gateway holds as a whole: an entry of a batch, or one that is converted at the door.
 *
 * @param target what follows the base URL: path and query, without a slash at the start
 * @param headers those of the request; the caller's token is among them
 */
public record WholeRequest(HttpMethod method, String target, MultiMap headers, Optional<Buffer> body) {

    /** The path without the query. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The query without its question mark; empty when there is none. */
    String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }
}
