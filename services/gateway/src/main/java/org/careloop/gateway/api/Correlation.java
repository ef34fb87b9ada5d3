package org.careloop.gateway.api;

import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirHeaders;

/**
 * Names each request: the client's own correlation id or a new one, in the answer too, and a W3C trace context, which
 * services and events carry on.
 */
final class Correlation {

    private static final String TRACE_PARENT = "traceparent";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TRACE = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private Correlation() {}

    static void handle(RoutingContext context) {
        String trace = context.request().getHeader(TRACE_PARENT);
        if (trace == null || !TRACE.matcher(trace).matches()) {
            trace = "00-" + random(TRACE_BYTES) + "-" + random(SPAN_BYTES) + "-01";
            context.request().headers().set(TRACE_PARENT, trace);
        }
        String id = context.request().getHeader(FhirHeaders.CORRELATION_ID);
        if (id == null || !ID.matcher(id).matches()) {
            id = trace.substring(3, 3 + 2 * TRACE_BYTES);
            context.request().headers().set(FhirHeaders.CORRELATION_ID, id);
        }
        context.response().putHeader(FhirHeaders.CORRELATION_ID, id);
        context.request()
                .headers()
                .set(
                        FhirHeaders.CLIENT_ADDRESS,
                        context.request().remoteAddress().hostAddress());
        context.next();
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
