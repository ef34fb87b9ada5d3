package org.careloop.transitions.app;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.alerts.AlertMapping;
import org.careloop.transitions.alerts.AlertMessage;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.MessageProvenance;
import org.careloop.transitions.hl7.AdtMapping;
import org.careloop.transitions.hl7.Hl7Message;
import org.careloop.transitions.hl7.SenderProfile;
import org.careloop.transitions.hl7.SenderProfiles;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.careloop.transitions.store.Hl7MessageRecord.Transport;
import org.hl7.fhir.r4.model.Bundle;

/** Reads a message that was kept, as it was read when it was accepted. */
@Singleton
public class ReadMessage {

    /**
     * What a message says.
     *
     * @param parts what it says of each patient
     * @param zone of the site
     */
    public record Told(List<AdtFacts> parts, MessageProvenance provenance, ZoneId zone) {}

    private final SenderProfiles profiles;

    ReadMessage(SenderProfiles profiles) {
        this.profiles = profiles;
    }

    /** Returns what {@code message} says; fails with MessageRejection or FhirProblem when it is acceptable no more. */
    public Told handle(Hl7MessageRecord message) {
        return message.source().transport() == Transport.FHIR ? alert(message) : hl7(message);
    }

    private Told alert(Hl7MessageRecord message) {
        AlertMessage parsed = AlertMessage.of(FhirJson.parse(Bundle.class, message.raw()));
        String organization = message.source().organization().orElseThrow();
        AdtFacts facts = AlertMapping.map(parsed, organization, message.received());
        MessageProvenance provenance = new MessageProvenance(
                message.origin().application(),
                message.origin().facility(),
                message.origin().controlId(),
                parsed.event(),
                organization,
                message.received(),
                facts.event().when().at());
        return new Told(
                List.of(facts), provenance, profiles.sites().get(organization).zone());
    }

    private Told hl7(Hl7MessageRecord message) {
        Hl7Message parsed = Hl7Message.parse(message.raw());
        SenderProfile profile = profiles.require(parsed.header());
        List<AdtFacts> parts = AdtMapping.map(parsed, profile, message.received());
        Instant happened = parts.getFirst().event().when().at();
        MessageProvenance provenance = new MessageProvenance(
                parsed.header().sendingApplication(),
                parsed.header().sendingFacility(),
                parsed.header().controlId(),
                parsed.event().name(),
                profile.organization(),
                message.received(),
                happened);
        return new Told(parts, provenance, profile.timeZone());
    }
}
