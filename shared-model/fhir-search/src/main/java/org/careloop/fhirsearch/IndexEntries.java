package org.careloop.fhirsearch;

import java.time.Instant;
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
    public static final int VERSION = 3;

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
        String type = resource.fhirType();
        IndexBuilder builder = new IndexBuilder(
                combined.stream().filter(index -> index.type().equals(type)).toList());
        for (IndexedParameter indexed : IndexedParameter.of(type)) {
            builder.add(indexed, indexed.parameter().path().evaluate(resource));
        }
        return builder.build(Compartment.patientOf(resource));
    }

    /**
     * Digests of {@link #references}, {@link #strings}, {@link #dates} and {@link #numbers}, in this order: equal entries, in
     * whatever order, have equal digests.
     */
    public List<Long> digests() {
        long ofReferences = 0;
        for (ReferenceEntry each : references) {
            ofReferences += mixed(each.parameter, each.target);
        }
        long ofStrings = 0;
        for (StringEntry each : strings) {
            ofStrings += mixed(each.parameter, IndexHash.ofTarget(each.folded));
        }
        long ofDates = 0;
        for (DateEntry each : dates) {
            ofDates += mixed(mixed(each.parameter, each.range.low()), each.range.high());
        }
        long ofNumbers = 0;
        for (NumberEntry each : numbers) {
            ofNumbers +=
                    mixed(mixed(each.parameter, Double.doubleToLongBits(each.low)), Double.doubleToLongBits(each.high));
        }
        return List.of(ofReferences, ofStrings, ofDates, ofNumbers);
    }

    private static long mixed(long digest, Instant time) {
        return mixed(mixed(digest, time.getEpochSecond()), time.getNano());
    }

    private static long mixed(long digest, long more) {
        return IndexHash.avalanche(IndexHash.avalanche(digest) + more);
    }
}
