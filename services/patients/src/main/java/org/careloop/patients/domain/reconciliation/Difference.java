package org.careloop.patients.domain.reconciliation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueSeverity;

/**
 * Something of the lists that a person has to decide.
 *
 * @param about names what it is about, the same whenever it is found again
 * @param medicine key of the row that it is about, where it is about one
 * @param print of the facts that it rests on; another print is another question
 */
public record Difference(
        DifferenceKind kind,
        String about,
        Optional<String> medicine,
        List<ResourceKey> implicated,
        DetectedIssueSeverity severity,
        String print,
        List<Coding> labels) {

    /** Of entries of the lists. */
    static Difference of(
            DifferenceKind kind,
            String about,
            Optional<String> medicine,
            Collection<ListedMedicine> entries,
            DetectedIssueSeverity severity) {
        List<String> facts = entries.stream()
                .map(entry -> entry.print(kind.isOfDosage()))
                .sorted()
                .toList();
        return new Difference(
                kind,
                about,
                medicine,
                keys(entries.stream().map(ListedMedicine::source)),
                severity,
                printOf(kind, facts),
                labelsOf(entries.stream().flatMap(entry -> entry.labels().stream())));
    }

    static List<ResourceKey> keys(Stream<ResourceKey> keys) {
        return keys.distinct()
                .sorted(Comparator.comparing(ResourceKey::reference))
                .toList();
    }

    /** A digest: what is stored beside a resource tells nothing of health. */
    static String printOf(DifferenceKind kind, List<String> facts) {
        return FhirId.derivedFrom(
                        Stream.concat(Stream.of(kind.code()), facts.stream()).toArray(String[]::new))
                .value();
    }

    static List<Coding> labelsOf(Stream<Coding> labels) {
        List<Coding> distinct = new ArrayList<>();
        labels.filter(label -> distinct.stream().noneMatch(label::equalsDeep)).forEach(distinct::add);
        return List.copyOf(distinct);
    }

    /** The id of the DetectedIssue of it: found again, it is the same. */
    public FhirId issueId(String encounterId) {
        return FhirId.derivedFrom("medication-reconciliation", encounterId, kind.code(), about);
    }
}
