package org.careloop.gateway.app;

import static org.careloop.gateway.GatewayLog.LOG;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.calleraccess.RefusalReport.Claims;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.platformhttp.PlatformHttp;
import org.jspecify.annotations.Nullable;

/** Asks services in the name of the caller, where the gateway answers out of several. */
@Singleton
public class ServiceCalls {

    /** What of a client's request is true of all that is asked for it. */
    static final List<String> CARRIED = List.of(
            "Authorization",
            "traceparent",
            FhirHeaders.CORRELATION_ID,
            FhirHeaders.CLIENT_ADDRESS,
            PlatformSignature.HEADER,
            FhirHeaders.PREFER,
            FhirHeaders.REFERENCES);

    /** Besides, what speaks of the request itself. */
    private static final List<String> OF_THE_REQUEST = List.of(
            "Content-Type", FhirHeaders.IF_MATCH, FhirHeaders.IF_NONE_EXIST, "If-None-Match", "If-Modified-Since");

    /** With the scheme before it. */
    private static final int JWT_PARTS = 4;

    /** What a service answered. */
    public record Answer(int status, Buffer body) {}

    /** A service refused, and its refusal is the answer to the client. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Answer answer;

        Refused(Answer answer) {
            super("a service refused with status " + answer.status(), null, false, false);
            this.answer = answer;
        }

        /** The refusal, an OperationOutcome. */
        public Answer answer() {
            return answer;
        }
    }

    private final HttpClient client;
    private final Origins origins;
    private final GatewayConfig config;

    ServiceCalls(PlatformHttp http, Origins origins, GatewayConfig config) {
        this.client =
                http.client(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(config.connectionsPerService()));
        this.origins = origins;
        this.config = config;
    }

    /**
     * Returns the body of a service's answer. Fails with {@link Refused} for every status from 400 on, with {@link
     * ProblemCode#UNAVAILABLE} when the service cannot be reached.
     *
     * @param caller the headers of the client's request: its token and correlation are carried on
     */
    public Uni<Buffer> ask(String service, HttpMethod method, String path, Optional<Buffer> body, MultiMap caller) {
        return send(service, method, path, body, caller).map(ServiceCalls::accepted);
    }

    private static Buffer accepted(Answer answer) {
        if (answer.status() >= 400) {
            throw new Refused(answer);
        }
        return answer.body();
    }

    /** As {@link #ask}, whatever the status. */
    public Uni<Answer> send(String service, HttpMethod method, String path, Optional<Buffer> body, MultiMap caller) {
        RequestOptions options = origins.requestTo(service)
                .setMethod(method)
                .setTimeout(config.timeout().toMillis())
                .setURI(path);
        carry(CARRIED, caller, options);
        return Uni.createFrom()
                .completionStage(() -> client.request(options)
                        .compose(request -> body.isPresent() ? request.send(body.get()) : request.send())
                        .compose(response ->
                                response.body().map(received -> new Answer(response.statusCode(), received)))
                        .toCompletionStage())
                .onFailure()
                .transform(failure -> noAnswer(service, method, failure));
    }

    /** Sends {@code request} as it is to {@code service}; fails with {@link ProblemCode#UNAVAILABLE}. */
    public Uni<WholeAnswer> whole(String service, WholeRequest request) {
        RequestOptions options = origins.requestTo(service)
                .setMethod(request.method())
                .setTimeout(config.timeout().toMillis())
                .setURI("/fhir/" + request.target());
        carry(CARRIED, request.headers(), options);
        carry(OF_THE_REQUEST, request.headers(), options);
        return Uni.createFrom()
                .completionStage(() -> client.request(options)
                        .compose(sent -> request.body().isPresent()
                                ? sent.send(request.body().get())
                                : sent.send())
                        .compose(response -> response.body()
                                .map(received -> new WholeAnswer(response.statusCode(), response.headers(), received)))
                        .toCompletionStage())
                .onFailure()
                .transform(failure -> noAnswer(service, request.method(), failure));
    }

    private static FhirProblem noAnswer(String service, HttpMethod method, Throwable failure) {
        LOG.noAnswer(service, method.name(), failure.getClass().getName());
        return new FhirProblem(ProblemCode.UNAVAILABLE, "service: cannot be reached now (expected: retry)");
    }

    /** The access token in the headers of a client's request, which the door has verified; with its scheme. */
    static String token(MultiMap caller) {
        return Optional.ofNullable(caller.get("Authorization")).orElse("");
    }

    /** Whom that token names; nobody where the request came without one. */
    static @Nullable Claims claims(MultiMap caller) {
        String[] parts = token(caller).split("[ .]");
        if (parts.length != JWT_PARTS) {
            return null;
        }
        JsonObject claims = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[2])));
        return new Claims(
                claims.getString("azp"),
                claims.getString("sub"),
                claims.getString("careloop_role"),
                claims.getString("careloop_organization"));
    }

    private static void carry(List<String> names, MultiMap from, RequestOptions to) {
        names.forEach(name -> {
            String value = from.get(name);
            if (value != null) {
                to.putHeader(name, value);
            }
        });
    }
}
