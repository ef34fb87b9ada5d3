package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.OwnServer;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;

/**
 * What an operation on two Patients is asked: each by a reference, or by identifiers that name one.
 *
 * @param preview whether nothing is to be written
 */
public record MergeInput(Parameters parameters, boolean preview) {

    /** The Patient that is replaced. */
    static final String SOURCE = "source-patient";

    /** The Patient that stands for it. */
    static final String TARGET = "target-patient";

    private static final String PREVIEW = "preview";
    private static final String BY_IDENTIFIER = "-identifier";
    private static final Set<String> KNOWN =
            Set.of(SOURCE, TARGET, SOURCE + BY_IDENTIFIER, TARGET + BY_IDENTIFIER, PREVIEW);

    /** Reads {@code body}; fails with {@link ProblemCode#MALFORMED_BODY} or {@link ProblemCode#UNSUPPORTED_PARAMETER}. */
    public static MergeInput read(byte[] body) {
        Parameters parameters = FhirJson.parse(Parameters.class, body);
        if (!parameters.getParameter().stream().allMatch(part -> KNOWN.contains(part.getName()))) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "parameters: not all known (expected: "
                            + String.join(", ", KNOWN.stream().sorted().toList()) + ")");
        }
        boolean preview = values(parameters, PREVIEW).stream()
                .anyMatch(value -> value instanceof BooleanType bool && bool.booleanValue());
        return new MergeInput(parameters, preview);
    }

    /**
     * Returns the key of the Patient that {@code name} names; fails with {@link ProblemCode#INVALID_PARAMETER}, and where no Patient in
     * {@code access} has the identifiers, or several, with {@link ProblemCode#RESOURCE_NOT_FOUND} or {@link
     * ProblemCode#MULTIPLE_MATCHES}.
     */
    Uni<ResourceKey> patient(String name, UnitOfWork unit, Condition access) {
        Optional<ResourceKey> named = values(parameters, name).stream()
                .flatMap(value -> value instanceof Reference reference && reference.hasReference()
                        ? ResourceKey.parse(OwnServer.relative(reference.getReference())).stream()
                        : Optional.<ResourceKey>empty().stream())
                .filter(key -> key.type().equals("Patient"))
                .findFirst();
        if (named.isPresent()) {
            return Uni.createFrom().item(named.get());
        }
        List<QueryParameter> criteria = values(parameters, name + BY_IDENTIFIER).stream()
                .filter(value -> value instanceof Identifier identifier && identifier.hasValue())
                .map(value -> new QueryParameter("identifier", Tokens.of((Identifier) value)))
                .toList();
        if (criteria.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    name + ": missing or not a Patient (expected: a reference to one, or " + name + BY_IDENTIFIER
                            + ")");
        }
        return unit.search("Patient", criteria, access).map(found -> {
            if (found.size() > 1) {
                throw new FhirProblem(
                        ProblemCode.MULTIPLE_MATCHES,
                        name + BY_IDENTIFIER + ": several patients have it (expected: one)");
            }
            return found.stream().findFirst().orElseThrow(() -> notFound(name)).key();
        });
    }

    /** What is said of a Patient that is not there, or not open. */
    static FhirProblem notFound(String name) {
        return new FhirProblem(
                ProblemCode.RESOURCE_NOT_FOUND, name + ": no such patient (expected: one that the caller may change)");
    }

    private static List<Type> values(Parameters parameters, String name) {
        return parameters.getParameter().stream()
                .filter(part -> part.getName().equals(name) && part.hasValue())
                .map(ParametersParameterComponent::getValue)
                .toList();
    }
}
