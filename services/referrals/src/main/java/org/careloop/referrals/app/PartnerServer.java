package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * The FHIR server of one agency, as far as referrals need it. Every call fails with {@link Refused} when the server says no to what was
 * asked, and with {@link Unusable} when it does not answer, not in time, or with what cannot be read.
 */
class PartnerServer {

    /** The server does not take this Task. */
    static final class Refused extends RuntimeException {
        Refused(int status) {
            super("status " + status);
        }
    }

    /** The server is of no use now. */
    static final class Unusable extends RuntimeException {
        Unusable(String what) {
            super(what);
        }
    }

    /** A call that is not sent yet. */
    interface Calls {
        HttpRequest<Buffer> request(HttpMethod method, String url);
    }

    private final String base;
    private final Calls calls;
    private final Supplier<Uni<Optional<String>>> token;
    private final Duration timeout;
    private final int maxAnswer;

    /**
     * @param base its address, without a slash at its end
     * @param token the access token for it, empty where it wants none
     * @param maxAnswer longest answer that is read, in bytes
     */
    PartnerServer(String base, Calls calls, Supplier<Uni<Optional<String>>> token, Duration timeout, int maxAnswer) {
        this.base = base;
        this.calls = calls;
        this.token = token;
        this.timeout = timeout;
        this.maxAnswer = maxAnswer;
    }

    /** Its address, without a slash at its end. */
    String base() {
        return base;
    }

    /** Returns the Task that has {@code identifier}; fails with {@link Unusable} when several have. */
    Uni<Optional<Task>> find(Identifier identifier) {
        return search("identifier=" + encode(identifier.getSystem() + "|" + identifier.getValue()))
                .map(found -> {
                    if (found.size() > 1) {
                        throw new Unusable("several copies");
                    }
                    return found.stream().findFirst();
                });
    }

    /** Returns those of the Tasks with {@code ids} that are there. */
    Uni<List<Task>> read(List<String> ids) {
        return search("_count=" + ids.size() + "&_id=" + encode(String.join(",", ids)));
    }

    /** Stores {@code task}, which has no id, unless one with its {@code identifier} is there already; returns the id. */
    Uni<String> create(Task task, Identifier identifier) {
        return send(
                        HttpMethod.POST,
                        "/Task",
                        task,
                        FhirHeaders.IF_NONE_EXIST,
                        "identifier=" + encode(identifier.getSystem() + "|" + identifier.getValue()))
                .map(answer -> id(parsed(Task.class, answer)));
    }

    /** Replaces the Task by {@code task}, if it is still of the version that {@code task} says. */
    Uni<Void> update(Task task) {
        String version = task.getMeta().getVersionId();
        return send(
                        HttpMethod.PUT,
                        "/Task/" + id(task),
                        task,
                        FhirHeaders.IF_MATCH,
                        version == null ? null : "W/\"" + version + "\"")
                .replaceWithVoid();
    }

    private Uni<List<Task>> search(String query) {
        return send(HttpMethod.GET, "/Task?" + query, null, null, null)
                .map(answer -> parsed(Bundle.class, answer).getEntry().stream()
                        .map(Bundle.BundleEntryComponent::getResource)
                        .filter(Task.class::isInstance)
                        .map(Task.class::cast)
                        .filter(Task::hasIdElement)
                        .toList());
    }

    private Uni<Buffer> send(
            HttpMethod method, String path, @Nullable Resource body, @Nullable String header, @Nullable String value) {
        return token.get()
                .chain(bearer -> {
                    HttpRequest<Buffer> request = calls.request(method, base + path)
                            .timeout(timeout.toMillis())
                            .putHeader("Accept", FhirJson.MEDIA_TYPE)
                            .putHeader("Prefer", "return=representation");
                    bearer.ifPresent(request::bearerTokenAuthentication);
                    if (header != null && value != null) {
                        request.putHeader(header, value);
                    }
                    return body == null
                            ? request.send()
                            : request.putHeader("Content-Type", FhirJson.MEDIA_TYPE)
                                    .sendBuffer(Buffer.buffer(FhirJson.write(body)));
                })
                .onFailure()
                .transform(failure -> new Unusable(failure.getClass().getSimpleName()))
                .map(this::answer);
    }

    /** What is a matter of time, load or keys passes; the rest is about what was asked. */
    private Buffer answer(HttpResponse<Buffer> response) {
        int status = response.statusCode();
        if (status >= 500 || status == 401 || status == 403 || status == 408 || status == 429 || status / 100 == 3) {
            throw new Unusable("status " + status);
        }
        if (status >= 400) {
            throw new Refused(status);
        }
        Buffer body = response.body() == null ? Buffer.buffer() : response.body();
        if (body.length() > maxAnswer) {
            throw new Unusable("answer too long");
        }
        return body;
    }

    private static <T extends Resource> T parsed(Class<T> type, Buffer body) {
        try {
            return FhirJson.parse(type, body.getBytes());
        } catch (RuntimeException e) {
            throw new Unusable("no " + type.getSimpleName());
        }
    }

    private static String id(Task task) {
        if (!task.hasIdElement() || !task.getIdElement().hasIdPart()) {
            throw new Unusable("Task without id");
        }
        return task.getIdElement().getIdPart();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
