package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.careloop.transitions.store.Hl7MessageRecord.Origin;
import org.careloop.transitions.store.Hl7MessageRecord.Place;
import org.careloop.transitions.store.Hl7MessageRecord.Source;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hl7.fhir.r4.model.Identifier;

/** Keeps a message that was checked, whichever way it came, before its sender is told that it was taken. */
@Singleton
public class KeepMessage {

    private static final String INSERT_ONCE = """
            insert into Hl7MessageRecord (application, facility, controlId, event, transport, organization, peer, received, raw,
              status, patientKey, otherKey, recorded, attempts, ackCode)
            values (:application, :facility, :controlId, :event, :transport, :organization, :peer, :received, :raw,
              :status, :patientKey, :otherKey, :recorded, 0, 'AA')
            on conflict do nothing""";

    private static final String RENEW_FAILED = """
            update Hl7MessageRecord set status = ACCEPTED, transport = :transport, organization = :organization, peer = :peer,
              raw = :raw, received = :received, patientKey = :patientKey, otherKey = :otherKey, recorded = :recorded, attempts = 0, nextAttempt = null, reason = null
            where application = :application and facility = :facility and controlId = :controlId and status = FAILED""";

    private final DatabaseTransactions transactions;
    private final ProcessMessages processing;

    KeepMessage(DatabaseTransactions transactions, ProcessMessages processing) {
        this.transactions = transactions;
        this.processing = processing;
    }

    /**
     * Completes when the message is kept: with a new row, or, when its sender sent it before, with the one that there is. One whose
     * effect failed for good, and that is sent again, mended or not, gets another chance.
     */
    public Uni<Void> handle(Origin origin, Source source, Instant received, byte[] raw, List<AdtFacts> parts) {
        Place place = place(parts);
        return transactions
                .run(session -> with(session.createMutationQuery(INSERT_ONCE), origin, source, received, raw, place)
                        .setParameter("event", origin.event())
                        .setParameter("status", Hl7MessageRecord.Status.ACCEPTED)
                        .executeUpdate()
                        .chain(inserted -> inserted > 0
                                ? Uni.createFrom().item(inserted)
                                : with(session.createMutationQuery(RENEW_FAILED), origin, source, received, raw, place)
                                        .executeUpdate()))
                .invoke(processing::hint)
                .replaceWithVoid();
    }

    /** A merge and a swap speak of two patients; what else is told of either waits for it, and it for that. */
    static Place place(List<AdtFacts> parts) {
        AdtFacts first = parts.getFirst();
        List<Long> others = Stream.concat(
                        parts.stream().skip(1).map(AdtFacts::patientIdentifier),
                        parts.stream().flatMap(part -> part.merged().stream()))
                .map(KeepMessage::key)
                .toList();
        Optional<Long> other =
                others.size() > 1 ? Optional.of(Place.OF_MORE) : others.stream().findFirst();
        return new Place(
                key(first.patientIdentifier()),
                other,
                Optional.of(first.event().when().recorded()));
    }

    private static long key(Identifier identifier) {
        return IndexHash.ofTarget(identifier.getSystem() + "|" + identifier.getValue());
    }

    private static Mutiny.MutationQuery with(
            Mutiny.MutationQuery query, Origin origin, Source source, Instant received, byte[] raw, Place place) {
        return query.setParameter("application", origin.application())
                .setParameter("facility", origin.facility())
                .setParameter("controlId", origin.controlId())
                .setParameter("transport", source.transport())
                .setParameter("organization", source.organization().orElse(null))
                .setParameter("peer", source.peer().orElse(null))
                .setParameter("received", received)
                .setParameter("raw", raw)
                .setParameter("patientKey", place.patient())
                .setParameter("otherKey", place.other().orElse(null))
                .setParameter("recorded", place.recorded().orElse(null));
    }
}
