package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Test;

class HandOffTest {

    static final Date NOW = Date.from(Instant.parse("2026-03-10T12:00:00Z"));
    static final Writer CASEY = writer("riverside-clinic", "casey");
    private static final Writer ROBIN = writer("riverside-clinic", "robin");
    private static final Writer AGENCY = writer("harbor-home-health", "hari");

    @Test
    void completesWhatIsSentWithTimeAndWriter() {
        Communication sent = sent();
        assertThat(sent.getSent()).isEqualTo(NOW);
        Reference by = (Reference)
                sent.getExtensionByUrl(CommunicationTerms.ENTERED_BY).getValue();
        assertThat(by.getReference()).isEqualTo("Organization/riverside-clinic");
        assertThat(by.getIdentifier().getValue()).isEqualTo("casey");
    }

    @Test
    void aDraftNeedsAPatientAlone() {
        Communication draft =
                new Communication().setStatus(CommunicationStatus.PREPARATION).setSubject(new Reference("Patient/ada"));
        HandOff.complete(Optional.empty(), draft, CASEY, false, NOW);
        assertThat(draft.hasSent()).isFalse();
        refuses(next -> next.setStatus(CommunicationStatus.PREPARATION).setSubject(null), "Communication.subject");
    }

    @Test
    void demandsAllThatAHandOffSays() {
        Map<String, Consumer<Communication>> faults = Map.ofEntries(
                Map.entry(
                        "Communication.payload: assessment is missing",
                        next -> next.getPayload().remove(2)),
                Map.entry(
                        "Communication.payload: situation is empty",
                        next -> next.getPayload().getFirst().setContent(new StringType(" "))),
                Map.entry(
                        "Communication.payload: no section of this kind",
                        next -> next.getPayload().getFirst().setExtension(List.of())),
                Map.entry(
                        "Communication.payload: background is there twice",
                        next -> section(next, "background", "again")),
                Map.entry("Communication.sender: missing", next -> next.setSender(null)),
                Map.entry("Communication.recipient: missing", next -> next.setRecipient(List.of())),
                Map.entry("Communication.about: missing", next -> next.setAbout(List.of())),
                Map.entry(
                        "Communication.about: not an obligation",
                        next -> next.getAboutFirstRep().setReference("Condition/1")),
                Map.entry(
                        "Communication.about: owner missing",
                        next -> next.getAboutFirstRep().setExtension(List.of())),
                Map.entry(
                        "Communication.about: owner missing, or not a recipient",
                        next -> next.setRecipient(List.of(new Reference("Organization/safe-rides")))),
                Map.entry("Communication.status: not one", next -> next.setStatus(CommunicationStatus.NOTDONE)),
                Map.entry(
                        "Communication.sent: in the future",
                        next -> next.setSent(Date.from(NOW.toInstant().plusSeconds(60)))),
                Map.entry(
                        "Communication.received: told by who sends",
                        next -> next.setReceived(NOW).setSent(NOW)));
        faults.forEach((text, fault) -> refuses(fault, text));
    }

    @Test
    void whatWasSentStaysAsItIs() {
        Communication sent = sent();
        Communication changed = sent.copy();
        changed.getPayloadFirstRep().setContent(new StringType("otherwise"));
        refuses(sent, changed, CASEY, "Communication: content of what was sent");
        refuses(sent, sent.copy().setStatus(CommunicationStatus.PREPARATION), CASEY, "Communication.status: back");
        Communication error = sent.copy().setStatus(CommunicationStatus.ENTEREDINERROR);
        refuses(sent, error.copy(), AGENCY, "Communication.status: taken back by another");
        HandOff.complete(Optional.of(sent), error, ROBIN, false, NOW);
        refuses(error, sent, CASEY, "Communication.status: back");
        // Who wrote it stays, whatever a later writer says.
        assertThat(((Reference) error.getExtensionByUrl(CommunicationTerms.ENTERED_BY)
                                .getValue())
                        .getIdentifier()
                        .getValue())
                .isEqualTo("casey");
    }

    @Test
    void whoTakesOverSaysThatItWasReceived() {
        Communication sent = sent();
        Communication received = sent.copy().setReceived(NOW);
        refuses(sent, received.copy(), CASEY, "Communication.received: not told by who takes over");
        refuses(sent, received.copy(), ROBIN, "Communication.received: not told by who takes over");
        Date before = Date.from(NOW.toInstant().minusSeconds(60));
        refuses(sent, sent.copy().setReceived(before), AGENCY, "Communication.received: before it was sent");
        HandOff.complete(Optional.of(sent), received, AGENCY, false, NOW);
        assertThat(((Reference) received.getExtensionByUrl(CommunicationTerms.RECEIVED_BY)
                                .getValue())
                        .getReference())
                .isEqualTo("Organization/harbor-home-health");
        refuses(received, received.copy().setReceived(null), AGENCY, "Communication.received: changed");
        // Of persons it is not known whom they work for, only that it is not the same.
        Communication toPerson = sent();
        toPerson.setRecipient(List.of(new Reference("Practitioner/robin")));
        toPerson.getAboutFirstRep()
                .getExtensionByUrl(CommunicationTerms.OWNER)
                .setValue(new Reference("Practitioner/robin"));
        refuses(toPerson, toPerson.copy().setReceived(NOW), CASEY, "Communication.received: not told");
        HandOff.complete(Optional.of(toPerson), toPerson.copy().setReceived(NOW), ROBIN, false, NOW);
    }

    @Test
    void aReadBackIsByARecipientOfTheHandOff() {
        Communication sent = sent();
        Communication readBack = readBack();
        HandOff.completeReadBack(readBack, Optional.of(sent), AGENCY, NOW);
        assertThat(HandOff.received(sent, readBack).getReceived()).isEqualTo(NOW);
        refusesReadBack(next -> next.setSender(new Reference("Organization/safe-rides")), sent, "Communication.sender");
        refusesReadBack(next -> next.setPayload(List.of()), sent, "Communication.payload: empty");
        refusesReadBack(next -> next.setSubject(new Reference("Patient/bo")), sent, "Communication.inResponseTo: not");
        refusesReadBack(next -> {}, readBack(), "Communication.inResponseTo: not one hand-off");
        refusesReadBack(next -> {}, HandOff.received(sent, readBack), "Communication.inResponseTo: read back already");
        // Nor does a colleague of who wrote it read it back in the name of the agency, nor a system of theirs.
        Writer system = new Writer(Optional.of("Organization/riverside-clinic"), Optional.empty(), false);
        for (Writer other : List.of(ROBIN, system)) {
            assertThatThrownBy(() -> HandOff.completeReadBack(readBack(), Optional.of(sent), other, NOW))
                    .isInstanceOf(FhirProblem.class)
                    .hasMessageContaining("Communication.sender: not told by who takes over");
        }
    }

    @Test
    void anAgencyDoesNotReceiveWhatItHandsOverToAPerson() {
        // Given
        Writer wrote = writer("harbor-home-health", "kim");
        Communication sent = complete()
                .setSender(new Reference("Organization/harbor-home-health"))
                .setRecipient(List.of(new Reference("Practitioner/doctor")));
        sent.getAboutFirstRep().setExtension(null);
        sent.getAboutFirstRep().addExtension(CommunicationTerms.OWNER, new Reference("Practitioner/doctor"));
        HandOff.complete(Optional.empty(), sent, wrote, false, NOW);
        // Then
        assertThatThrownBy(() -> HandOff.complete(
                        Optional.of(sent.copy()),
                        sent.copy().setReceived(NOW),
                        writer("harbor-home-health", "lee"),
                        false,
                        NOW))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("Communication.received: not told by who takes over");
        HandOff.complete(Optional.of(sent.copy()), sent.copy().setReceived(NOW), ROBIN, false, NOW);
    }

    @Test
    void aCommunicationIsOfOneKindThatHasRules() {
        Communication both = complete();
        GuardedCategories.requireOne(both);
        both.addCategory(new CodeableConcept(new Coding(ReadmissionNotice.SYSTEM, "outreach", null)));
        GuardedCategories.requireOne(both);
        both.getCategoryFirstRep().addCoding(new Coding(ReadmissionNotice.SYSTEM, "stay-notice", null));
        assertThatThrownBy(() -> GuardedCategories.requireOne(both))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("Communication.category: of several kinds");
    }

    static Communication complete() {
        Communication next = new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSubject(new Reference("Patient/ada"))
                .setSender(new Reference("Organization/riverside-clinic"))
                .addRecipient(new Reference("Organization/harbor-home-health"));
        next.addCategory(new CodeableConcept(new Coding(ReadmissionNotice.SYSTEM, "sbar", null)));
        next.addAbout(new Reference("Task/1"))
                .getAboutFirstRep()
                .addExtension(CommunicationTerms.OWNER, new Reference("Organization/harbor-home-health"));
        for (String section : List.of("situation", "background", "assessment", "recommendation")) {
            section(next, section, "text of " + section);
        }
        return next;
    }

    static void section(Communication next, String code, String text) {
        next.addPayload().setContent(new StringType(text)).addExtension(CommunicationTerms.SECTION, new CodeType(code));
    }

    static Writer writer(String organization, String person) {
        boolean ofAgency = !organization.equals("riverside-clinic");
        return new Writer(
                Optional.of("Organization/" + organization), Optional.of(new Identifier().setValue(person)), ofAgency);
    }

    private static Communication sent() {
        Communication next = complete();
        HandOff.complete(Optional.empty(), next, CASEY, false, NOW);
        return next;
    }

    private static Communication readBack() {
        Communication next = new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSubject(new Reference("Patient/ada"))
                .setSender(new Reference("Organization/harbor-home-health"))
                .setTopic(new CodeableConcept(new Coding(CommunicationTerms.TOPIC_SYSTEM, "read-back", null)));
        next.addCategory(new CodeableConcept(new Coding(ReadmissionNotice.SYSTEM, "sbar", null)));
        next.addPayload().setContent(new StringType("Visit tomorrow, weight, call at two pounds"));
        return next;
    }

    private static void refuses(Consumer<Communication> fault, String text) {
        Communication next = complete();
        fault.accept(next);
        assertThatThrownBy(() -> HandOff.complete(Optional.empty(), next, CASEY, false, NOW))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining(": " + text);
    }

    private static void refuses(Communication before, Communication next, Writer writer, String text) {
        assertThatThrownBy(() -> HandOff.complete(Optional.of(before), next, writer, false, NOW))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining(": " + text);
    }

    private static void refusesReadBack(Consumer<Communication> fault, Communication original, String text) {
        Communication next = readBack();
        fault.accept(next);
        assertThatThrownBy(() -> HandOff.completeReadBack(next, Optional.of(original), AGENCY, NOW))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining(": " + text);
    }
}
