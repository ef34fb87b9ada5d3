package org.careloop.gateway.app;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.gateway.GatewayConfig;
import org.careloop.platformhttp.PlatformHttp;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestSecurityComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.UriType;

/** One capability statement out of those of all services. */
@Singleton
public class CapabilityOfAll {

    private static final String COMPARTMENTS = "http://hl7.org/fhir/CompartmentDefinition/";
    private static final String EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
    private static final String PROCESS_MESSAGE =
            "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message";
    private static final String DISCLOSURES = "https://careloop.org/fhir/OperationDefinition/Patient-disclosures";
    private static final String SECURITY_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service";
    private static final String OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
    private static final Map<String, String> OAUTH_ENDPOINTS = Map.of(
            "authorize", "authorization_endpoint",
            "token", "token_endpoint",
            "introspect", "introspection_endpoint",
            "revoke", "revocation_endpoint");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient client;
    private final Origins origins;
    private final AuthorizationServer authorization;
    private final boolean crossOrigin;
    private final Uni<Buffer> statement;

    CapabilityOfAll(PlatformHttp http, Origins origins, AuthorizationServer authorization, GatewayConfig config) {
        this.client = http.client();
        this.origins = origins;
        this.authorization = authorization;
        this.crossOrigin = config.corsOrigins().isPresent();
        this.statement = fetchAll().memoize().atLeast(config.capabilityAge());
    }

    /** Returns the statement as FHIR JSON; fails with {@link ProblemCode#UNAVAILABLE} when a service does not answer. */
    public Uni<Buffer> handle() {
        return statement;
    }

    private Uni<Buffer> fetchAll() {
        return Multi.createFrom()
                .iterable(origins.services())
                .onItem()
                .transformToUniAndMerge(this::fetch)
                .collect()
                .asList()
                .chain(statements -> authorization
                        .smartConfiguration()
                        // What FHIR offers is worth telling while nobody can get a token.
                        .onFailure()
                        .recoverWithItem(new JsonObject())
                        .map(smart -> merge(statements, smart)))
                .onFailure()
                .transform(e -> new FhirProblem(
                        ProblemCode.UNAVAILABLE, "metadata: a service cannot be reached now (expected: retry)"));
    }

    private Uni<CapabilityStatement> fetch(String service) {
        RequestOptions options = origins.requestTo(service)
                .setMethod(HttpMethod.GET)
                .setTimeout(PATIENCE.toMillis())
                .setURI("/fhir/metadata");
        return UniHelper.toUni(client.request(options)
                        .compose(request -> request.send())
                        .compose(response -> response.body()))
                .map(body -> FhirJson.parse(CapabilityStatement.class, body.getBytes()));
    }

    /** What a service cannot tell: it knows only its own types. */
    private static Stream<String> referringTo(String target, Set<String> types) {
        return types.stream()
                .flatMap(type -> SearchParameters.of(type).values().stream())
                .filter(parameter -> parameter.kind() == SearchParameter.Kind.REFERENCE
                        && (parameter.targets().isEmpty() || parameter.targets().contains(target)))
                .map(parameter -> parameter.type() + ":" + parameter.name());
    }

    /** As {@link FindHolder#requireNoCriteria} refuses it. */
    private static void withoutCriteria(CapabilityStatementRestResourceComponent resource) {
        resource.setConditionalCreate(false)
                .setConditionalUpdate(false)
                .setConditionalDelete(ConditionalDeleteStatus.NOTSUPPORTED);
    }

    private CapabilityStatementRestSecurityComponent security(JsonObject smart) {
        CapabilityStatementRestSecurityComponent security = new CapabilityStatementRestSecurityComponent()
                .setCors(crossOrigin)
                .addService(new CodeableConcept(new Coding(SECURITY_SERVICES, "SMART-on-FHIR", "SMART-on-FHIR")));
        Extension uris = security.addExtension().setUrl(OAUTH_URIS);
        OAUTH_ENDPOINTS.forEach((name, endpoint) -> Optional.ofNullable(smart.getString(endpoint))
                .ifPresent(url -> uris.addExtension(name, new UriType(url))));
        return security;
    }

    private Buffer merge(List<CapabilityStatement> statements, JsonObject smart) {
        CapabilityStatement merged = statements.getFirst().copy();
        // A type that several services hold is one to clients.
        Map<String, CapabilityStatementRestResourceComponent> resources = new TreeMap<>();
        statements.stream()
                .flatMap(statement -> statement.getRestFirstRep().getResource().stream())
                .forEach(resource -> resources.putIfAbsent(resource.getType(), resource));
        // Services neither speak XML nor run batches, nor know of each other; the gateway does.
        merged.addFormat("xml");
        CapabilityStatementRestComponent rest = merged.getRestFirstRep();
        rest.setSecurity(security(smart));
        rest.addInteraction().setCode(SystemRestfulInteraction.BATCH);
        rest.addInteraction().setCode(SystemRestfulInteraction.SEARCHSYSTEM);
        new TreeSet<>(Compartments.NAMES)
                .forEach(name -> rest.addCompartment(COMPARTMENTS + name.toLowerCase(Locale.ROOT)));
        resources.values().forEach(resource -> {
            // The trail is searched by itself.
            if (!resource.getType().equals(AccessPolicy.AUDIT_EVENT)) {
                resource.addSearchInclude("*");
                referringTo(resource.getType(), origins.types()).forEach(resource::addSearchRevInclude);
            }
            if (origins.holdersOf(resource.getType()).size() > 1) {
                withoutCriteria(resource);
            }
        });
        Optional.ofNullable(resources.get("Patient")).ifPresent(patient -> {
            patient.addOperation().setName("everything").setDefinition(EVERYTHING);
            rest.addOperation().setName("process-message").setDefinition(PROCESS_MESSAGE);
            patient.addOperation().setName("disclosures").setDefinition(DISCLOSURES);
        });
        rest.setResource(new ArrayList<>(resources.values()));
        return Buffer.buffer(FhirJson.write(merged));
    }
}
