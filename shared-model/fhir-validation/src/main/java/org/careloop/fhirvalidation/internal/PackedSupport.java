package org.careloop.fhirvalidation.internal;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

/** Gives HAPI's validator the definitions that it asks for. */
final class PackedSupport implements IValidationSupport {

    private final String name;
    private final PackedResources resources;

    PackedSupport(String name, PackedResources resources) {
        this.name = name;
        this.resources = resources;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public FhirContext getFhirContext() {
        return FhirJson.context();
    }

    @Override
    public @Nullable IBaseResource fetchStructureDefinition(String url) {
        return resources.find(
                "StructureDefinition", url.contains(":") ? url : "http://hl7.org/fhir/StructureDefinition/" + url);
    }

    @Override
    public @Nullable IBaseResource fetchValueSet(String url) {
        return resources.find("ValueSet", url);
    }

    @Override
    public @Nullable IBaseResource fetchCodeSystem(String url) {
        return resources.find("CodeSystem", url);
    }

    @Override
    public boolean isValueSetSupported(ValidationSupportContext context, String url) {
        return resources.has("ValueSet", url);
    }

    @Override
    public boolean isCodeSystemSupported(ValidationSupportContext context, String url) {
        return resources.has("CodeSystem", url);
    }

    /** {@link DefinitionContext} answers what needs all. */
    @Override
    public <T extends IBaseResource> List<T> fetchAllStructureDefinitions() {
        return List.of();
    }

    @Override
    public <T extends IBaseResource> @Nullable List<T> fetchAllNonBaseStructureDefinitions() {
        return List.of();
    }
}
