package org.careloop.fhirvalidation.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r4.model.ValueSet.ConceptReferenceComponent;
import org.hl7.fhir.r4.model.ValueSet.ConceptSetComponent;
import org.hl7.fhir.r4.model.ValueSet.ValueSetExpansionContainsComponent;

/** What codes are called: by the value sets that list them, else by their code systems. */
public final class ConceptNames {

    private static final int DEEPEST = 8;

    private final CodeExpansion codes;
    private final Map<String, Map<String, ConceptDefinitionComponent>> systems = new ConcurrentHashMap<>();

    public ConceptNames(CodeExpansion codes) {
        this.codes = codes;
    }

    /** Returns the concept {@code code} of {@code system}, perhaps with {@code |version}; empty when it is not known. */
    public Optional<ConceptDefinitionComponent> find(String system, String code) {
        Map<String, ConceptDefinitionComponent> concepts = codes.find("CodeSystem", system) instanceof CodeSystem found
                ? systems.computeIfAbsent(system, each -> flat(found.getConcept(), new LinkedHashMap<>()))
                : Map.of();
        return Optional.ofNullable(concepts.get(code));
    }

    private static Map<String, ConceptDefinitionComponent> flat(
            List<ConceptDefinitionComponent> concepts, Map<String, ConceptDefinitionComponent> into) {
        for (ConceptDefinitionComponent concept : concepts) {
            into.putIfAbsent(concept.getCode(), concept);
            flat(concept.getConcept(), into);
        }
        return into;
    }

    /** Returns the names that {@code set} and those that it imports give, by {@code system|code}. */
    public Map<String, String> in(ValueSet set) {
        Map<String, String> names = new HashMap<>();
        collect(set, names, DEEPEST);
        return names;
    }

    private void collect(ValueSet set, Map<String, String> names, int depth) {
        contained(set.getExpansion().getContains(), names);
        for (ConceptSetComponent include : set.getCompose().getInclude()) {
            for (ConceptReferenceComponent concept : include.getConcept()) {
                if (concept.hasDisplay()) {
                    names.putIfAbsent(include.getSystem() + "|" + concept.getCode(), concept.getDisplay());
                }
            }
            for (CanonicalType imported : include.getValueSet()) {
                if (depth > 0 && codes.find("ValueSet", imported.getValue()) instanceof ValueSet found) {
                    collect(found, names, depth - 1);
                }
            }
        }
    }

    private static void contained(List<ValueSetExpansionContainsComponent> contains, Map<String, String> names) {
        for (ValueSetExpansionContainsComponent each : contains) {
            if (each.hasCode() && each.hasDisplay()) {
                names.putIfAbsent(each.getSystem() + "|" + each.getCode(), each.getDisplay());
            }
            contained(each.getContains(), names);
        }
    }
}
