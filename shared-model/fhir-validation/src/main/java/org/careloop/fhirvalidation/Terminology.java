package org.careloop.fhirvalidation;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirvalidation.internal.CodeExpansion;
import org.careloop.fhirvalidation.internal.ConceptNames;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r4.model.ValueSet;
import org.jspecify.annotations.Nullable;

/**
 * The value sets and code systems of FHIR R4 and of the installed packages, with what their codes are called. All methods
 * block: the first call loads them, and each set is parsed when it is first asked for. Canonicals may have a version.
 */
@Singleton
public class Terminology {

    /**
     * One code.
     *
     * @param selectable whether it may be used, or only groups others
     */
    public record Concept(String system, String code, Optional<String> display, boolean selectable) {}

    private static final String NOT_SELECTABLE = "notSelectable";

    private final CodeSets sets;
    private @Nullable ConceptNames names;

    Terminology(CodeSets sets) {
        this.sets = sets;
    }

    /** Returns the definition of a value set; empty when it is unknown. */
    public Optional<ValueSet> valueSet(String canonical) {
        return Optional.ofNullable((ValueSet) codes().find("ValueSet", canonical));
    }

    /** Returns the definition of a code system, which may hold no codes; empty when it is unknown. */
    public Optional<CodeSystem> codeSystem(String canonical) {
        return Optional.ofNullable((CodeSystem) codes().find("CodeSystem", canonical));
    }

    /** The code systems, as {@code url|version}. */
    public List<String> codeSystems() {
        return codes().canonicals("CodeSystem");
    }

    /** Returns all codes of {@code set} in the order of its definition; empty when they are not known whole. */
    public Optional<List<Concept>> expand(ValueSet set) {
        String canonical = set.hasVersion() ? set.getUrl() + "|" + set.getVersion() : set.getUrl();
        return codes().ofValueSet(canonical).map(codes -> named(set, codes));
    }

    private List<Concept> named(ValueSet set, Map<String, Set<String>> codes) {
        Map<String, String> given = names().in(set);
        List<Concept> concepts = new ArrayList<>();
        codes.forEach((system, ofSystem) -> ofSystem.forEach(code -> {
            Optional<ConceptDefinitionComponent> known = concept(system, code);
            Optional<String> display = Optional.ofNullable(given.get(system + "|" + code))
                    .or(() -> known.map(ConceptDefinitionComponent::getDisplay));
            concepts.add(new Concept(
                    system, code, display, known.map(Terminology::isSelectable).orElse(true)));
        }));
        return concepts;
    }

    private static boolean isSelectable(ConceptDefinitionComponent concept) {
        return concept.getProperty().stream()
                .noneMatch(property -> NOT_SELECTABLE.equals(property.getCode())
                        && property.getValue() instanceof BooleanType value
                        && value.booleanValue());
    }

    /** Returns the concept {@code code} of the code system {@code canonical}; empty when it is not known. */
    public Optional<ConceptDefinitionComponent> concept(String canonical, String code) {
        return names().find(canonical, code);
    }

    private CodeExpansion codes() {
        return sets.expansion();
    }

    private synchronized ConceptNames names() {
        if (names == null) {
            names = new ConceptNames(codes());
        }
        return names;
    }
}
