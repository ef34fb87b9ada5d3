package org.careloop.fhirvalidation;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirvalidation.internal.InstanceValidation;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Validation by HAPI against R4 and the installed profiles. The validator is loaded when it is first needed, and works on a
 * thread of the worker pool: it takes milliseconds to seconds.
 */
@Singleton
public class ProfileValidation {

    private final ConformancePackages packages;
    private final OnWrite onWrite;
    private @Nullable InstanceValidation validator;

    ProfileValidation(ConformancePackages packages, FhirValidationConfig config) {
        this.packages = packages;
        this.onWrite = OnWrite.of(config.onWrite());
    }

    /**
     * Returns all that can be said of {@code resource}, structure rules included, against its base, the profiles that it
     * claims, and {@code profile}. Texts repeat no value. Arrives on a worker thread.
     */
    public Uni<List<Finding>> validate(Resource resource, Optional<String> profile) {
        return Uni.createFrom()
                .item(() -> findings(resource, profile))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Whether the settings demand that a write of {@code resource} is validated. */
    public boolean isDemanded(Resource resource) {
        return switch (onWrite) {
            case OFF -> false;
            case CLAIMED -> claimsInstalled(resource);
            case ALL -> true;
        };
    }

    /**
     * Fails with {@link ProblemCode#INVALID_RESOURCE} and all errors when one of {@code resources}, by their FHIRPaths, does
     * not fit. Those for which nothing is demanded pass. Arrives on a worker thread.
     */
    public Uni<Void> checkWrites(Map<String, Resource> resources) {
        return Uni.createFrom()
                .item(() -> errors(resources))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .invoke(errors -> {
                    if (!errors.isEmpty()) {
                        throw new FhirProblem(ProblemCode.INVALID_RESOURCE, errors);
                    }
                })
                .replaceWithVoid();
    }

    private List<FhirProblem.Issue> errors(Map<String, Resource> resources) {
        List<FhirProblem.Issue> errors = new ArrayList<>();
        resources.forEach((path, resource) -> {
            if (isDemanded(resource)) {
                findings(resource, Optional.empty()).stream()
                        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                        .map(finding -> placed(finding, path, resource.fhirType()))
                        .forEach(errors::add);
            }
        });
        return errors;
    }

    /** HAPI's paths start with the type; within a Bundle they start with the entry. */
    private static FhirProblem.Issue placed(Finding finding, String path, String type) {
        String expression = finding.expression().startsWith(type)
                ? path + finding.expression().substring(type.length())
                : finding.expression();
        return new FhirProblem.Issue(Optional.of(expression), finding.text());
    }

    private List<Finding> findings(Resource resource, Optional<String> profile) {
        List<Finding> findings = new ArrayList<>();
        StructureRules.faults(resource, resource.fhirType())
                .forEach(issue -> findings.add(new Finding(
                        Finding.Severity.ERROR, issue.expression().orElse(resource.fhirType()), issue.diagnostics())));
        findings.addAll(validator().validate(resource, profile));
        return List.copyOf(findings);
    }

    private boolean claimsInstalled(Resource resource) {
        if (!resource.hasMeta()) {
            return false;
        }
        for (CanonicalType profile : resource.getMeta().getProfile()) {
            if (profile.hasValue() && packages.hasProfile(profile.getValue())) {
                return true;
            }
        }
        return false;
    }

    private synchronized InstanceValidation validator() {
        if (validator == null) {
            validator = new InstanceValidation(packages.resources());
        }
        return validator;
    }
}
