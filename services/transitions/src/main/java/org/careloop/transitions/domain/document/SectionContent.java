package org.careloop.transitions.domain.document;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.transitions.domain.document.DocumentRules.Section;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * What one section says. Where nothing is known it says that; that there is nothing it says only where the record does, and nothing
 * that is withheld says otherwise.
 *
 * @param entries newest first, at most as many as the rules allow
 * @param more how many there are besides
 * @param noneKnown the statement that there is nothing, of a section without entries
 */
record SectionContent(Section section, List<Resource> entries, int more, Optional<Resource> noneKnown) {

    private static final String LOINC = "http://loinc.org";
    private static final String REASONS = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
    private static final List<String> NAMING = List.of("code", "vaccine-code", "type");

    static SectionContent of(
            Section section, List<Resource> shown, List<Resource> withheld, DischargedStay stay, int most) {
        List<Resource> all = new ArrayList<>();
        List<Resource> none = new ArrayList<>();
        for (EntryRule rule : section.entries()) {
            List<Resource> found = newestFirst(shown).stream()
                    .filter(resource -> rule.selects(resource, stay) && !all.contains(resource))
                    .toList();
            found.stream().filter(resource -> saysNone(section, resource)).forEach(none::add);
            List<Resource> some = found.stream()
                    .filter(resource -> !saysNone(section, resource))
                    .toList();
            all.addAll(rule.newestOfEachCode() ? newestOfEachCode(some) : some);
        }
        boolean isWithheld = withheld.stream()
                .anyMatch(resource -> section.entries().stream().anyMatch(rule -> rule.selects(resource, stay)));
        Optional<Resource> noneKnown =
                all.isEmpty() && !isWithheld ? none.stream().findFirst() : Optional.empty();
        List<Resource> listed = all.stream().limit(most).toList();
        return new SectionContent(section, listed, all.size() - listed.size(), noneKnown);
    }

    /** Whether it says anything. */
    boolean says() {
        return !entries.isEmpty() || noneKnown.isPresent();
    }

    /** Whether it says anything of what was done in {@code stay}, or that there is nothing. */
    boolean saysOf(DischargedStay stay) {
        return noneKnown.isPresent() || entries.stream().anyMatch(entry -> EntryRule.isFrom(stay, entry));
    }

    SectionComponent component(Map<String, Resource> known) {
        SectionComponent component = new SectionComponent()
                .setTitle(section.title())
                .setCode(new CodeableConcept(new Coding(LOINC, section.code(), section.display())))
                .setText(text(known));
        entries.forEach(entry -> component.addEntry(new Reference(TransitionDocument.referenceTo(entry))));
        if (entries.isEmpty()) {
            Coding reason = noneKnown.isPresent()
                    ? new Coding(REASONS, "nilknown", "Nil Known")
                    : new Coding(REASONS, "unavailable", "Unavailable");
            component.setEmptyReason(new CodeableConcept(reason));
        }
        return component;
    }

    private Narrative text(Map<String, Resource> known) {
        if (entries.isEmpty()) {
            return SectionText.sentence(noneKnown
                    .map(statement -> "None known: " + EntryText.of(statement, known))
                    .orElse("Nothing is available here. That does not mean that there is nothing."));
        }
        return SectionText.list(
                entries.stream().map(entry -> EntryText.of(entry, known)).toList(), more);
    }

    private static boolean saysNone(Section section, Resource resource) {
        return NAMING.stream().anyMatch(parameter -> Codes.has(resource, parameter, section.noneKnown()));
    }

    /** Those without a time come last; of one time, in the order of their ids, so that the same record makes the same document. */
    private static List<Resource> newestFirst(List<Resource> resources) {
        return resources.stream()
                .sorted(Comparator.comparing(
                                (Resource each) -> RecordTime.of(each).orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(TransitionDocument::referenceTo))
                .toList();
    }

    private static List<Resource> newestOfEachCode(List<Resource> sorted) {
        Set<String> seen = new HashSet<>();
        return sorted.stream().filter(resource -> seen.add(Codes.key(resource))).toList();
    }
}
