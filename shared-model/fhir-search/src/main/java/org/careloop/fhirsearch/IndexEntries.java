package org.careloop.fhirsearch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;

/**
 * What the store keeps of a resource so that searches find it.
 *
 * @param tokens keys of tokens, uris, exact strings and absent parameters, see {@link IndexHash#ofValue}
 * @param combined keys of {@link CombinedIndex}es
 * @param patient the id of the patient whose compartment the resource is in; a Patient is in its own
 */
public record IndexEntries(
        Set<Long> tokens,
        Set<ReferenceEntry> references,
        Set<StringEntry> strings,
        Set<DateEntry> dates,
        Set<NumberEntry> numbers,
        Set<Long> combined,
        Optional<String> patient) {

    /**
     * The number of this format. Whoever changes what {@link #of} makes of any resource raises it, with a migration that makes
     * the index {@code resource_outdated} anew: what was stored before is then indexed again, and found as new resources are.
     */
    public static final int VERSION = 1;

    /** A reference: the parameter's key and {@link IndexHash#ofTarget}. */
    public record ReferenceEntry(long parameter, long target) {}

    /** A string without case and accents, for prefix and substring. */
    public record StringEntry(long parameter, String folded) {}

    /** The time that a date covers. */
    public record DateEntry(long parameter, DateRange range) {}

    /** The interval that a number stands for; of quantities also once for each spelling of its unit. */
    public record NumberEntry(long parameter, double low, double high) {}

    /** No entries, of a resource in the compartment of {@code patient}. */
    public static IndexEntries none(Optional<String> patient) {
        return new IndexEntries(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), patient);
    }

    /** Reads all entries of {@code resource}, whose id is set. Never fails: a value that cannot be indexed is absent. */
    public static IndexEntries of(Resource resource) {
        return of(resource, List.of());
    }

    /** As {@link #of(Resource)}, with the keys of {@code combined}. */
    public static IndexEntries of(Resource resource, List<CombinedIndex> combined) {
        List<CombinedIndex> own = combined.stream()
                .filter(index -> index.type().equals(resource.fhirType()))
                .toList();
        IndexBuilder builder = new IndexBuilder(resource.fhirType(), own);
        SearchParameters.of(resource.fhirType()).values().stream()
                .filter(parameter -> !SearchParameters.FROM_COLUMNS.contains(parameter.name()))
                .forEach(parameter -> builder.add(parameter, parameter.path().evaluate(resource)));
        return builder.build(patientOf(resource));
    }

    /**
     * Digests of {@link #references}, {@link #strings}, {@link #dates} and {@link #numbers}, in this order: equal entries, in
     * whatever order, have equal digests.
     */
    public List<Long> digests() {
        return List.of(digest(references), digest(strings), digest(dates), digest(numbers));
    }

    private static long digest(Set<? extends Record> entries) {
        return entries.stream()
                .mapToLong(entry -> IndexHash.ofTarget(entry.toString()))
                .sum();
    }

    private static Optional<String> patientOf(Resource resource) {
        if (resource.fhirType().equals(Compartment.TYPE)) {
            return Optional.of(resource.getIdElement().getIdPart());
        }
        return Compartment.PARAMETERS.stream()
                .flatMap(name -> SearchParameters.find(resource.fhirType(), name).stream())
                .flatMap(parameter -> parameter.path().evaluate(resource).stream())
                .flatMap(element -> Compartment.memberOf(element).stream())
                .findFirst();
    }
}
