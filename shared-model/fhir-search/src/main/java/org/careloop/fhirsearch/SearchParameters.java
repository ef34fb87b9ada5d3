package org.careloop.fhirsearch;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.SearchParameter.Kind;

/**
 * The search parameters that FHIR R4 defines for a type, as far as Careloop indexes them: all but special ones; and those that
 * Careloop defines itself.
 */
public final class SearchParameters {

    /** Answered from columns of the resource itself, not from the index. */
    static final Set<String> FROM_COLUMNS = Set.of("_id", "_lastUpdated");

    private static final String DEFINITION = "https://careloop.org/fhir/SearchParameter/";

    private static final Map<String, Map<String, SearchParameter>> BY_TYPE = new ConcurrentHashMap<>();

    private SearchParameters() {}

    /** Returns the parameters of {@code type} by name, sorted; {@code type} is an R4 resource type. */
    public static Map<String, SearchParameter> of(String type) {
        return BY_TYPE.computeIfAbsent(type, SearchParameters::read);
    }

    /** Returns the parameter called {@code name} of {@code type}. */
    public static Optional<SearchParameter> find(String type, String name) {
        return Optional.ofNullable(of(type).get(name));
    }

    /** Returns the canonical URL of a parameter that Careloop defines itself; empty for those of FHIR R4. */
    public static Optional<String> definition(SearchParameter parameter) {
        return OwnParameters.defines(parameter.type(), parameter.name())
                ? Optional.of(DEFINITION + parameter.type() + "-" + parameter.name())
                : Optional.empty();
    }

    private static Map<String, SearchParameter> read(String type) {
        Map<String, SearchParameter> parameters = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        for (RuntimeSearchParam defined :
                FhirJson.context().getResourceDefinition(type).getSearchParams()) {
            kind(defined.getParamType())
                    .flatMap(kind -> parameter(type, defined.getName(), kind, defined.getPath(), defined.getTargets()))
                    .ifPresent(parameter -> {
                        parameters.put(parameter.name(), parameter);
                        names.putIfAbsent(parameter.kind() + " " + own(type, defined.getPath()), parameter.name());
                    });
        }
        FhirJson.context()
                .getResourceDefinition(type)
                .getSearchParams()
                .forEach(defined -> parameters.computeIfPresent(
                        defined.getName(), (name, parameter) -> uniting(parameter, defined.getPath(), names)));
        // HAPI's catalogue of R4 lacks it.
        parameter(type, "_source", Kind.URI, "Resource.meta.source", Set.of())
                .ifPresent(source -> parameters.put(source.name(), source));
        OwnParameters.addTo(parameters, type);
        Composites.addTo(parameters, type);
        return Collections.unmodifiableMap(parameters);
    }

    private static Optional<SearchParameter> parameter(
            String type, String name, Kind kind, String expression, Set<String> targets) {
        return SearchPath.compile(type, expression)
                .map(path -> new SearchParameter(type, name, kind, path, Set.copyOf(targets), List.of(), List.of()));
    }

    /** Such as combo-code, which is code and component-code. */
    private static SearchParameter uniting(SearchParameter parameter, String expression, Map<String, String> names) {
        List<String> branches = own(parameter.type(), expression);
        List<String> united = branches.stream()
                .map(branch -> names.getOrDefault(parameter.kind() + " " + List.of(branch), ""))
                .toList();
        return branches.size() < 2 || united.contains("")
                ? parameter
                : new SearchParameter(
                        parameter.type(),
                        parameter.name(),
                        parameter.kind(),
                        parameter.path(),
                        parameter.targets(),
                        List.of(),
                        united);
    }

    /** HAPI's catalogue lists the alternatives of all types that share a parameter. */
    private static List<String> own(String type, String expression) {
        return Arrays.stream(expression.split("\\|"))
                .map(branch -> branch.strip().replaceFirst("^\\(([\\w.]+) as (\\w+)\\)", "$1.as($2)"))
                .filter(branch -> branch.startsWith(type + "."))
                .toList();
    }

    private static Optional<Kind> kind(RestSearchParameterTypeEnum type) {
        return switch (type) {
            case TOKEN -> Optional.of(Kind.TOKEN);
            case REFERENCE -> Optional.of(Kind.REFERENCE);
            case STRING -> Optional.of(Kind.STRING);
            case DATE -> Optional.of(Kind.DATE);
            case NUMBER -> Optional.of(Kind.NUMBER);
            case QUANTITY -> Optional.of(Kind.QUANTITY);
            case URI -> Optional.of(Kind.URI);
            case COMPOSITE, SPECIAL, HAS -> Optional.empty();
        };
    }
}
