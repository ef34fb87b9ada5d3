package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;

/** Of which stays a document is to be made, and which version stands. */
@Singleton
public class TransitionDocuments {

    /** What is told of a discharge that is known as it is asks for nothing. */
    private static final String WANT = """
            insert into transition_document as d (encounter_id, facts, wanted, next_attempt) values ($1, $2, true, $3)
            on conflict (encounter_id) do update
              set facts = excluded.facts, wanted = true, next_attempt = excluded.next_attempt, attempts = 0
              where d.facts is distinct from excluded.facts""";

    private static final String WITHDRAW = """
            update transition_document set facts = null, wanted = false, document = null, print = null
            where encounter_id = $1 and facts is not null returning encounter_id""";

    private static final String LOCK = """
            insert into transition_document (encounter_id) values ($1) on conflict (encounter_id) do nothing""";

    private static final String READ =
            "select facts, number, document, print, attempts from transition_document where encounter_id = $1";

    private static final String MADE = """
            update transition_document set facts = coalesce(facts, ''), wanted = false, attempts = 0,
              number = $2, document = $3, print = $4 where encounter_id = $1""";

    TransitionDocuments() {}

    /**
     * What is known of the document of a stay.
     *
     * @param facts a digest of what was told of the discharge; empty when there is none, or nobody told of it yet
     * @param number of the last version; 0 for none
     * @param document id of the version that stands
     * @param print a digest of what that says
     */
    public record State(
            Optional<String> facts, int number, Optional<String> document, Optional<String> print, int attempts) {

        static final State NONE = new State(Optional.empty(), 0, Optional.empty(), Optional.empty(), 0);
    }

    /** Has a document made of the discharge that {@code facts} tell apart from others, not before {@code at}. */
    public Uni<Void> want(String encounterId, String facts, Instant at, UnitOfWork unit) {
        return unit.sql(WANT, encounterId, facts, time(at)).replaceWithVoid();
    }

    /** Notes that there is no discharge; returns whether there was one. */
    public Uni<Boolean> withdraw(String encounterId, UnitOfWork unit) {
        return unit.sql(WITHDRAW, encounterId).map(rows -> !rows.isEmpty());
    }

    /** Returns what is known. */
    public Uni<State> read(String encounterId, UnitOfWork unit) {
        return unit.sql(READ, encounterId).map(rows -> rows.isEmpty() ? State.NONE : state(rows.getFirst()));
    }

    /** As {@link #read}, and keeps others from making a version at the same time. */
    public Uni<State> lock(String encounterId, UnitOfWork unit) {
        return unit.sql(LOCK, encounterId)
                .chain(() -> unit.sql(READ + " for update", encounterId))
                .map(rows -> state(rows.getFirst()));
    }

    /** Notes the version that stands, and that it is what was wanted. */
    public Uni<Void> made(String encounterId, int number, String document, String print, UnitOfWork unit) {
        return unit.sql(MADE, encounterId, number, document, print).replaceWithVoid();
    }

    /** Notes that none is to be made. */
    public Uni<Void> unwanted(String encounterId, UnitOfWork unit) {
        return unit.sql("update transition_document set wanted = false where encounter_id = $1", encounterId)
                .replaceWithVoid();
    }

    /** Notes that it could not be made, and when it is tried again. */
    public Uni<Void> waits(String encounterId, Instant next, UnitOfWork unit) {
        return unit.sql(
                        "update transition_document set attempts = attempts + 1, next_attempt = $2 where encounter_id = $1",
                        encounterId,
                        time(next))
                .replaceWithVoid();
    }

    private static State state(Object[] row) {
        return new State(
                Optional.ofNullable((String) row[0]),
                ((Number) row[1]).intValue(),
                Optional.ofNullable((String) row[2]),
                Optional.ofNullable((String) row[3]),
                ((Number) row[4]).intValue());
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
