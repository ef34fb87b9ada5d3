package org.careloop.fhirrest;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.fhirstore.RequestTrace;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Takes over the trace context of a request, or starts one, so that events carry it on. */
public class TraceFilter {

    private static final Pattern SYNTAX = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final CurrentVertxRequest http;

    TraceFilter(CurrentVertxRequest http) {
        this.http = http;
    }

    @ServerRequestFilter
    void trace(ContainerRequestContext request) {
        String given = request.getHeaderString(CloudEventHeaders.TRACE_PARENT);
        RequestTrace.set(given != null && SYNTAX.matcher(given).matches() ? given : newTrace());
        AuditFilter.begin(http.getCurrent().request());
    }

    private static String newTrace() {
        byte[] bytes = new byte[24];
        ThreadLocalRandom.current().nextBytes(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
    }
}
