package org.careloop.fhirvalidation.internal;

import ca.uhn.fhir.context.support.IValidationSupport;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.common.hapi.validation.validator.WorkerContextValidationSupportAdapter;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.model.StructureDefinition.StructureDefinitionKind;

/**
 * Spares HAPI's validator the whole of R4: it looks for the type of a resource among all definitions, for which the adapter
 * would parse and convert every one. Here all but those of the types that are validated stay outlines.
 */
final class DefinitionContext extends WorkerContextValidationSupportAdapter {

    private static final String BASE = "http://hl7.org/fhir/StructureDefinition/";

    private final Set<String> loaded = new HashSet<>();
    private final Set<String> primitives;
    private volatile List<StructureDefinition> definitions;

    DefinitionContext(IValidationSupport support, List<StructureDefinition> outlines) {
        super(support);
        definitions = List.copyOf(outlines);
        primitives = outlines.stream()
                .filter(each -> each.getKind() == StructureDefinitionKind.PRIMITIVETYPE)
                .map(StructureDefinition::getName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Reads the whole definition of {@code type}, which resources of it need. */
    synchronized void load(String type) {
        if (loaded.contains(type)) {
            return;
        }
        StructureDefinition whole = fetchResource(StructureDefinition.class, BASE + type);
        definitions = definitions.stream()
                .map(each -> each.getUrl().equals(BASE + type) ? whole : each)
                .toList();
        loaded.add(type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Resource> List<T> fetchResourcesByType(Class<T> type) {
        return type.equals(StructureDefinition.class) ? (List<T>) definitions : super.fetchResourcesByType(type);
    }

    @Override
    public List<StructureDefinition> fetchTypeDefinitions(String type) {
        StructureDefinition whole = fetchTypeDefinition(type);
        return whole == null ? List.of() : List.of(whole);
    }

    @Override
    public boolean isPrimitiveType(String type) {
        return primitives.contains(type);
    }
}
