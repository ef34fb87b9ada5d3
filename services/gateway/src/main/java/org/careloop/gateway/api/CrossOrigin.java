package org.careloop.gateway.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.gateway.GatewayConfig;

/**
 * Lets pages of the configured origins call the API from a browser; without any, browsers keep every page from it.
 *
 * @see <a href="https://hl7.org/fhir/R4/security.html#cors">FHIR R4 CORS</a>
 */
@Singleton
public class CrossOrigin {

    private static final int BEFORE_ALL_ROUTES = -900;
    private static final Set<String> SENT = Set.of(
            "Authorization",
            "Accept",
            "Content-Type",
            FhirHeaders.PREFER,
            FhirHeaders.REFERENCES,
            FhirHeaders.IF_MATCH,
            FhirHeaders.IF_NONE_EXIST,
            "If-None-Match",
            "If-Modified-Since",
            FhirHeaders.UNKNOWN_TYPES,
            FhirHeaders.CORRELATION_ID);
    private static final Set<String> SHOWN =
            Set.of("ETag", "Last-Modified", "Location", "Retry-After", FhirHeaders.CORRELATION_ID);
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final GatewayConfig config;

    CrossOrigin(GatewayConfig config) {
        this.config = config;
    }

    void routes(@Observes Router router) {
        Set<String> origins = config.corsOrigins().orElse(Set.of());
        if (origins.isEmpty()) {
            return;
        }
        CorsHandler cors = CorsHandler.create()
                .addOrigins(List.copyOf(origins))
                .allowedMethods(METHODS)
                .allowedHeaders(SENT)
                .exposedHeaders(SHOWN);
        router.routeWithRegex("/fhir(?:/.*)?").order(BEFORE_ALL_ROUTES).handler(context -> {
            String origin = context.request().getHeader("Origin");
            if (origin == null || origins.contains(origin)) {
                cors.handle(context);
            } else {
                // Its browser refuses by itself what names no origin; who is no browser may say what it likes.
                context.next();
            }
        });
    }
}
