package org.careloop.gateway.app;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;

/** The answer to a {@link WholeRequest}; a body is FHIR JSON. */
public record WholeAnswer(int status, MultiMap headers, Buffer body) {

    /** Returns the answer whose body is {@code body}. */
    public static WholeAnswer ok(Buffer body) {
        return json(200, body);
    }

    /** Returns the answer that tells {@code failure}. */
    public static WholeAnswer of(Throwable failure) {
        return switch (failure) {
            case ServiceCalls.Refused refused ->
                json(refused.answer().status(), refused.answer().body());
            case FhirProblem problem -> json(problem.code().status(), Buffer.buffer(Outcomes.json(problem)));
            default -> of(new FhirProblem(ProblemCode.INTERNAL, "internal fault"));
        };
    }

    private static WholeAnswer json(int status, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (body.length() > 0) {
            headers.set(HttpHeaders.CONTENT_TYPE, FhirJson.MEDIA_TYPE + ";charset=UTF-8");
        }
        return new WholeAnswer(status, headers, body);
    }
}
