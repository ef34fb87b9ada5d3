package org.careloop.fhirvalidation;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirvalidation.internal.CodeExpansion;
import org.jspecify.annotations.Nullable;

/**
 * The codes, by system, that the value sets and code systems of FHIR R4 and of the installed packages name. They are loaded
 * when they are first asked for. Nothing is known of systems whose codes are not shipped, such as SNOMED CT.
 */
@Singleton
public class CodeSets {

    private final ConformancePackages packages;
    private @Nullable CodeExpansion expansion;

    CodeSets(ConformancePackages packages) {
        this.packages = packages;
    }

    /** What can be asked; blocks. */
    public interface Known {

        /** Returns the codes of the value set {@code canonical}; empty when it is unknown or cannot be expanded. */
        Optional<Map<String, Set<String>>> ofValueSet(String canonical);

        /** Returns {@code code} and all that are a kind of it; empty when it is unknown. */
        Optional<Set<String>> below(String system, String code);

        /** Returns {@code code} and all that it is a kind of; empty when it is unknown. */
        Optional<Set<String>> above(String system, String code);
    }

    /** Returns what answers; the first call loads it, which takes a second and blocks. */
    public Known known() {
        return expansion();
    }

    synchronized CodeExpansion expansion() {
        if (expansion == null) {
            expansion = new CodeExpansion(packages.resources());
        }
        return expansion;
    }
}
