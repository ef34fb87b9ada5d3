package org.careloop.fhirrest;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * What an operation is asked: by the query of a GET, by Parameters of a POST, or by both.
 *
 * @param texts what is written as a text, a coding as {@code system|code}, a reference as {@code Type/id}
 * @param codings those that were sent whole, also those of a CodeableConcept
 * @see <a href="https://hl7.org/fhir/R4/operations.html#executing">FHIR R4 operations</a>
 */
public record OperationInput(List<QueryParameter> texts, List<Coding> codings) {

    private static final Set<String> OF_THE_FORM = Set.of("_format", "_pretty");

    /** Reads {@code http} and {@code body}, which may be empty; fails with {@link ProblemCode#MALFORMED_BODY}. */
    public static OperationInput read(HttpServerRequest http, byte @Nullable [] body) {
        List<QueryParameter> texts = new ArrayList<>(Queries.of(http));
        List<Coding> codings = new ArrayList<>();
        if (body != null && body.length > 0) {
            for (ParametersParameterComponent part :
                    FhirJson.parse(Parameters.class, body).getParameter()) {
                texts.add(new QueryParameter(part.getName(), text(part)));
                codings(part.getValue()).forEach(codings::add);
            }
        }
        texts.removeIf(parameter -> OF_THE_FORM.contains(parameter.name()));
        return new OperationInput(List.copyOf(texts), List.copyOf(codings));
    }

    private static String text(ParametersParameterComponent part) {
        return switch (part.getValue()) {
            case Coding coding -> coding.hasSystem() ? coding.getSystem() + "|" + coding.getCode() : coding.getCode();
            case Reference reference when reference.hasReference() -> reference.getReference();
            case CodeableConcept concept -> concept.hasText() ? concept.getText() : "";
            case Type primitive when primitive.isPrimitive() -> primitive.primitiveValue();
            case null, default ->
                throw new FhirProblem(
                        ProblemCode.MALFORMED_BODY,
                        "Parameters.parameter",
                        "Parameters.parameter: value missing or of no use here (expected: a primitive, Coding,"
                                + " CodeableConcept or Reference)");
        };
    }

    private static Stream<Coding> codings(Type value) {
        return switch (value) {
            case Coding coding -> Stream.of(coding);
            case CodeableConcept concept -> concept.getCoding().stream();
            default -> Stream.empty();
        };
    }

    /** The first value of {@code name}, unless it is empty. */
    public Optional<String> text(String name) {
        return texts.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** As {@link #text}; fails with {@link ProblemCode#INVALID_PARAMETER} when there is none. */
    public String required(String name) {
        return text(name)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, name + ": missing (expected: this parameter with a value)"));
    }

    /** The number {@code name}; fails with {@link ProblemCode#INVALID_PARAMETER} when it is below {@code least}, or none. */
    public Optional<Integer> number(String name, int least) {
        return text(name).map(value -> {
            if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < least) {
                throw new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, name + ": not a number (expected: " + least + " or more)");
            }
            return Integer.valueOf(value);
        });
    }

    /** Fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} when there is one beside {@code known}. */
    public void allow(String... known) {
        Set<String> names = new TreeSet<>(Arrays.asList(known));
        if (!texts.stream().map(QueryParameter::name).allMatch(names::contains)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "parameters: not all known (expected: " + String.join(", ", names) + ")");
        }
    }
}
