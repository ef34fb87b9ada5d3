package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;

/** Of which stays a document is to be made, and which version stands. */
@Singleton
public class TransitionDocuments {

    /** What is told of a discharge that is known as it is asks for nothing. */
    private static final String WANT = """
            insert into transition_document as d (encounter_id, facts, wanted, next_attempt) values ($1, $2, true, $3)
            on conflict (encounter_id) do update
              set facts = excluded.facts, wanted = true, next_attempt = excluded.next_attempt, attempts = 0, asked = d.asked + 1
              where d.facts is distinct from excluded.facts""";

    private static final String WITHDRAW = """
            update transition_document set facts = null, wanted = false, document = null, print = null, asked = asked + 1
            where encounter_id = $1 and facts is not null returning number""";

    private static final String OF_OPEN = """
            from (select d.encounter_id from transition_document d join transition t on t.encounter_id = d.encounter_id
              where t.state = 'OPEN' and t.patient_id = any($1::text[]) and d.facts is not null
              order by d.encounter_id for update of d) as open
            where open.encounter_id = d.encounter_id""";

    private static final String LOOK_AGAIN = """
            update transition_document d set wanted = true, attempts = 0, asked = d.asked + 1,
              next_attempt = case when d.wanted then least(d.next_attempt, $2) else $2 end
            """ + OF_OPEN;

    private static final String TAKE_BACK = """
            update transition_document d set wanted = true, attempts = 0, asked = d.asked + 1, next_attempt = $2,
              document = null, print = null
            """ + OF_OPEN + " returning d.encounter_id, d.number";

    private static final String LOCK = """
            insert into transition_document (encounter_id) values ($1) on conflict (encounter_id) do nothing""";

    private static final String READ =
            "select facts, number, document, print, attempts, asked from transition_document where encounter_id = $1";

    private static final String MADE = """
            update transition_document set facts = coalesce(facts, ''), wanted = wanted and asked <> $5, attempts = 0,
              number = $2, document = $3, print = $4 where encounter_id = $1""";

    TransitionDocuments() {}

    /**
     * What is known of the document of a stay.
     *
     * @param facts a digest of what was told of the discharge; empty when there is none, or nobody told of it yet
     * @param number of the last version; 0 for none
     * @param document id of the version that stands
     * @param print a digest of what that says
     * @param asked how often it was asked for
     */
    public record State(
            Optional<String> facts,
            int number,
            Optional<String> document,
            Optional<String> print,
            int attempts,
            int asked) {

        static final State NONE = new State(Optional.empty(), 0, Optional.empty(), Optional.empty(), 0, 0);
    }

    /** How many versions there are of the document of a stay. */
    public record Versions(String encounterId, int number) {}

    /** A version: the id of Composition and Bundle, and a digest of what it says. */
    public record Version(String document, String print) {}

    /** Has a document made of the discharge that {@code facts} tell apart from others, not before {@code at}. */
    public Uni<Void> want(String encounterId, String facts, Instant at, UnitOfWork unit) {
        return unit.sql(WANT, encounterId, facts, time(at)).replaceWithVoid();
    }

    /** Notes that there is no discharge; returns how many versions were made of it, if there was one. */
    public Uni<Integer> withdraw(String encounterId, UnitOfWork unit) {
        return unit.sql(WITHDRAW, encounterId)
                .map(rows -> rows.isEmpty() ? 0 : ((Number) rows.getFirst()[0]).intValue());
    }

    /** Has the documents of the open transitions of {@code patients} (their ids) made again, not before {@code at}. */
    public Uni<Void> lookAgain(Set<String> patients, Instant at, UnitOfWork unit) {
        return unit.sql(LOOK_AGAIN, patients.toArray(String[]::new), time(at)).replaceWithVoid();
    }

    /** As {@link #lookAgain}, and none stands until then; returns the versions that there are. */
    public Uni<List<Versions>> takeBack(Set<String> patients, Instant at, UnitOfWork unit) {
        return unit.sql(TAKE_BACK, patients.toArray(String[]::new), time(at))
                .map(rows -> rows.stream()
                        .map(row -> new Versions((String) row[0], ((Number) row[1]).intValue()))
                        .sorted(Comparator.comparing(Versions::encounterId))
                        .toList());
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

    /** Notes the version that stands, and that it is what was wanted, unless that was asked again since {@code asked} was read. */
    public Uni<Void> made(String encounterId, int asked, int number, Version made, UnitOfWork unit) {
        return unit.sql(MADE, encounterId, number, made.document(), made.print(), asked)
                .replaceWithVoid();
    }

    /** Notes that none is to be made, unless it was asked for again since {@code asked} was read. */
    public Uni<Void> unwanted(String encounterId, int asked, UnitOfWork unit) {
        return unit.sql(
                        "update transition_document set wanted = false where encounter_id = $1 and asked = $2",
                        encounterId,
                        asked)
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
                ((Number) row[4]).intValue(),
                ((Number) row[5]).intValue());
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
