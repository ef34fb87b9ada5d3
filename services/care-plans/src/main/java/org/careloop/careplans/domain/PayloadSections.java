package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.CommunicationTerms.require;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationPayloadComponent;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.StringType;

/** A payload of which each part is a text that says which section it is. */
final class PayloadSections {

    private PayloadSections() {}

    /** Fails unless {@code communication} has each of {@code sections} once, none of them empty, and no other. */
    static void check(Communication communication, List<String> sections) {
        Map<String, Integer> found = new HashMap<>();
        for (CommunicationPayloadComponent part : communication.getPayload()) {
            Extension section = part.getExtensionByUrl(CommunicationTerms.SECTION);
            String code = section == null || !section.hasValue()
                    ? ""
                    : String.valueOf(section.getValue().primitiveValue());
            require(
                    sections.contains(code),
                    "payload",
                    "no section of this kind (expected: the extension " + CommunicationTerms.SECTION + " with one of "
                            + String.join(", ", sections) + ")");
            require(
                    part.getContent() instanceof StringType text
                            && text.hasValue()
                            && !text.getValue().isBlank(),
                    "payload",
                    code + " is empty (expected: contentString with a text)");
            found.merge(code, 1, Integer::sum);
        }
        for (String section : sections) {
            require(
                    found.containsKey(section),
                    "payload",
                    section + " is missing (expected: all of " + String.join(", ", sections) + ")");
            require(found.get(section) == 1, "payload", section + " is there twice (expected: once)");
        }
    }
}
