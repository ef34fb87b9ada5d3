package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.hl7.Acknowledgement;
import org.careloop.transitions.hl7.AdtMapping;
import org.careloop.transitions.hl7.ErrorCode;
import org.careloop.transitions.hl7.Hl7Message;
import org.careloop.transitions.hl7.MessageHeader;
import org.careloop.transitions.hl7.MessageLocation;
import org.careloop.transitions.hl7.MessageRejection;
import org.careloop.transitions.hl7.SenderProfile;
import org.careloop.transitions.hl7.SenderProfiles;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.careloop.transitions.store.Hl7MessageRecord.Origin;
import org.careloop.transitions.store.Hl7MessageRecord.Place;
import org.careloop.transitions.store.Hl7MessageRecord.Source;
import org.careloop.transitions.store.Hl7MessageRecord.Transport;

/**
 * Takes an HL7 v2 message and returns its acknowledgement. AA means: checked whole, kept durably, will take effect. AE and
 * AR mean: kept with the reason, for an operator, and nothing else happened. A message of the same sender with the same
 * control id is acknowledged and has no second effect.
 *
 * @see <a href="http://www.hl7.eu/HL7v2x/v251/std251/ch02.html">HL7 v2.5.1, chapter 2.9.2, original mode</a>
 */
@Singleton
public class ReceiveMessage {

    /** The answer to a message. */
    public record Answer(boolean accepted, byte[] acknowledgement) {}

    private final DatabaseTransactions transactions;
    private final SenderProfiles profiles;
    private final KeepMessage keepMessage;
    private final Clock clock;

    ReceiveMessage(DatabaseTransactions transactions, SenderProfiles profiles, KeepMessage keepMessage, Clock clock) {
        this.transactions = transactions;
        this.profiles = profiles;
        this.keepMessage = keepMessage;
        this.clock = clock;
    }

    /** What came when, and which way. */
    private record Arrival(byte[] bytes, Source source, Instant at) {}

    /**
     * Takes one message, without its MLLP frame. Where {@code source} names an organisation, the message must be of one of
     * its systems; where it came by MLLP, from one of the peers that its sender has.
     */
    public Uni<Answer> handle(byte[] bytes, Source source) {
        Arrival arrival = new Arrival(bytes, source, clock.instant());
        MessageHeader header = MessageHeader.glance(bytes);
        Uni<Acknowledgement> kept;
        try {
            kept = keepMessage
                    .handle(origin(header), arrival.source(), arrival.at(), arrival.bytes(), check(arrival))
                    .replaceWith(Acknowledgement::accepted);
        } catch (MessageRejection rejection) {
            kept = refuse(header, arrival, rejection);
        }
        return kept.onFailure()
                .recoverWithItem(ReceiveMessage::notKept)
                .map(acknowledgement -> new Answer(
                        acknowledgement.rejection().isEmpty(),
                        acknowledgement.toBytes(header, FhirId.next().value().substring(0, 20), arrival.at())));
    }

    /** Checks a message that an operator wants to replay; fails with MessageRejection as the first time. */
    Place check(Hl7MessageRecord message) {
        return KeepMessage.place(check(new Arrival(message.raw(), message.source(), message.received())));
    }

    private List<AdtFacts> check(Arrival arrival) {
        Hl7Message message = Hl7Message.parse(arrival.bytes());
        SenderProfile profile = profiles.require(message.header());
        requireSender(profile, arrival.source());
        return AdtMapping.map(message, profile, arrival.at());
    }

    private static void requireSender(SenderProfile profile, Source source) {
        Optional<String> organization = source.organization();
        if (organization.isPresent() && !organization.get().equals(profile.organization())) {
            throw foreign("not a facility of the organization that sends (expected: its own)");
        }
        if (source.transport() == Transport.MLLP && !profile.takesFrom(source.peer())) {
            throw foreign("comes from an address that this sender does not have"
                    + " (expected: one of the peers of its profile)");
        }
    }

    private static MessageRejection foreign(String problem) {
        return MessageRejection.refusal(ErrorCode.TABLE_VALUE_NOT_FOUND, MessageLocation.of("MSH", 4), problem);
    }

    private Uni<Acknowledgement> refuse(MessageHeader header, Arrival arrival, MessageRejection rejection) {
        LOG.refused(rejection.ackCode().name(), rejection.location().toString());
        Hl7MessageRecord message = Hl7MessageRecord.received(
                        origin(header), arrival.source(), arrival.at(), arrival.bytes())
                .rejected(rejection.ackCode().name(), rejection.location().toString(), rejection.text());
        return transactions
                .run(session -> session.persist(message))
                .replaceWith(() -> Acknowledgement.rejected(rejection));
    }

    private static Acknowledgement notKept(Throwable failure) {
        LOG.notKept(failure.getClass().getSimpleName());
        return Acknowledgement.rejected(MessageRejection.error(
                ErrorCode.INTERNAL, MessageLocation.of("MSH", 10), "cannot be kept now (expected: send it again)"));
    }

    private static Origin origin(MessageHeader header) {
        return new Origin(
                shortened(header.sendingApplication()),
                shortened(header.sendingFacility()),
                shortened(header.controlId()),
                shortened(header.triggerEvent()));
    }

    /** The header of a message that cannot be read may be anything. */
    private static String shortened(String value) {
        return value.substring(0, Math.min(value.length(), 200)).replace("\0", "");
    }
}
