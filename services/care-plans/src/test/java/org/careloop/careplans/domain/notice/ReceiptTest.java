package org.careloop.careplans.domain.notice;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private static final Instant SENT = Instant.parse("2026-03-07T21:00:00Z");
    private static final Instant NOW = SENT.plusSeconds(3600);
    private static final String HOME = "Organization/home";

    private final Communication sent = sent("stay-notice");

    @Test
    void theRecipientSaysOnceWhenItWasReceived() {
        assertThatCode(() -> receive(HOME, next -> {})).doesNotThrowAnyException();
        refused("once", HOME, next -> sent.setReceived(Date.from(SENT)));
    }

    @Test
    void nobodyElseSaysSoAndNothingElseChanges() {
        refused("by the organization of the recipient", "Organization/other", next -> {});
        refused("nothing else changes", HOME, next -> next.addNote().setText("more"));
        refused("nothing else changes", HOME, next -> next.setStatus(CommunicationStatus.ENTEREDINERROR));
        refused("nothing else changes", HOME, next -> next.setSent(Date.from(SENT.minusSeconds(5))));
    }

    @Test
    void theTimeIsBetweenSentAndNow() {
        refused("from sent on", HOME, next -> next.setReceived(Date.from(SENT.minusSeconds(1))));
        refused("from sent on", HOME, next -> next.setReceived(null));
        refused("now or before", HOME, next -> next.setReceived(Date.from(NOW.plusSeconds(300))));
        assertThatCode(() -> receive(HOME, next -> next.setReceived(Date.from(NOW.plusSeconds(60)))))
                .doesNotThrowAnyException();
    }

    @Test
    void whoKeepsTheRecordTakesADocumentBackWithAReason() {
        Communication document = sent("transition-document");
        Communication back = document.copy()
                .setStatus(CommunicationStatus.ENTEREDINERROR)
                .setStatusReason(new CodeableConcept().setText("Sent to the wrong clinic"));
        assertThatCode(() -> Receipt.require(document, back, Optional.of("Organization/team"), true, NOW))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Receipt.require(document, back, Optional.of(HOME), false, NOW))
                .isInstanceOf(FhirProblem.class);
        assertThatThrownBy(() -> Receipt.require(
                        document, back.copy().setStatusReason(null), Optional.of("Organization/team"), true, NOW))
                .isInstanceOf(FhirProblem.class);
        assertThatThrownBy(() -> Receipt.require(
                        document, back.copy().setReceived(Date.from(NOW)), Optional.of("Organization/team"), true, NOW))
                .isInstanceOf(FhirProblem.class);
    }

    private void refused(String expected, String organization, Consumer<Communication> change) {
        assertThatThrownBy(() -> receive(organization, change))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining(expected);
    }

    private void receive(String organization, Consumer<Communication> change) {
        Communication next = sent.copy().setReceived(Date.from(NOW.minusSeconds(60)));
        change.accept(next);
        Receipt.require(sent, next, Optional.of(organization), false, NOW);
    }

    private static Communication sent(String category) {
        Communication sent = new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSent(Date.from(SENT))
                .addRecipient(new Reference(HOME));
        sent.addCategory(new CodeableConcept(
                new Coding("https://careloop.org/fhir/CodeSystem/communication-category", category, null)));
        return sent;
    }
}
