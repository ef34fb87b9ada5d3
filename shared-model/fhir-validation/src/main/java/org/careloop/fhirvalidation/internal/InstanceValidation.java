package org.careloop.fhirvalidation.internal;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirvalidation.Finding;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.Resource;

/** HAPI's validator over the definitions of R4 and of the installed packages. Takes seconds to make; blocks. */
public final class InstanceValidation {

    private static final int MOST = 200;

    private final DefinitionContext definitions;
    private final FhirValidator validator;

    public InstanceValidation(PackedResources installed) {
        FhirContext context = FhirJson.context();
        BaseDefinitions base = new BaseDefinitions();
        ValidationSupportChain chain = new ValidationSupportChain(
                new PackedSupport("R4", base.resources()),
                new PackedSupport("installed packages", installed),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context),
                unknownCodeSystems(context));
        definitions = new DefinitionContext(chain, base.outlines());
        FhirInstanceValidator instances = new FhirInstanceValidator(chain);
        instances.setWrappedWorkerContext(chain, definitions);
        instances.setAnyExtensionsAllowed(true);
        instances.setErrorForUnknownProfiles(false);
        instances.setAssumeValidRestReferences(true);
        validator = context.newValidator().registerValidatorModule(instances);
    }

    /**
     * Returns what HAPI says of {@code resource}, against its base, the profiles that it claims, and {@code profile}. No
     * text repeats a value.
     */
    public List<Finding> validate(Resource resource, Optional<String> profile) {
        definitions.load(resource.fhirType());
        ValidationOptions options = new ValidationOptions();
        profile.ifPresent(options::addProfile);
        String json = new String(FhirJson.write(resource), StandardCharsets.UTF_8);
        List<SingleValidationMessage> messages =
                validator.validateWithResult(json, options).getMessages();
        UnknownCodes unknown = new UnknownCodes(messages);
        SilentTexts texts = new SilentTexts(resource);
        return weightiest(messages, unknown).stream()
                .map(message -> {
                    String place = place(message, resource);
                    return new Finding(unknown.severity(message), place, place + ": " + texts.of(message.getMessage()));
                })
                .toList();
    }

    /** A spoilt body of megabytes has thousands, and each text is searched for each value. */
    private static List<SingleValidationMessage> weightiest(
            List<SingleValidationMessage> messages, UnknownCodes unknown) {
        return messages.size() <= MOST
                ? messages
                : messages.stream()
                        .sorted(Comparator.comparing(unknown::severity, Comparator.reverseOrder()))
                        .limit(MOST)
                        .toList();
    }

    private static String place(SingleValidationMessage message, Resource resource) {
        return message.getLocationString() == null ? resource.fhirType() : message.getLocationString();
    }

    /**
     * LOINC, SNOMED CT and others are not shipped: their codes cannot be judged, which is no fault of the sender. HAPI
     * deprecates this in favour of an interceptor of its server, which is not used here.
     */
    @SuppressWarnings("deprecation")
    private static UnknownCodeSystemWarningValidationSupport unknownCodeSystems(FhirContext context) {
        UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);
        return unknown;
    }
}
