package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.platformhttp.PlatformHttp;

/** Asks the other services in this one's own name. */
@Singleton
public class OtherServices {

    private final FederationConfig config;
    private final String own;
    private final OwnToken token;
    private final HttpClient client;

    OtherServices(FederationConfig config, EventFlowConfig events, OwnToken token, PlatformHttp http) {
        this.config = config;
        this.own = events.service();
        this.token = token;
        this.client = http.client();
    }

    /** Their names. */
    Set<String> names() {
        return config.services().keySet().stream()
                .filter(name -> !name.equals(own))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns what {@code service} answers to a GET of {@code path}; fails with {@link ProblemCode#UNAVAILABLE}. */
    Uni<Buffer> get(String service, String path) {
        return ask(service, HttpMethod.GET, path, Buffer.buffer());
    }

    /** Returns what {@code service} answers to a POST of {@code body}; fails with {@link ProblemCode#UNAVAILABLE}. */
    Uni<Buffer> post(String service, String path, Buffer body) {
        return ask(service, HttpMethod.POST, path, body);
    }

    private Uni<Buffer> ask(String service, HttpMethod method, String path, Buffer body) {
        return token.bearer()
                .chain(bearer -> Uni.createFrom()
                        .completionStage(() -> client.request(new RequestOptions()
                                        .setMethod(method)
                                        .setAbsoluteURI(config.services().get(service) + path)
                                        .setTimeout(config.patience().toMillis())
                                        .putHeader("Content-Type", "application/json")
                                        .putHeader("Authorization", "Bearer " + bearer))
                                .compose(request -> request.send(body))
                                .compose(response -> response.body().map(answer -> {
                                    if (response.statusCode() != 200) {
                                        token.renew();
                                        throw unavailable(service);
                                    }
                                    return answer;
                                }))
                                .toCompletionStage())
                        .onFailure(failure -> !(failure instanceof FhirProblem))
                        .transform(failure -> unavailable(service)));
    }

    private static FhirProblem unavailable(String service) {
        return new FhirProblem(ProblemCode.UNAVAILABLE, service + ": does not answer now (expected: retry)");
    }
}
