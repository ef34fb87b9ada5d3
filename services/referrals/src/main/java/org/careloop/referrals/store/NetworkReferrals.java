package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;

/** Which referrals to networks of agencies changed, or what they were passed on by, so that both are to be looked at. */
@Singleton
public class NetworkReferrals {

    /**
     * A referral to be looked at.
     *
     * @param task the id of the Task that the network was asked by
     * @param failures how often in a row that failed
     */
    public record Changed(String task, int failures) {}

    private static final String LOOKED = "select looked_until from network where endpoint = $1";
    private static final String KEEP_LOOKED = "insert into network (endpoint, looked_until) values ($1, $2)"
            + " on conflict (endpoint) do update set looked_until = $2";
    private static final String NOTE = "insert into network_change (endpoint, task, due_at)"
            + " select $1, unnest($2::text[]), $3 on conflict (endpoint, task) do update set due_at = $3";
    private static final String DUE = "select task, failures from network_change where endpoint = $1 and due_at <= $2"
            + " order by due_at, task limit $3";
    private static final String DONE = "delete from network_change where endpoint = $1 and task = $2";
    private static final String LATER =
            "update network_change set failures = 0, due_at = $3 where endpoint = $1 and task = $2";
    private static final String FAILED =
            "update network_change set failures = $3, due_at = $4 where endpoint = $1 and task = $2";

    NetworkReferrals() {}

    /** Returns until when changes were noted for {@code endpoint}, an id; empty before the first time. */
    public Uni<Optional<Instant>> looked(UnitOfWork unit, String endpoint) {
        return unit.sql(LOOKED, endpoint).map(rows -> rows.stream().findFirst().map(row -> instant(row[0])));
    }

    /** Notes that {@code tasks}, ids, are to be looked at {@code now}, and that changes are noted until {@code until}. */
    public Uni<Void> note(UnitOfWork unit, String endpoint, Collection<String> tasks, Instant now, Instant until) {
        return unit.sql(NOTE, endpoint, tasks.toArray(String[]::new), now.atOffset(ZoneOffset.UTC))
                .chain(() -> unit.sql(KEEP_LOOKED, endpoint, until.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Returns what is to be looked at {@code now}, at most {@code most}, longest waiting first. */
    public Uni<List<Changed>> due(UnitOfWork unit, String endpoint, Instant now, int most) {
        return unit.sql(DUE, endpoint, now.atOffset(ZoneOffset.UTC), most)
                .map(rows -> rows.stream()
                        .map(row -> new Changed((String) row[0], ((Number) row[1]).intValue()))
                        .toList());
    }

    /** {@code task}, an id, was looked at. */
    public Uni<Void> done(UnitOfWork unit, String endpoint, String task) {
        return unit.sql(DONE, endpoint, task).replaceWithVoid();
    }

    /** {@code task}, an id, is looked at again at {@code again}, though nothing failed. */
    public Uni<Void> later(UnitOfWork unit, String endpoint, String task, Instant again) {
        return unit.sql(LATER, endpoint, task, again.atOffset(ZoneOffset.UTC)).replaceWithVoid();
    }

    /** Looking at {@code task}, an id, failed so often in a row; it is tried again at {@code again}. */
    public Uni<Void> failed(UnitOfWork unit, String endpoint, Changed task, Instant again) {
        return unit.sql(FAILED, endpoint, task.task(), task.failures() + 1, again.atOffset(ZoneOffset.UTC))
                .replaceWithVoid();
    }

    private static Instant instant(Object value) {
        return value instanceof Instant instant ? instant : ((OffsetDateTime) value).toInstant();
    }
}
