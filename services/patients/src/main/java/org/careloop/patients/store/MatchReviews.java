package org.careloop.patients.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.careloop.fhirstore.UnitOfWork;

/** The pairs of Patients of which a person decides whether they are one person, and what was decided. */
@Singleton
public class MatchReviews {

    private static final String ASK = """
            insert into match_review (one, other, score, grade, rules, found)
            select least($1::text, $2::text), greatest($1::text, $2::text), $3, $4, $5, $6
            where not told_apart($1::text, $2::text)
            on conflict do nothing""";

    /** What was decided of one who was merged counts for who stands for them, as long as they are one. */
    private static final String OPEN = """
            select one, other, score, grade, rules, found, seq from match_review
            where seq > $1 and not told_apart(one, other) order by seq limit $2""";

    private static final String FORGET =
            "delete from match_review where one = least($1::text, $2::text) and other = greatest($1::text, $2::text)";

    private static final String APART = """
            insert into not_the_same (one, other, decided) values (least($1::text, $2::text), greatest($1::text, $2::text), $3)
            on conflict do nothing""";

    private static final String TOGETHER =
            "delete from not_the_same where one = least($1::text, $2::text) and other = greatest($1::text, $2::text)";

    /** What was asked of who was replaced is asked of who stands for them; it waits as long as before. */
    private static final String HAND_ON = """
            with asked as (delete from match_review where $1::text in (one, other) returning *),
            pairs as (select case when one = $1::text then other else one end as whom, a.* from asked a)
            insert into match_review (one, other, score, grade, rules, found, seq)
            select least(whom, $2::text), greatest(whom, $2::text), score, grade, rules, found, seq from pairs
            where whom <> $2::text on conflict do nothing""";

    MatchReviews() {}

    /** A pair that waits for a decision; {@code one} and {@code other} are ids. */
    public record Review(String one, String other, double score, String grade, String rules, Instant found) {}

    /** Asks about a pair, unless it was asked or decided before. */
    public Uni<Void> ask(UnitOfWork unit, Review review) {
        return unit.sql(
                        ASK,
                        review.one(),
                        review.other(),
                        review.score(),
                        review.grade(),
                        review.rules(),
                        review.found().atOffset(ZoneOffset.UTC))
                .replaceWithVoid();
    }

    /**
     * A pair at its place in the queue.
     *
     * @param place those that came later have higher ones
     */
    public record Waiting(Review review, long place) {}

    /** Returns up to {@code most} open pairs behind the place {@code after}, those that wait longest first. */
    public Uni<List<Waiting>> open(UnitOfWork unit, long after, int most) {
        return unit.sql(OPEN, after, most)
                .map(rows -> rows.stream()
                        .map(row -> new Waiting(review(row), (Long) row[6]))
                        .toList());
    }

    private static Review review(Object[] row) {
        return new Review(
                (String) row[0],
                (String) row[1],
                (Double) row[2],
                (String) row[3],
                (String) row[4],
                ((OffsetDateTime) row[5]).toInstant());
    }

    /** Keeps that the two are not one person: the pair is not asked for again. */
    public Uni<Void> keepApart(UnitOfWork unit, String one, String other, Instant at) {
        return unit.sql(APART, one, other, at.atOffset(ZoneOffset.UTC))
                .chain(() -> unit.sql(FORGET, one, other))
                .replaceWithVoid();
    }

    /** Keeps that the two are one person, for whom {@code survivor} stands. */
    public Uni<Void> keepTogether(UnitOfWork unit, String replaced, String survivor) {
        return unit.sql(TOGETHER, replaced, survivor)
                .chain(() -> unit.sql(HAND_ON, replaced, survivor))
                .replaceWithVoid();
    }
}
