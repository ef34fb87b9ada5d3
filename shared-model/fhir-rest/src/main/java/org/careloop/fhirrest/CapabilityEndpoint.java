package org.careloop.fhirrest;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.audit.AuditEventEndpoint;
import org.careloop.fhirrest.audit.AuditSearch;
import org.careloop.fhirrest.patch.Patch;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirvalidation.ConformancePackages;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/** What this service can do, made from what is registered. */
@Path("/fhir/metadata")
@PermitAll
public class CapabilityEndpoint {

    private static final TypeRestfulInteraction[] INTERACTIONS = {
        TypeRestfulInteraction.READ,
        TypeRestfulInteraction.VREAD,
        TypeRestfulInteraction.UPDATE,
        TypeRestfulInteraction.PATCH,
        TypeRestfulInteraction.DELETE,
        TypeRestfulInteraction.HISTORYINSTANCE,
        TypeRestfulInteraction.HISTORYTYPE,
        TypeRestfulInteraction.CREATE,
        TypeRestfulInteraction.SEARCHTYPE
    };

    private static final List<String> OPERATIONS = List.of("meta", "meta-add", "meta-delete", "validate");
    private static final String DEFINITION = "http://hl7.org/fhir/OperationDefinition/Resource-";

    private final FhirResponses responses;
    private final TerminologyStatement terminology;
    private final Buffer statement;

    CapabilityEndpoint(
            ResourceStore store,
            ConformancePackages packages,
            FhirRestConfig config,
            @All List<OwnOperation> operations,
            TerminologyStatement terminology,
            FhirResponses responses) {
        this.responses = responses;
        this.terminology = terminology;
        this.statement = Buffer.buffer(FhirJson.write(statement(store, packages, config, operations)));
    }

    /** The statement, or with {@code mode=terminology} what {@link TerminologyStatement} tells. */
    @GET
    public Uni<Response> metadata(@QueryParam("mode") Optional<String> mode) {
        return switch (mode.orElse("full")) {
            case "full", "normative" -> Uni.createFrom().item(responses.json(statement));
            case "terminology" -> terminology.handle().map(responses::json);
            default ->
                throw new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, "mode: unknown (expected: full, normative or terminology)");
        };
    }

    private static CapabilityStatement statement(
            ResourceStore store, ConformancePackages packages, FhirRestConfig config, List<OwnOperation> operations) {
        CapabilityStatement statement = new CapabilityStatement();
        statement
                .setStatus(PublicationStatus.ACTIVE)
                .setDate(new Date())
                .setKind(CapabilityStatementKind.INSTANCE)
                .setFhirVersion(FHIRVersion._4_0_1)
                .addFormat("json")
                .addPatchFormat(FhirJson.MEDIA_TYPE)
                .addPatchFormat(Patch.JSON_PATCH)
                .addPatchFormat(Patch.MERGE_PATCH);
        statement.getSoftware().setName("Careloop");
        statement.getImplementation().setDescription("Careloop FHIR R4 API").setUrl(config.baseUrl());
        packages.guides().forEach(statement::addImplementationGuide);
        CapabilityStatementRestComponent rest = statement.addRest().setMode(RestfulCapabilityMode.SERVER);
        rest.addInteraction().setCode(SystemRestfulInteraction.TRANSACTION);
        rest.addInteraction().setCode(SystemRestfulInteraction.HISTORYSYSTEM);
        store.types().stream().sorted().forEach(type -> {
            CapabilityStatementRestResourceComponent resource = rest.addResource();
            describe(resource, type, config);
            packages.profiles(type).forEach(resource::addSupportedProfile);
        });
        auditTrail(rest);
        operations.stream()
                .sorted(Comparator.comparing(OwnOperation::name))
                .forEach(operation -> resource(rest, operation.type())
                        .addOperation()
                        .setName(operation.name())
                        .setDefinition(operation.definition()));
        return statement;
    }

    /** Read and searched, never written; see {@link AuditEventEndpoint}. */
    private static void auditTrail(CapabilityStatementRestComponent rest) {
        CapabilityStatementRestResourceComponent resource =
                rest.addResource().setType(AccessPolicy.AUDIT_EVENT).setVersioning(ResourceVersionPolicy.NOVERSION);
        resource.addInteraction().setCode(TypeRestfulInteraction.READ);
        resource.addInteraction().setCode(TypeRestfulInteraction.SEARCHTYPE);
        new TreeMap<>(AuditSearch.PARAMETERS)
                .forEach((name, type) -> resource.addSearchParam().setName(name).setType(type));
    }

    /** Of ValueSet and the like there are operations, but no resources. */
    private static CapabilityStatementRestResourceComponent resource(
            CapabilityStatementRestComponent rest, String type) {
        return rest.getResource().stream()
                .filter(resource -> resource.getType().equals(type))
                .findFirst()
                .orElseGet(() -> rest.addResource().setType(type));
    }

    private static void describe(
            CapabilityStatementRestResourceComponent resource, String type, FhirRestConfig config) {
        resource.setType(type)
                .setVersioning(ResourceVersionPolicy.VERSIONEDUPDATE)
                .setReadHistory(true)
                .setUpdateCreate(config.updateAsCreate())
                .setConditionalCreate(true)
                .setConditionalRead(ConditionalReadStatus.FULLSUPPORT)
                .setConditionalUpdate(true)
                .setConditionalDelete(
                        config.maxConditionalDeletes() > 1
                                ? ConditionalDeleteStatus.MULTIPLE
                                : ConditionalDeleteStatus.SINGLE);
        for (TypeRestfulInteraction interaction : INTERACTIONS) {
            resource.addInteraction().setCode(interaction);
        }
        for (String operation : OPERATIONS) {
            resource.addOperation().setName(operation).setDefinition(DEFINITION + operation);
        }
        for (SearchParameter parameter : SearchParameters.of(type).values()) {
            resource.addSearchParam()
                    .setName(parameter.name())
                    .setType(SearchParamType.fromCode(parameter.kind().name().toLowerCase(Locale.ROOT)))
                    .setDefinition(SearchParameters.definition(parameter).orElse(null));
            if (parameter.kind() == SearchParameter.Kind.REFERENCE) {
                resource.addSearchInclude(type + ":" + parameter.name());
            }
        }
    }
}
