package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
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
            select d.encounter_id from transition_document d join transition t on t.encounter_id = d.encounter_id
            where t.state = 'OPEN' and t.patient_id = $1 and t.discharged >= $2 and d.facts is not null""";

    private static final String LOOK_AGAIN = """
            update transition_document set wanted = true, attempts = 0, asked = asked + 1,
              next_attempt = case when wanted then least(next_attempt, $2) else $2 end
            where encounter_id = $1 and facts is not null""";

    private static final String TAKE_BACK = """
            update transition_document set wanted = true, attempts = 0, asked = asked + 1, next_attempt = $2,
              document = null, print = null
            where encounter_id = $1 and facts is not null returning number""";

    private static final String CHANGED = """
            update transition_document set changes = changes + 1 where encounter_id = $1 and facts is not null
            returning $2 = any(withheld)""";

    private static final String LOCK = """
            insert into transition_document (encounter_id) values ($1) on conflict (encounter_id) do nothing""";

    private static final String READ =
            "select facts, number, document, print, attempts, asked, changes from transition_document where encounter_id = $1";

    /** What changed while the record was read matters only if something of it was withheld, which may be shown now. */
    private static final String MADE = """
            update transition_document set facts = coalesce(facts, ''), attempts = 0,
              wanted = wanted and asked <> $6 or changes <> $7 and cardinality($5::text[]) > 0,
              number = $2, document = $3, print = $4, withheld = $5 where encounter_id = $1""";

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
            Optional<String> facts,
            int number,
            Optional<String> document,
            Optional<String> print,
            int attempts,
            Heard heard) {

        static final State NONE =
                new State(Optional.empty(), 0, Optional.empty(), Optional.empty(), 0, new Heard(0, 0));
    }

    /**
     * What was heard until something was read.
     *
     * @param asked how often a document was asked for
     * @param changes how often something of the record was another than before
     */
    public record Heard(int asked, int changes) {}

    /**
     * A version: the id of Composition and Bundle, and a digest of what it says.
     *
     * @param withheld what of the record it does not show, as {@code Type/id}
     */
    public record Version(String document, String print, List<String> withheld) {}

    /** Has a document made of the discharge that {@code facts} tell apart from others, not before {@code at}. */
    public Uni<Void> want(String encounterId, String facts, Instant at, UnitOfWork unit) {
        return unit.sql(WANT, encounterId, facts, time(at)).replaceWithVoid();
    }

    /** Notes that there is no discharge; returns how many versions were made of it, if there was one. */
    public Uni<Integer> withdraw(String encounterId, UnitOfWork unit) {
        return unit.sql(WITHDRAW, encounterId).map(TransitionDocuments::number);
    }

    /** Returns of which stays {@code patient} (an id) has documents, of open transitions and discharges {@code since} then. */
    public Uni<List<String>> ofOpen(String patient, Instant since, UnitOfWork unit) {
        return unit.sql(OF_OPEN, patient, time(since))
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Has a document made again, not before {@code at}, unless there is no discharge. */
    public Uni<Void> lookAgain(String encounterId, Instant at, UnitOfWork unit) {
        return unit.sql(LOOK_AGAIN, encounterId, time(at)).replaceWithVoid();
    }

    /** As {@link #lookAgain}, and none stands until then; returns how many versions there are. */
    public Uni<Integer> takeBack(String encounterId, Instant at, UnitOfWork unit) {
        return unit.sql(TAKE_BACK, encounterId, time(at)).map(TransitionDocuments::number);
    }

    /** Notes that {@code resource} is another than before; returns whether it was withheld from the version that was made last. */
    public Uni<Boolean> changed(String encounterId, ResourceKey resource, UnitOfWork unit) {
        return unit.sql(CHANGED, encounterId, resource.reference())
                .map(rows -> !rows.isEmpty() && (Boolean) rows.getFirst()[0]);
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

    /**
     * Notes the version that stands, and that it is what was wanted, unless that was asked again since {@code heard} was read, or it may
     * withhold what may be shown by now.
     */
    public Uni<Void> made(String encounterId, Heard heard, int number, Version made, UnitOfWork unit) {
        return unit.sql(
                        MADE,
                        encounterId,
                        number,
                        made.document(),
                        made.print(),
                        made.withheld().toArray(String[]::new),
                        heard.asked(),
                        heard.changes())
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
                new Heard(((Number) row[5]).intValue(), ((Number) row[6]).intValue()));
    }

    private static int number(List<Object[]> rows) {
        return rows.isEmpty() ? 0 : ((Number) rows.getFirst()[0]).intValue();
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
