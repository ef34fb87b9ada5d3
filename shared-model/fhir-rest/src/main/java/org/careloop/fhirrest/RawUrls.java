package org.careloop.fhirrest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.EscapedUri;

/** Takes URLs as the gateway does: FHIR's own {@code |} may come raw, and the {@code $} of an operation encoded. */
@Singleton
public class RawUrls {

    private static final int BEFORE_ALL_OTHERS = 10_000;

    RawUrls() {}

    void filters(@Observes Filters filters) {
        filters.register(RawUrls::escape, BEFORE_ALL_OTHERS);
    }

    private static void escape(RoutingContext context) {
        String uri = context.request().uri();
        String escaped = EscapedUri.of(uri);
        if (escaped.equals(uri)) {
            context.next();
        } else {
            context.reroute(escaped);
        }
    }
}
