package org.careloop.fhirvalidation;

import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.ElementDefinition.ConstraintSeverity;
import org.hl7.fhir.r4.model.ElementDefinition.ElementDefinitionConstraintComponent;
import org.hl7.fhir.r4.model.ElementDefinition.TypeRefComponent;
import org.hl7.fhir.r4.model.Enumerations.BindingStrength;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.StructureDefinition.StructureDefinitionKind;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r4.model.ValueSet.ValueSetExpansionContainsComponent;

/** Makes {@code r4-structures.txt} from the definitions of FHIR R4 that HAPI ships; the format is told in its first lines. */
final class DefinitionsText {

    private static final String BASE = "http://hl7.org/fhir/StructureDefinition/";
    private static final int OPEN_CHOICE = 40;

    private static final String HEAD = """
            # FHIR R4 (4.0.1), made by DefinitionsText from the definitions that HAPI ships; do not edit.
            # @type, then one line for each element: path, min, max, types, value set of a required binding, invariants
            # (severity error). The line of the type itself has no path. *: any type; #path: the same children as there.
            # %value set, then one line for each code system: its URL, its codes. !invariant, what it demands.
            """;

    private final DefaultProfileValidationSupport definitions = new DefaultProfileValidationSupport(FhirJson.context());
    private final ValidationSupportChain terminology = new ValidationSupportChain(
            definitions,
            new CommonCodeSystemsTerminologyService(FhirJson.context()),
            new InMemoryTerminologyServerValidationSupport(FhirJson.context()));
    private final Map<String, Optional<String>> valueSets = new TreeMap<>();
    private final Map<String, String> invariants = new TreeMap<>();

    /** Returns the whole text. */
    String write() {
        StringBuilder text = new StringBuilder(HEAD);
        for (StructureDefinition type : types()) {
            write(type, text);
        }
        valueSets.forEach((url, codes) -> codes.ifPresent(
                lines -> text.append('%').append(url).append('\n').append(lines)));
        invariants.forEach((key, human) ->
                text.append('!').append(key).append('\t').append(human).append('\n'));
        return text.toString();
    }

    /** The base definitions of resources and data types with children, by name. */
    List<StructureDefinition> types() {
        Map<String, StructureDefinition> found = new TreeMap<>();
        definitions.fetchAllStructureDefinitions().stream()
                .map(StructureDefinition.class::cast)
                .filter(each -> each.getUrl().equals(BASE + each.getType()))
                .filter(each -> each.getKind() == StructureDefinitionKind.RESOURCE
                        || each.getKind() == StructureDefinitionKind.COMPLEXTYPE)
                .filter(each -> !each.getAbstract())
                .forEach(each -> found.put(each.getType(), each));
        return List.copyOf(found.values());
    }

    private void write(StructureDefinition type, StringBuilder text) {
        text.append('@').append(type.getType()).append('\n');
        for (ElementDefinition element : type.getSnapshot().getElement()) {
            String path = element.getPath().equals(type.getType())
                    ? ""
                    : element.getPath().substring(type.getType().length() + 1);
            if (path.equals("id") || path.endsWith(".id")) {
                continue;
            }
            List<String> columns = new ArrayList<>();
            columns.add(path);
            columns.add(Integer.toString(element.getMin()));
            columns.add(element.getMax());
            columns.add(types(element));
            columns.add(valueSet(element).orElse(""));
            columns.add(errors(type, element).stream()
                    .map(ElementDefinitionConstraintComponent::getKey)
                    .collect(Collectors.joining(" ")));
            // Some types share a key for different demands (inv-1): the one of a whole resource is the one that is
            // checked.
            boolean isWhole = !element.getPath().contains(".");
            errors(type, element)
                    .forEach(each -> invariants.merge(
                            each.getKey(), each.getHuman().strip(), (known, human) -> isWhole ? human : known));
            text.append(String.join("\t", columns).stripTrailing()).append('\n');
        }
    }

    private static String types(ElementDefinition element) {
        if (element.hasContentReference()) {
            String path = element.getContentReference();
            return "#" + path.substring(path.indexOf('.') + 1);
        }
        if (element.getType().size() > OPEN_CHOICE) {
            return "*";
        }
        return element.getType().stream().map(DefinitionsText::type).collect(Collectors.joining(" "));
    }

    private static String type(TypeRefComponent type) {
        String code = type.getCode();
        if (code.startsWith("http://hl7.org/fhirpath/")) {
            return type.getExtensionByUrl("http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type")
                    .getValue()
                    .primitiveValue();
        }
        if (!code.equals("Reference")) {
            return code;
        }
        Set<String> targets = new TreeSet<>();
        type.getTargetProfile()
                .forEach(profile -> targets.add(profile.getValue().substring(BASE.length())));
        return targets.isEmpty() || targets.contains("Resource")
                ? code
                : code + targets.stream().collect(Collectors.joining("|", "(", ")"));
    }

    private Optional<String> valueSet(ElementDefinition element) {
        boolean coded = element.getType().stream()
                .anyMatch(type -> Set.of("code", "Coding", "CodeableConcept").contains(type.getCode()));
        if (!coded || element.getBinding().getStrength() != BindingStrength.REQUIRED) {
            return Optional.empty();
        }
        String url = element.getBinding().getValueSet().split("\\|", 2)[0];
        return valueSets.computeIfAbsent(url, this::codes).map(codes -> url);
    }

    /** Empty when the value set cannot be counted out from what R4 brings. */
    private Optional<String> codes(String url) {
        try {
            var outcome = terminology.expandValueSet(new ValidationSupportContext(terminology), null, url);
            if (outcome == null || !(outcome.getValueSet() instanceof ValueSet expanded)) {
                return Optional.empty();
            }
            Map<String, Set<String>> systems = new TreeMap<>();
            collect(expanded.getExpansion().getContains(), systems);
            StringBuilder lines = new StringBuilder();
            systems.forEach((system, codes) -> lines.append(system)
                    .append('\t')
                    .append(String.join(" ", codes))
                    .append('\n'));
            return systems.isEmpty() ? Optional.empty() : Optional.of(lines.toString());
        } catch (RuntimeException unknown) {
            return Optional.empty();
        }
    }

    private static void collect(List<ValueSetExpansionContainsComponent> codes, Map<String, Set<String>> systems) {
        for (ValueSetExpansionContainsComponent code : codes) {
            systems.computeIfAbsent(code.getSystem(), system -> new TreeSet<>()).add(code.getCode());
            collect(code.getContains(), systems);
        }
    }

    /** Those of the type itself; an element's own type brings its own. ele-1 is a matter of the JSON. */
    static List<ElementDefinitionConstraintComponent> errors(StructureDefinition type, ElementDefinition element) {
        boolean resource = type.getKind() == StructureDefinitionKind.RESOURCE;
        return element.getConstraint().stream()
                .filter(each -> each.getSeverity() == ConstraintSeverity.ERROR)
                .filter(each -> !each.getKey().equals("ele-1"))
                .filter(each -> !each.hasSource()
                        || each.getSource().endsWith("/" + type.getType())
                        || resource && each.getKey().startsWith("dom-"))
                .toList();
    }
}
