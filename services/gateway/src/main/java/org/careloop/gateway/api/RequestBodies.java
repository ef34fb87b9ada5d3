package org.careloop.gateway.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** Reads whole bodies, where the gateway has to look into one; all others are streamed. */
final class RequestBodies {

    private RequestBodies() {}

    /** Returns the body of the paused request; fails with {@link ProblemCode#BODY_TOO_LARGE} above {@code most} bytes. */
    static Uni<Buffer> read(RoutingContext context, long most) {
        return Uni.createFrom().emitter(emitter -> {
            HttpServerRequest request = context.request();
            Buffer body = Buffer.buffer();
            if (request.isEnded()) {
                emitter.complete(body);
                return;
            }
            request.handler(bytes -> {
                body.appendBuffer(bytes);
                if (body.length() > most) {
                    request.handler(ignored -> {});
                    emitter.fail(tooLarge(most));
                }
            });
            request.endHandler(ended -> emitter.complete(body));
            request.exceptionHandler(emitter::fail);
            request.resume();
        });
    }

    static FhirProblem tooLarge(long most) {
        return new FhirProblem(ProblemCode.BODY_TOO_LARGE, "body: too large (expected: at most " + most + " bytes)");
    }
}
