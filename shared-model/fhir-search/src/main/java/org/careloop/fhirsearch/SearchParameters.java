package org.careloop.fhirsearch;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.careloop.fhirmodel.FhirJson;

/** The search parameters that FHIR R4 defines for a type, as far as Careloop indexes them: all but composites. */
public final class SearchParameters {

    /** Answered from columns of the resource itself, not from the index. */
    static final Set<String> FROM_COLUMNS = Set.of("_id", "_lastUpdated");

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

    private static Map<String, SearchParameter> read(String type) {
        Map<String, SearchParameter> parameters = new TreeMap<>();
        for (RuntimeSearchParam defined :
                FhirJson.context().getResourceDefinition(type).getSearchParams()) {
            kind(defined.getParamType())
                    .flatMap(kind -> SearchPath.compile(type, defined.getPath())
                            .map(path -> new SearchParameter(
                                    type, defined.getName(), kind, path, Set.copyOf(defined.getTargets()))))
                    .ifPresent(parameter -> parameters.put(parameter.name(), parameter));
        }
        return Collections.unmodifiableMap(parameters);
    }

    private static Optional<SearchParameter.Kind> kind(RestSearchParameterTypeEnum type) {
        return switch (type) {
            case TOKEN -> Optional.of(SearchParameter.Kind.TOKEN);
            case REFERENCE -> Optional.of(SearchParameter.Kind.REFERENCE);
            case STRING -> Optional.of(SearchParameter.Kind.STRING);
            case DATE -> Optional.of(SearchParameter.Kind.DATE);
            case NUMBER -> Optional.of(SearchParameter.Kind.NUMBER);
            case QUANTITY -> Optional.of(SearchParameter.Kind.QUANTITY);
            case URI -> Optional.of(SearchParameter.Kind.URI);
            case COMPOSITE, SPECIAL, HAS -> Optional.empty();
        };
    }
}
