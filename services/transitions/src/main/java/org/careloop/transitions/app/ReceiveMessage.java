package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.transitions.hl7.Acknowledgement;
import org.careloop.transitions.hl7.AdtFacts;
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
import org.careloop.transitions.store.Hl7MessageRecord.Source;
import org.careloop.transitions.store.Hl7MessageRecord.Transport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hl7.fhir.r4.model.Identifier;

/**
 * Takes an HL7 v2 message and returns its acknowledgement. AA means: checked whole, kept durably, will take effect. AE and
 * AR mean: kept with the reason, for an operator, and nothing else happened. A message of the same sender with the same
 * control id is acknowledged and has no second effect.
 *
 * @see <a href="http://www.hl7.eu/HL7v2x/v251/std251/ch02.html">HL7 v2.5.1, chapter 2.9.2, original mode</a>
 */
@Singleton
public class ReceiveMessage {

    private static final String INSERT_ONCE = """
            insert into Hl7MessageRecord (application, facility, controlId, event, transport, organization, peer, received, raw,
              status, patientKey, attempts, ackCode)
            values (:application, :facility, :controlId, :event, :transport, :organization, :peer, :received, :raw,
              :status, :patientKey, 0, 'AA')
            on conflict do nothing""";

    private static final String RENEW_FAILED = """
            update Hl7MessageRecord set status = ACCEPTED, transport = :transport, organization = :organization, peer = :peer,
              raw = :raw, received = :received, patientKey = :patientKey, attempts = 0, nextAttempt = null, reason = null
            where application = :application and facility = :facility and controlId = :controlId and status = FAILED""";

    /** The answer to a message. */
    public record Answer(boolean accepted, byte[] acknowledgement) {}

    private final DatabaseTransactions transactions;
    private final SenderProfiles profiles;
    private final ProcessMessages processing;
    private final Clock clock;

    ReceiveMessage(
            DatabaseTransactions transactions, SenderProfiles profiles, ProcessMessages processing, Clock clock) {
        this.transactions = transactions;
        this.profiles = profiles;
        this.processing = processing;
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
            kept = keep(header, arrival, patientKey(check(arrival)));
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
    long check(Hl7MessageRecord message) {
        return patientKey(check(new Arrival(message.raw(), message.source(), message.received())));
    }

    private AdtFacts check(Arrival arrival) {
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

    private static long patientKey(AdtFacts facts) {
        Identifier identifier = facts.patientIdentifier();
        return IndexHash.ofTarget(identifier.getSystem() + "|" + identifier.getValue());
    }

    private Uni<Acknowledgement> keep(MessageHeader header, Arrival arrival, long patientKey) {
        Origin origin = origin(header);
        return transactions
                .run(session -> withArrival(session.createMutationQuery(INSERT_ONCE), origin, arrival, patientKey)
                        .setParameter("event", origin.event())
                        .setParameter("status", Hl7MessageRecord.Status.ACCEPTED)
                        .executeUpdate()
                        .chain(inserted -> inserted > 0
                                ? Uni.createFrom().voidItem()
                                : renew(session, origin, arrival, patientKey)))
                .invoke(processing::hint)
                .replaceWith(Acknowledgement::accepted);
    }

    /** A message whose effect failed for good and that the sender sends again, mended or not, gets another chance. */
    private static Uni<Void> renew(Mutiny.Session session, Origin origin, Arrival arrival, long patientKey) {
        return withArrival(session.createMutationQuery(RENEW_FAILED), origin, arrival, patientKey)
                .executeUpdate()
                .replaceWithVoid();
    }

    private static Mutiny.MutationQuery withArrival(
            Mutiny.MutationQuery query, Origin origin, Arrival arrival, long patientKey) {
        return query.setParameter("application", origin.application())
                .setParameter("facility", origin.facility())
                .setParameter("controlId", origin.controlId())
                .setParameter("transport", arrival.source().transport())
                .setParameter("organization", arrival.source().organization().orElse(null))
                .setParameter("peer", arrival.source().peer().orElse(null))
                .setParameter("received", arrival.at())
                .setParameter("raw", arrival.bytes())
                .setParameter("patientKey", patientKey);
    }

    private Uni<Acknowledgement> refuse(MessageHeader header, Arrival arrival, MessageRejection rejection) {
        LOG.refused(rejection.ackCode().name(), rejection.location().toString());
        Hl7MessageRecord message = Hl7MessageRecord.accepted(
                        origin(header), arrival.source(), arrival.at(), arrival.bytes(), 0)
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
