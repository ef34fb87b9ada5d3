package org.careloop.transitions.domain.document;

import java.util.List;
import org.careloop.transitions.domain.document.DocumentRules.Part;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterParticipantComponent;

/** Which of the parts that a recipient needs after a discharge are in a document. */
record DischargeInformation(List<Part> parts) {

    /**
     * Returns the codes of those that are not, in the order of the rules.
     *
     * @param shown the Encounter of {@code stay} as the document shows it
     */
    List<String> missing(DischargedStay stay, Encounter shown, List<SectionContent> sections) {
        return parts.stream()
                .filter(part -> !isThere(part, stay, shown, sections))
                .map(Part::code)
                .toList();
    }

    private static boolean isThere(Part part, DischargedStay stay, Encounter shown, List<SectionContent> sections) {
        boolean sectionsSay = part.sections().stream()
                .allMatch(key -> sections.stream()
                        .filter(section -> section.section().key().equals(key))
                        .anyMatch(section -> part.ofStay() ? section.saysOf(stay) : section.says()));
        boolean isSomebody = part.participants().isEmpty()
                || shown.getParticipant().stream().anyMatch(participant -> isOneOf(part.participants(), participant));
        boolean isDiagnosed = part.diagnoses().isEmpty()
                || shown.getDiagnosis().stream()
                        .flatMap(diagnosis -> diagnosis.getUse().getCoding().stream())
                        .anyMatch(use -> part.diagnoses().contains(use.getCode()));
        return sectionsSay && isSomebody && isDiagnosed;
    }

    private static boolean isOneOf(List<String> roles, EncounterParticipantComponent participant) {
        return !participant.getIndividual().isEmpty()
                && participant.getType().stream()
                        .flatMap(type -> type.getCoding().stream())
                        .anyMatch(coding -> roles.contains(coding.getCode()));
    }
}
