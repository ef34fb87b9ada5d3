package org.careloop.fhirvalidation.internal;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirvalidation.CodeSets;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeSystem.CodeSystemContentMode;
import org.hl7.fhir.r4.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r4.model.CodeSystem.ConceptPropertyComponent;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r4.model.ValueSet.ConceptReferenceComponent;
import org.hl7.fhir.r4.model.ValueSet.ConceptSetComponent;
import org.hl7.fhir.r4.model.ValueSet.ConceptSetFilterComponent;
import org.hl7.fhir.r4.model.ValueSet.FilterOperator;
import org.hl7.fhir.r4.model.ValueSet.ValueSetExpansionContainsComponent;
import org.jspecify.annotations.Nullable;

/**
 * Codes of value sets and hierarchies of code systems. What is not known whole is not known: a part of a value set would find
 * too little in silence. Codes come in the order of their definition.
 */
public final class CodeExpansion implements CodeSets.Known {

    private static final int DEEPEST = 8;
    private static final Set<String> PARENT = Set.of("parent", "subsumedBy");
    private static final Set<FilterOperator> PARENT_OR_SELF =
            Set.of(FilterOperator.ISA, FilterOperator.ISNOTA, FilterOperator.DESCENDENTOF);

    private final PackedResources base = BaseDefinitions.codes();
    private final PackedResources installed;

    public CodeExpansion(PackedResources installed) {
        this.installed = installed;
    }

    @Override
    public Optional<Map<String, Set<String>>> ofValueSet(String canonical) {
        return ofValueSet(canonical, DEEPEST);
    }

    private Optional<Map<String, Set<String>>> ofValueSet(String canonical, int depth) {
        if (depth == 0 || !(find("ValueSet", canonical) instanceof ValueSet set)) {
            return Optional.empty();
        }
        Map<String, Set<String>> codes = new LinkedHashMap<>();
        if (!set.hasCompose()) {
            collect(set.getExpansion().getContains(), codes);
            return codes.isEmpty() ? Optional.empty() : Optional.of(codes);
        }
        for (ConceptSetComponent include : set.getCompose().getInclude()) {
            Optional<Map<String, Set<String>>> included = included(include, depth);
            if (included.isEmpty()) {
                return Optional.empty();
            }
            included.get()
                    .forEach((system, more) -> codes.computeIfAbsent(system, each -> new LinkedHashSet<>())
                            .addAll(more));
        }
        for (ConceptSetComponent exclude : set.getCompose().getExclude()) {
            Optional<Map<String, Set<String>>> excluded = included(exclude, depth);
            if (excluded.isEmpty()) {
                return Optional.empty();
            }
            excluded.get()
                    .forEach((system, less) ->
                            codes.getOrDefault(system, new LinkedHashSet<>()).removeAll(less));
        }
        return Optional.of(codes);
    }

    /** What the system gives, as far as all of the value sets have it too; empty when one of them is not known. */
    private Optional<Map<String, Set<String>>> included(ConceptSetComponent include, int depth) {
        Optional<Map<String, Set<String>>> codes = include.hasSystem()
                ? ofSystem(include).map(found -> new LinkedHashMap<>(Map.of(include.getSystem(), found)))
                : Optional.empty();
        if (include.hasSystem() && codes.isEmpty()) {
            return codes;
        }
        for (CanonicalType other : include.getValueSet()) {
            Optional<Map<String, Set<String>>> imported = ofValueSet(other.getValue(), depth - 1);
            if (imported.isEmpty()) {
                return imported;
            }
            codes = codes.isEmpty() ? imported : Optional.of(common(codes.get(), imported.get()));
        }
        return codes;
    }

    private static Map<String, Set<String>> common(Map<String, Set<String>> one, Map<String, Set<String>> other) {
        Map<String, Set<String>> common = new LinkedHashMap<>();
        one.forEach((system, codes) -> {
            Set<String> both = new LinkedHashSet<>(codes);
            both.retainAll(other.getOrDefault(system, Set.of()));
            common.put(system, both);
        });
        return common;
    }

    private Optional<Set<String>> ofSystem(ConceptSetComponent include) {
        if (include.hasConcept()) {
            return Optional.of(include.getConcept().stream()
                    .map(ConceptReferenceComponent::getCode)
                    .collect(Collectors.toCollection(LinkedHashSet::new)));
        }
        Optional<Set<String>> codes =
                parents(include.getSystem()).map(parents -> new LinkedHashSet<>(parents.keySet()));
        for (ConceptSetFilterComponent filter : include.getFilter()) {
            Optional<Set<String>> passing = codes.flatMap(all -> filtered(include.getSystem(), filter, all));
            codes = passing;
        }
        return codes;
    }

    /** Filters by kind, which are most of them; empty for others. */
    private Optional<Set<String>> filtered(String system, ConceptSetFilterComponent filter, Set<String> all) {
        Set<String> passing = new LinkedHashSet<>(all);
        Optional<Set<String>> below = filter.hasOp() && PARENT_OR_SELF.contains(filter.getOp())
                ? below(system, filter.getValue())
                : Optional.empty();
        return below.map(kinds -> {
            switch (filter.getOp()) {
                case ISA -> passing.retainAll(kinds);
                case ISNOTA -> passing.removeAll(kinds);
                default -> {
                    passing.retainAll(kinds);
                    passing.remove(filter.getValue());
                }
            }
            return passing;
        });
    }

    private static void collect(List<ValueSetExpansionContainsComponent> contained, Map<String, Set<String>> codes) {
        for (ValueSetExpansionContainsComponent each : contained) {
            if (each.hasCode() && each.hasSystem()) {
                codes.computeIfAbsent(each.getSystem(), system -> new LinkedHashSet<>())
                        .add(each.getCode());
            }
            collect(each.getContains(), codes);
        }
    }

    @Override
    public Optional<Set<String>> below(String system, String code) {
        return parents(system).filter(parents -> parents.containsKey(code)).map(parents -> {
            Set<String> below = new LinkedHashSet<>(Set.of(code));
            boolean more = true;
            while (more) {
                more = false;
                for (Map.Entry<String, Set<String>> each : parents.entrySet()) {
                    if (!below.contains(each.getKey())
                            && each.getValue().stream().anyMatch(below::contains)) {
                        more = below.add(each.getKey());
                    }
                }
            }
            return below;
        });
    }

    @Override
    public Optional<Set<String>> above(String system, String code) {
        return parents(system).filter(parents -> parents.containsKey(code)).map(parents -> {
            Set<String> above = new LinkedHashSet<>();
            climb(code, parents, above);
            return above;
        });
    }

    private static void climb(String code, Map<String, Set<String>> parents, Set<String> above) {
        if (above.add(code)) {
            parents.getOrDefault(code, Set.of()).forEach(parent -> climb(parent, parents, above));
        }
    }

    /** Each code of {@code system} with the codes right above it. */
    private Optional<Map<String, Set<String>>> parents(String system) {
        if (!(find("CodeSystem", system) instanceof CodeSystem codes)
                || codes.getContent() != CodeSystemContentMode.COMPLETE) {
            return Optional.empty();
        }
        Map<String, Set<String>> parents = new LinkedHashMap<>();
        collect(codes.getConcept(), null, parents);
        return Optional.of(parents);
    }

    private static void collect(
            List<ConceptDefinitionComponent> concepts, @Nullable String parent, Map<String, Set<String>> parents) {
        for (ConceptDefinitionComponent concept : concepts) {
            Set<String> own = parents.computeIfAbsent(concept.getCode(), code -> new LinkedHashSet<>());
            if (parent != null) {
                own.add(parent);
            }
            concept.getProperty().stream()
                    .filter(property -> PARENT.contains(property.getCode()) && property.hasValue())
                    .map(ConceptPropertyComponent::getValue)
                    .forEach(value -> own.add(value.primitiveValue()));
            collect(concept.getConcept(), concept.getCode(), parents);
        }
    }

    /** The canonicals of {@code type}, as {@code url|version}; of FHIR R4 first. */
    public List<String> canonicals(String type) {
        return Stream.concat(base.canonicals(type).stream(), installed.canonicals(type).stream())
                .distinct()
                .toList();
    }

    /** Returns the resource of {@code canonical}, of FHIR R4 before an installed one; null when there is none. */
    public @Nullable Resource find(String type, String canonical) {
        Resource found = base.find(type, canonical);
        return found == null ? installed.find(type, canonical) : found;
    }
}
