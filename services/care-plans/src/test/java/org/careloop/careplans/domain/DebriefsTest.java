package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

class DebriefsTest {

    private static final String PREVENTABILITY = "https://careloop.org/fhir/CodeSystem/preventability";
    private static final String FACTORS = "https://careloop.org/fhir/CodeSystem/readmission-factor";
    private final Debriefs debriefs = Debriefs.shipped();

    @Test
    void takesADebriefAndAReviewThatAreWhole() {
        for (Communication next : List.of(debrief(), review())) {
            debriefs.complete(Optional.empty(), next, HandOffTest.CASEY, HandOffTest.NOW);
            assertThat(next.getSent()).isEqualTo(HandOffTest.NOW);
            assertThat(next.getExtensionByUrl(CommunicationTerms.ENTERED_BY)).isNotNull();
        }
    }

    @Test
    void demandsWhatEachKindNeeds() {
        Map<String, Consumer<Communication>> faults = Map.of(
                "Communication.topic: not a kind of debrief", next -> next.setTopic(null),
                "Communication.payload: cause is missing",
                        next -> next.getPayload().removeLast(),
                "Communication.sender: missing", next -> next.setSender(null),
                "Communication.encounter: missing", next -> next.setEncounter(null),
                "Communication.about: missing", next -> next.setAbout(List.of(new Reference("CarePlan/1"))),
                "Communication.reasonCode: does not say whether",
                        next -> next.getReasonCode().removeFirst(),
                "Communication.reasonCode: does not say what contributed",
                        next -> next.getReasonCode().removeLast());
        faults.forEach((text, fault) -> {
            Communication next = review();
            fault.accept(next);
            assertThatThrownBy(() -> debriefs.complete(Optional.empty(), next, HandOffTest.CASEY, HandOffTest.NOW))
                    .isInstanceOf(FhirProblem.class)
                    .hasMessageContaining(": " + text);
        });
        Communication other = review();
        other.addReasonCode(new CodeableConcept(new Coding(FACTORS, "bad-luck", null)));
        assertThatThrownBy(() -> debriefs.complete(Optional.empty(), other, HandOffTest.CASEY, HandOffTest.NOW))
                .hasMessageContaining("Communication.reasonCode: does not say what contributed");
    }

    private static Communication debrief() {
        Communication next = new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSubject(new Reference("Patient/ada"))
                .setEncounter(new Reference("Encounter/2"))
                .setSender(new Reference("PractitionerRole/casey"))
                .addAbout(new Reference("EpisodeOfCare/1"))
                .setTopic(topic("transition-debrief"));
        next.addCategory(new CodeableConcept(new Coding(ReadmissionNotice.SYSTEM, "debrief", null)));
        HandOffTest.section(next, "went-well", "Call on the first day");
        HandOffTest.section(next, "could-be-tighter", "The scales came late");
        return next;
    }

    private static Communication review() {
        Communication next = debrief().setTopic(topic("readmission-review"));
        HandOffTest.section(next, "cause", "Fluid");
        next.addReasonCode(new CodeableConcept(new Coding(PREVENTABILITY, "preventable", null)));
        next.addReasonCode(new CodeableConcept(new Coding(FACTORS, "services-late", null)));
        return next;
    }

    private static CodeableConcept topic(String code) {
        return new CodeableConcept(new Coding(CommunicationTerms.TOPIC_SYSTEM, code, null));
    }
}
