package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirvalidation.ConformancePackages;
import org.careloop.fhirvalidation.Finding;
import org.careloop.fhirvalidation.ProfileValidation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Resource;

/**
 * Tells all that is wrong with a resource, and stores nothing.
 *
 * @see <a href="https://hl7.org/fhir/R4/resource-operation-validate.html">FHIR R4 $validate</a>
 */
@Singleton
public class ValidateResource {

    /** What a request asks for, from its body and its query. */
    record Asked(Optional<Resource> resource, Optional<String> mode, Optional<String> profile) {}

    private static final Set<String> MODES = Set.of("create", "update", "delete", "profile");
    private static final String BASE = "http://hl7.org/fhir/StructureDefinition/";

    private final ProfileValidation validation;
    private final ConformancePackages packages;

    ValidateResource(ProfileValidation validation, ConformancePackages packages) {
        this.validation = validation;
        this.packages = packages;
    }

    /** Returns what is wrong with {@code resource}, which must be of {@code type}. Arrives on a worker thread. */
    Uni<OperationOutcome> handle(String type, Resource resource, Optional<String> profile) {
        if (!resource.fhirType().equals(type)) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    "resourceType",
                    "resourceType: not that of the URL (expected: " + type + ")");
        }
        boolean known = profile.isEmpty()
                || packages.hasProfile(profile.get())
                || profile.get().startsWith(BASE);
        return validation.validate(resource, known ? profile : Optional.empty()).map(findings -> {
            List<Finding> all = new ArrayList<>(findings);
            if (!known) {
                all.add(new Finding(
                        Finding.Severity.ERROR,
                        type,
                        "profile: not installed (expected: one that the capability statement lists)"));
            }
            return outcome(all);
        });
    }

    /** Reads a body, which is the resource or Parameters; query parameters fill what it does not tell. */
    static Asked read(byte[] body, Optional<String> mode, Optional<String> profile) {
        Optional<Resource> sent =
                body == null || body.length == 0 ? Optional.empty() : Optional.of(FhirJson.parse(body));
        Asked asked = sent.isPresent() && sent.get() instanceof Parameters parameters
                ? read(parameters, mode, profile)
                : new Asked(sent, mode, profile);
        if (asked.mode().isPresent() && !MODES.contains(asked.mode().get())) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "mode: not known (expected: create, update, delete or profile)");
        }
        return asked;
    }

    private static Asked read(Parameters parameters, Optional<String> mode, Optional<String> profile) {
        return new Asked(
                part(parameters, "resource").map(ParametersParameterComponent::getResource),
                part(parameters, "mode").map(ValidateResource::text).or(() -> mode),
                part(parameters, "profile").map(ValidateResource::text).or(() -> profile));
    }

    private static Optional<ParametersParameterComponent> part(Parameters parameters, String name) {
        return parameters.getParameter().stream()
                .filter(part -> name.equals(part.getName()))
                .findFirst();
    }

    private static String text(ParametersParameterComponent part) {
        return part.hasValue() && part.getValue().isPrimitive()
                ? part.getValue().primitiveValue()
                : "";
    }

    /** The faults of a body that is no FHIR are a result too. */
    static OperationOutcome outcome(FhirProblem problem) {
        return outcome(problem.issues().stream()
                .map(issue ->
                        new Finding(Finding.Severity.ERROR, issue.expression().orElse(""), issue.diagnostics()))
                .toList());
    }

    /** Returns {@code findings} as issues; that there is none is told too. */
    static OperationOutcome outcome(List<Finding> findings) {
        OperationOutcome outcome = new OperationOutcome();
        for (Finding finding : findings) {
            OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                    .setSeverity(severity(finding.severity()))
                    .setCode(
                            finding.severity() == Finding.Severity.INFORMATION
                                    ? IssueType.INFORMATIONAL
                                    : IssueType.INVALID)
                    .setDiagnostics(finding.text());
            if (!finding.expression().isEmpty()) {
                issue.addExpression(finding.expression());
            }
        }
        if (findings.isEmpty()) {
            outcome.addIssue()
                    .setSeverity(IssueSeverity.INFORMATION)
                    .setCode(IssueType.INFORMATIONAL)
                    .setDiagnostics("valid");
        }
        return outcome;
    }

    private static IssueSeverity severity(Finding.Severity severity) {
        return switch (severity) {
            case INFORMATION -> IssueSeverity.INFORMATION;
            case WARNING -> IssueSeverity.WARNING;
            case ERROR -> IssueSeverity.ERROR;
        };
    }
}
