package org.careloop.fhirrest;

import io.vertx.core.buffer.Buffer;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.careloop.fhirmodel.FhirJson;
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
    private final Buffer statement;

    CapabilityEndpoint(
            ResourceStore store, ConformancePackages packages, FhirRestConfig config, FhirResponses responses) {
        this.responses = responses;
        this.statement = Buffer.buffer(FhirJson.write(statement(store, packages, config)));
    }

    @GET
    public Response metadata() {
        return responses.json(statement);
    }

    private static CapabilityStatement statement(
            ResourceStore store, ConformancePackages packages, FhirRestConfig config) {
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
        return statement;
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
                    .setType(SearchParamType.fromCode(parameter.kind().name().toLowerCase(Locale.ROOT)));
        }
    }
}
