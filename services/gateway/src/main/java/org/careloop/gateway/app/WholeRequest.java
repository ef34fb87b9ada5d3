package org.careloop.gateway.app;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirsearch.QueryParameter;

/**
 * A FHIR request that the gateway holds as a whole: an entry of a batch, or one that is converted at the door.
 *
 * @param target what follows the base URL: path and query, without a slash at the start
 * @param headers those of the request; the caller's token is among them
 */
public record WholeRequest(HttpMethod method, String target, MultiMap headers, Optional<Buffer> body) {

    /** The parameters of the query, and of the form of a {@code _search}. */
    List<QueryParameter> parameters() {
        List<QueryParameter> parameters = new ArrayList<>(QueryParameter.parse(query()));
        if (path().endsWith("_search")) {
            body.ifPresent(form -> parameters.addAll(QueryParameter.parse(form.toString(StandardCharsets.UTF_8))));
        }
        return parameters;
    }

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
