package org.careloop.transitions.domain.document;

import java.util.List;
import java.util.stream.Stream;
import org.careloop.fhirsearch.SearchParameters;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Resource;

/** The codes of a resource, by the search parameters of its type. */
final class Codes {

    private Codes() {}

    /** Tells whether one of {@code codes}, as {@code code} or {@code system|code}, is a value of {@code parameter}. */
    static boolean has(Resource resource, String parameter, List<String> codes) {
        return values(resource, parameter).stream()
                .flatMap(Codes::codings)
                .anyMatch(coding -> coding.hasCode()
                        && (codes.contains(coding.getCode())
                                || codes.contains(coding.getSystem() + "|" + coding.getCode())));
    }

    /** The first value of {@code code} as {@code system|code}; the id of the resource where it has none, so that it is alone. */
    static String key(Resource resource) {
        return values(resource, "code").stream()
                .flatMap(Codes::codings)
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .findFirst()
                .orElse(resource.getIdElement().getIdPart());
    }

    /** The elements that {@code parameter} names; none where the type has no such parameter. */
    static List<Base> values(Resource resource, String parameter) {
        return SearchParameters.find(resource.fhirType(), parameter)
                .map(found -> found.path().evaluate(resource))
                .orElse(List.of());
    }

    private static Stream<Coding> codings(Base value) {
        return switch (value) {
            case CodeableConcept concept -> concept.getCoding().stream();
            case Coding coding -> Stream.of(coding);
            default -> Stream.of(new Coding().setCode(value.primitiveValue()));
        };
    }
}
