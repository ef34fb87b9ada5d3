package org.careloop.careplans.domain;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Reference;

/** What hand-offs and debriefs are told from, and how their faults are told. */
final class CommunicationTerms {

    static final String TOPIC_SYSTEM = "https://careloop.org/fhir/CodeSystem/communication-topic";

    private static final String EXTENSIONS = "https://careloop.org/fhir/StructureDefinition/";

    /** On {@code Communication.payload}: which section it is (code). */
    static final String SECTION = EXTENSIONS + "payload-section";
    /** On {@code Communication}: who of which organisation wrote it (reference), as the server knows it. */
    static final String ENTERED_BY = EXTENSIONS + "entered-by";
    /** On {@code Communication}: who of which organisation said that it was received (reference), as the server knows it. */
    static final String RECEIVED_BY = EXTENSIONS + "received-by";
    /** On {@code Communication.about}: who has to see to it (reference). */
    static final String OWNER = EXTENSIONS + "obligation-owner";

    private CommunicationTerms() {}

    static boolean isOf(Communication communication, String category) {
        return communication.getCategory().stream()
                .anyMatch(each -> each.hasCoding(ReadmissionNotice.SYSTEM, category));
    }

    /** The codes of the topic in {@link #TOPIC_SYSTEM}. */
    static List<String> topics(CodeableConcept topic) {
        return topic.getCoding().stream()
                .filter(coding -> TOPIC_SYSTEM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .toList();
    }

    static boolean isTold(Reference reference) {
        return reference.hasReference() || reference.hasIdentifier();
    }

    /** A fault of {@code Communication.element}. */
    static FhirProblem fault(String element, String problem) {
        String path = "Communication." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }

    static void require(boolean fulfilled, String element, String problem) {
        if (!fulfilled) {
            throw fault(element, problem);
        }
    }
}
