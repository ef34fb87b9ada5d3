package org.careloop.transitions.domain.document;

import java.util.Collection;
import java.util.List;
import org.careloop.transitions.domain.document.DocumentRules.Part;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterParticipantComponent;
import org.hl7.fhir.r4.model.Resource;

/** Which of the parts that a recipient needs after a discharge are in a document. */
record DischargeInformation(List<Part> parts) {

    /** Returns the codes of those that are not, in the order of the rules. */
    List<String> missing(Encounter stay, Collection<Resource> included, List<SectionContent> sections) {
        return parts.stream()
                .filter(part -> !isThere(part, stay, included, sections))
                .map(Part::code)
                .toList();
    }

    private static boolean isThere(
            Part part, Encounter stay, Collection<Resource> included, List<SectionContent> sections) {
        boolean sectionsSay = part.sections().stream()
                .allMatch(key -> sections.stream()
                        .anyMatch(section -> section.section().key().equals(key) && section.says()));
        boolean isSomebody = part.participants().isEmpty()
                || stay.getParticipant().stream().anyMatch(participant -> isOneOf(part.participants(), participant));
        boolean isDiagnosed = !part.diagnoses()
                || stay.hasDiagnosis()
                || included.stream().anyMatch(resource -> TransitionDocument.isDiagnosisOf(stay, resource));
        return sectionsSay && isSomebody && isDiagnosed;
    }

    private static boolean isOneOf(List<String> roles, EncounterParticipantComponent participant) {
        return !participant.getIndividual().isEmpty()
                && participant.getType().stream()
                        .flatMap(type -> type.getCoding().stream())
                        .anyMatch(coding -> roles.contains(coding.getCode()));
    }
}
