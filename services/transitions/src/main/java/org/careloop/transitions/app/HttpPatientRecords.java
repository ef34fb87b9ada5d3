package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.FederationConfig;
import org.careloop.fhirrest.OwnToken;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.transitions.TransitionsConfig;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;

/** The other services over FHIR REST. */
@Singleton
public class HttpPatientRecords implements PatientRecords {

    private static final String PAGE = "200";

    private final TransitionsConfig.Document config;
    private final FederationConfig services;
    private final WebClient client;
    private final OwnToken token;

    HttpPatientRecords(
            TransitionsConfig config, FederationConfig services, Vertx vertx, PlatformHttp http, OwnToken token) {
        this.config = config.document();
        this.services = services;
        this.token = token;
        this.client = WebClient.create(vertx, http.secured(new WebClientOptions().setKeepAlive(true)));
    }

    @Override
    public Uni<List<Resource>> find(String service, String type, Map<String, String> query) {
        String criteria = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return page(service, type, criteria + "&_count=" + PAGE, new ArrayList<>());
    }

    private Uni<List<Resource>> page(String service, String type, String query, List<Resource> found) {
        return get(service, "/fhir/" + type + "?" + query).chain(page -> {
            page.getEntry().stream()
                    .map(Bundle.BundleEntryComponent::getResource)
                    .filter(resource -> resource != null && resource.fhirType().equals(type))
                    .forEach(found::add);
            if (found.size() > config.mostRead()) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        type + ": more of one patient than a document is made from (expected: at most "
                                + config.mostRead() + ")");
            }
            return next(page)
                    .map(next -> page(service, type, next, found))
                    .orElseGet(() -> Uni.createFrom().item(List.copyOf(found)));
        });
    }

    /** The address of links is that which clients use; here, the same service answers. */
    private static Optional<String> next(Bundle page) {
        return Optional.ofNullable(page.getLink("next"))
                .map(link -> URI.create(link.getUrl()).getRawQuery());
    }

    private Uni<Bundle> get(String service, String path) {
        return token.bearer()
                .chain(bearer -> request(service, path, bearer).send())
                .onFailure(failure -> !(failure instanceof FhirProblem))
                .transform(failure -> unavailable(service))
                .chain(response -> {
                    requireSuccess(service, response);
                    byte[] body = response.body().getBytes();
                    return HeavyWork.run(body.length, () -> FhirJson.parse(Bundle.class, body));
                });
    }

    private HttpRequest<Buffer> request(String service, String path, String bearer) {
        HttpRequest<Buffer> request = client.requestAbs(
                        HttpMethod.GET, services.services().get(service) + path)
                .timeout(config.timeout().toMillis())
                .bearerTokenAuthentication(bearer);
        RequestTrace.current().ifPresent(trace -> request.putHeader(CloudEventHeaders.TRACE_PARENT, trace));
        AuditedRequest.current().ifPresent(audited -> {
            audited.correlation().ifPresent(id -> request.putHeader(FhirHeaders.CORRELATION_ID, id));
            audited.onBehalf().ifPresent(whom -> request.putHeader(FhirHeaders.ON_BEHALF_OF, whom));
        });
        return request;
    }

    /** A refusal of the token may be a matter of keys that rotate, so it passes; a refusal of the question does not. */
    private void requireSuccess(String service, HttpResponse<Buffer> response) {
        int status = response.statusCode();
        if (status == ProblemCode.UNAUTHENTICATED.status()) {
            token.renew();
        }
        if (status >= 500
                || status == 429
                || status == ProblemCode.UNAUTHENTICATED.status()
                || status == ProblemCode.FORBIDDEN.status()) {
            throw unavailable(service);
        }
        if (status != 200) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    service + " service: refused with status " + status + " (expected: 200)");
        }
    }

    private static FhirProblem unavailable(String service) {
        return new FhirProblem(ProblemCode.UNAVAILABLE, service + " service: cannot be reached now (expected: retry)");
    }
}
