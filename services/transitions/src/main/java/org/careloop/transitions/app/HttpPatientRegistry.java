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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OwnToken;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Identifier.IdentifierUse;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** The patients service over FHIR REST, in this service's own name. */
@Singleton
public class HttpPatientRegistry implements PatientRegistry {

    private static final int ATTEMPTS = 3;
    private static final String DOUBTFUL = "possible";
    private static final String BY_IDENTIFIER = "identifier";
    private static final String NONE = "0";

    private final TransitionsConfig config;
    private final WebClient client;
    private final OwnToken token;

    HttpPatientRegistry(TransitionsConfig config, Vertx vertx, PlatformHttp http, OwnToken token) {
        this.config = config;
        this.token = token;
        this.client = WebClient.create(vertx, http.secured(new WebClientOptions().setKeepAlive(true)));
    }

    @Override
    public Uni<FhirId> identify(Patient told, UnaryOperator<Patient> merge) {
        Parameters parameters = new Parameters();
        parameters.addParameter().setName("resource").setResource(told);
        return request(HttpMethod.POST, config.patientsUrl() + "/identity/identify")
                .chain(request -> send(request, Optional.of(parameters)))
                .map(response ->
                        FhirJson.parse(Parameters.class, response.body().getBytes()))
                .chain(answer -> change(answer, merge))
                .onFailure(HttpPatientRegistry::changedMeanwhile)
                .retry()
                .atMost(ATTEMPTS);
    }

    /** One whose number may have been given twice is not changed by what may be said of another. */
    private Uni<FhirId> change(Parameters identified, UnaryOperator<Patient> merge) {
        Patient found = (Patient) identified.getParameter("patient").getResource();
        boolean doubtful = DOUBTFUL.equals(text(identified, "grade"));
        if (doubtful) {
            return change(found, found);
        }
        Patient after = merge.apply(found.copy());
        if (isOneOfSeveral(identified)) {
            // Whose each number is, a person decides.
            after.setIdentifier(found.copy().getIdentifier());
        }
        return change(found, after);
    }

    private static boolean isOneOfSeveral(Parameters identified) {
        return BY_IDENTIFIER.equals(text(identified, "by")) && !NONE.equals(text(identified, "reviews"));
    }

    private static String text(Parameters parameters, String name) {
        return parameters.hasParameter(name)
                ? parameters.getParameter(name).getValue().primitiveValue()
                : "";
    }

    @Override
    public Uni<Void> merge(Identifier gone, FhirId survivor) {
        return find(gone)
                .chain(found -> found.isEmpty()
                        ? addNumber(gone, survivor)
                        : idOf(found.get()).equals(survivor)
                                ? Uni.createFrom().voidItem()
                                : merge(idOf(found.get()), survivor))
                .onFailure(HttpPatientRegistry::changedMeanwhile)
                .retry()
                .atMost(ATTEMPTS);
    }

    private Uni<Void> merge(FhirId gone, FhirId survivor) {
        Parameters parameters = new Parameters();
        parameters.addParameter().setName("source-patient").setValue(new Reference("Patient/" + gone));
        parameters.addParameter().setName("target-patient").setValue(new Reference("Patient/" + survivor));
        return fhir(HttpMethod.POST, "/Patient/$merge")
                .chain(request -> send(request, Optional.of(parameters)))
                .replaceWithVoid();
    }

    private Uni<Void> addNumber(Identifier number, FhirId survivor) {
        return fhir(HttpMethod.GET, "/Patient/" + survivor)
                .chain(request -> send(request, Optional.empty()))
                .map(response -> FhirJson.parse(Patient.class, response.body().getBytes()))
                .chain(before -> {
                    Patient after = before.copy();
                    after.addIdentifier(number.copy().setUse(IdentifierUse.OLD));
                    return change(before, after);
                })
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> put(List<? extends Resource> resources, Details details) {
        return details == Details.REPLACE ? put(resources) : absent(resources).chain(this::put);
    }

    private Uni<List<Resource>> absent(List<? extends Resource> resources) {
        return InTurn.map(
                        resources,
                        resource -> fhir(
                                        HttpMethod.GET,
                                        "/" + resource.fhirType() + "/"
                                                + resource.getIdElement().getIdPart())
                                .chain(HttpRequest::send)
                                .onFailure()
                                .transform(e -> unavailable())
                                .map(response ->
                                        isAbsent(response) ? List.<Resource>of(resource) : List.<Resource>of()))
                .map(each -> each.stream().flatMap(List::stream).toList());
    }

    private boolean isAbsent(HttpResponse<Buffer> response) {
        if (response.statusCode() == ProblemCode.RESOURCE_NOT_FOUND.status()) {
            return true;
        }
        if (response.statusCode() != ProblemCode.RESOURCE_GONE.status()) {
            requireSuccess(response);
        }
        return false;
    }

    private Uni<Void> put(List<? extends Resource> resources) {
        if (resources.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        // A message may say the same thing twice, a transaction may not: the last word counts.
        Map<String, Resource> places = new LinkedHashMap<>();
        resources.forEach(resource ->
                places.put(resource.fhirType() + "/" + resource.getIdElement().getIdPart(), resource));
        Bundle bundle = new Bundle().setType(BundleType.TRANSACTION);
        places.forEach((url, resource) -> bundle.addEntry()
                .setResource(resource)
                .getRequest()
                .setMethod(HTTPVerb.PUT)
                .setUrl(url));
        return fhir(HttpMethod.POST, "")
                .chain(request -> send(request, Optional.of(bundle)))
                .replaceWithVoid();
    }

    private Uni<Optional<Patient>> find(Identifier identifier) {
        return fhir(HttpMethod.GET, "/Patient?" + criteria(identifier))
                .chain(request -> send(request, Optional.empty()))
                .map(response -> {
                    Bundle bundle = FhirJson.parse(Bundle.class, response.body().getBytes());
                    if (bundle.getEntry().size() > 1) {
                        throw new FhirProblem(
                                ProblemCode.MULTIPLE_MATCHES,
                                "Patient.identifier: several patients have it (expected: one)");
                    }
                    return bundle.getEntry().stream().findFirst().map(entry -> (Patient) entry.getResource());
                });
    }

    private Uni<FhirId> change(Patient before, Patient after) {
        if (before.equalsDeep(after)) {
            return Uni.createFrom().item(idOf(before));
        }
        ETag version = new ETag(Long.parseLong(before.getMeta().getVersionId()));
        return fhir(HttpMethod.PUT, "/Patient/" + idOf(before))
                .chain(request -> send(request.putHeader(FhirHeaders.IF_MATCH, version.toString()), Optional.of(after)))
                .replaceWith(idOf(before));
    }

    private Uni<HttpRequest<Buffer>> fhir(HttpMethod method, String path) {
        return request(method, config.patientsUrl() + "/fhir" + path);
    }

    private Uni<HttpRequest<Buffer>> request(HttpMethod method, String url) {
        return token.bearer().map(bearer -> {
            HttpRequest<Buffer> request = client.requestAbs(method, url)
                    .timeout(config.patientsTimeout().toMillis())
                    .bearerTokenAuthentication(bearer);
            RequestTrace.current().ifPresent(trace -> request.putHeader(CloudEventHeaders.TRACE_PARENT, trace));
            AuditedRequest.current().ifPresent(audited -> {
                audited.correlation().ifPresent(id -> request.putHeader(FhirHeaders.CORRELATION_ID, id));
                audited.onBehalf().ifPresent(whom -> request.putHeader(FhirHeaders.ON_BEHALF_OF, whom));
            });
            return request;
        });
    }

    private Uni<HttpResponse<Buffer>> send(HttpRequest<Buffer> request, Optional<Resource> body) {
        Uni<HttpResponse<Buffer>> sent = body.isEmpty()
                ? request.send()
                : request.putHeader("Content-Type", FhirJson.MEDIA_TYPE)
                        .sendBuffer(Buffer.buffer(FhirJson.write(body.get())));
        return sent.onFailure().transform(e -> unavailable()).invoke(this::requireSuccess);
    }

    /** A refusal of the token may be a matter of keys that rotate, so it passes; a refusal of the content does not. */
    private void requireSuccess(HttpResponse<Buffer> response) {
        int status = response.statusCode();
        if (status == ProblemCode.UNAUTHENTICATED.status()) {
            token.renew();
            throw unavailable();
        }
        if (status >= 500 || status == 429 || status == ProblemCode.FORBIDDEN.status()) {
            throw unavailable();
        }
        if (status == ProblemCode.VERSION_CONFLICT.status()) {
            throw new FhirProblem(ProblemCode.VERSION_CONFLICT, "Patient: changed meanwhile (expected: retry)");
        }
        if (status >= 400) {
            throw new FhirProblem(ProblemCode.RULE_VIOLATED, "patients service: refused with status " + status);
        }
    }

    private static boolean changedMeanwhile(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code() == ProblemCode.VERSION_CONFLICT;
    }

    private static FhirProblem unavailable() {
        return new FhirProblem(ProblemCode.UNAVAILABLE, "patients service: cannot be reached now (expected: retry)");
    }

    private static String criteria(Identifier identifier) {
        return "identifier=" + encode(escape(identifier.getSystem())) + "%7C" + encode(escape(identifier.getValue()));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("$", "\\$");
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static FhirId idOf(Patient patient) {
        return new FhirId(patient.getIdElement().getIdPart());
    }
}
