package org.careloop.fhirrest;

import ca.uhn.fhir.parser.IParser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.Resource;

/**
 * Which part of a resource is wanted. A part is tagged SUBSETTED, and only for a part the stored bytes are parsed.
 *
 * @param elements as FHIR writes them, {@code name} or {@code Patient.name}; empty for all
 * @see <a href="https://hl7.org/fhir/R4/search.html#summary">FHIR R4 _summary</a>
 */
record Shape(Summary summary, Set<String> elements) {

    /** What {@code _summary} asks for. */
    enum Summary {
        WHOLE,
        TRUE,
        TEXT,
        DATA
    }

    static final Shape WHOLE = new Shape(Summary.WHOLE, Set.of());

    private static final List<String> MANDATORY = List.of("*.(mandatory)", "*.id", "*.meta");

    /** Reads the parameters of a search or a read; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    static Shape of(List<QueryParameter> parameters) {
        Summary summary = Summary.WHOLE;
        Set<String> elements = new LinkedHashSet<>();
        for (QueryParameter parameter : parameters) {
            switch (parameter.name()) {
                case "_summary" -> summary = summary(parameter.value());
                case "_elements" -> elements.addAll(elements(parameter.value()));
                default -> {}
            }
        }
        if (summary != Summary.WHOLE && !elements.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "_elements: beside _summary (expected: one of the two)");
        }
        return new Shape(summary, elements);
    }

    private static Summary summary(String value) {
        return switch (value) {
            case "false", "count" -> Summary.WHOLE;
            case "true" -> Summary.TRUE;
            case "text" -> Summary.TEXT;
            case "data" -> Summary.DATA;
            default ->
                throw new FhirProblem(
                        ProblemCode.INVALID_PARAMETER,
                        "_summary: unknown (expected: true, text, data, count or false)");
        };
    }

    private static List<String> elements(String value) {
        List<String> elements = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
        if (elements.isEmpty() || !elements.stream().allMatch(element -> element.matches("[A-Za-z]+(\\.[A-Za-z]+)*"))) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "_elements: not a list of elements (expected: name,name,...)");
        }
        return elements;
    }

    /** Returns {@code resource} in this shape. */
    Uni<StoredResource> of(StoredResource resource) {
        return equals(WHOLE) || resource.deleted()
                ? Uni.createFrom().item(resource)
                : HeavyWork.run(resource.body().length(), () -> cut(resource));
    }

    /** Returns {@code page} with its resources in this shape. */
    Uni<SearchPage> of(SearchPage page) {
        if (equals(WHOLE)) {
            return Uni.createFrom().item(page);
        }
        int size = Stream.concat(page.matches().stream(), page.included().stream())
                .mapToInt(each -> each.body().length())
                .sum();
        return HeavyWork.run(
                size, () -> new SearchPage(cut(page.matches()), cut(page.included()), page.total(), page.next()));
    }

    private List<StoredResource> cut(List<StoredResource> resources) {
        return resources.stream().map(this::cut).toList();
    }

    private StoredResource cut(StoredResource resource) {
        Resource whole = FhirJson.parse(resource.body().getBytes());
        // Of what is shown in part anyway; HAPI adds its own.
        whole.getMeta().getTag().removeIf(tag -> FhirJson.SUBSETTED.equals(tag.getCode()));
        byte[] part =
                FhirJson.write(whole, parser -> shape(parser, resource.key().type()));
        return resource.withBody(Buffer.buffer(part));
    }

    private void shape(IParser parser, String type) {
        switch (summary) {
            case WHOLE ->
                parser.setEncodeElements(Stream.concat(
                                MANDATORY.stream(),
                                elements.stream()
                                        .map(element -> named(element, type))
                                        .flatMap(Optional::stream))
                        .collect(Collectors.toSet()));
            case TRUE -> parser.setSummaryMode(true);
            case TEXT ->
                parser.setEncodeElements(
                        Stream.concat(MANDATORY.stream(), Stream.of("*.text")).collect(Collectors.toSet()));
            case DATA -> parser.setSuppressNarratives(true);
        }
    }

    /** An element of another type does not touch this one. */
    private static Optional<String> named(String element, String type) {
        return !Character.isUpperCase(element.charAt(0))
                ? Optional.of(type + "." + element)
                : Optional.of(element).filter(name -> name.startsWith(type + "."));
    }
}
