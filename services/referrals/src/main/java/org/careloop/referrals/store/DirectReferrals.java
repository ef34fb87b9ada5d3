package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;

/** Which referrals agencies hold on servers of their own, and how the exchange with each server goes. */
@Singleton
public class DirectReferrals {

    /**
     * A referral with an agency's own server.
     *
     * @param task the id of our Task
     * @param remote the id of the agency's copy; empty until it is there
     * @param toldVersion the version of ours that the copy knows; 0 before the first
     * @param failures how often in a row the exchange of this one was refused
     */
    public record Direct(String task, Optional<String> remote, long toldVersion, int failures) {}

    /**
     * How the exchange with one server goes.
     *
     * @param lookedUntil until when our Tasks were looked at
     * @param dueAt when it is looked at again
     * @param failures how often in a row it did not answer
     */
    public record Partner(Instant lookedUntil, Instant dueAt, int failures) {}

    private static final String PARTNER =
            "select looked_until, due_at, failures from direct_partner where endpoint = $1";
    private static final String KEEP_PARTNER = "insert into direct_partner (endpoint, looked_until, due_at, failures,"
            + " last_error) values ($1, $2, $3, $4, $5) on conflict (endpoint) do update set looked_until = $2, due_at = $3,"
            + " failures = $4, last_error = $5";
    private static final String ENLIST =
            "insert into direct_referral (task, endpoint) values ($1, $2) on conflict (task) do nothing";
    private static final String OPEN = "select task, remote, told_version, failures from direct_referral"
            + " where endpoint = $1 and open order by task";
    private static final String KEEP =
            "update direct_referral set remote = $2, told_version = $3, failures = $4, last_error = $5, open = $6"
                    + " where task = $1";

    DirectReferrals() {}

    /** Returns how the exchange with the server of {@code endpoint}, an id, goes; empty before the first. */
    public Uni<Optional<Partner>> partner(UnitOfWork unit, String endpoint) {
        return unit.sql(PARTNER, endpoint)
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Partner(instant(row[0]), instant(row[1]), ((Number) row[2]).intValue())));
    }

    /** Keeps how the exchange with the server of {@code endpoint} goes, and what was wrong, without content. */
    public Uni<Void> keep(UnitOfWork unit, String endpoint, Partner partner, Optional<String> error) {
        return unit.sql(
                        KEEP_PARTNER,
                        endpoint,
                        partner.lookedUntil().atOffset(ZoneOffset.UTC),
                        partner.dueAt().atOffset(ZoneOffset.UTC),
                        partner.failures(),
                        error.orElse(null))
                .replaceWithVoid();
    }

    /** Lets {@code task}, an id, be exchanged with the server of {@code endpoint} from now on; one that is stays with its own. */
    public Uni<Void> enlist(UnitOfWork unit, String task, String endpoint) {
        return unit.sql(ENLIST, task, endpoint).replaceWithVoid();
    }

    /** Returns those with the server of {@code endpoint} of which more is to come. */
    public Uni<List<Direct>> open(UnitOfWork unit, String endpoint) {
        return unit.sql(OPEN, endpoint)
                .map(rows -> rows.stream()
                        .map(row -> new Direct(
                                (String) row[0],
                                Optional.ofNullable((String) row[1]),
                                ((Number) row[2]).longValue(),
                                ((Number) row[3]).intValue()))
                        .toList());
    }

    /**
     * Keeps {@code direct}.
     *
     * @param error what was wrong with the last exchange, without content
     * @param open whether more is to come
     */
    public Uni<Void> keep(UnitOfWork unit, Direct direct, Optional<String> error, boolean open) {
        return unit.sql(
                        KEEP,
                        direct.task(),
                        direct.remote().orElse(null),
                        direct.toldVersion(),
                        direct.failures(),
                        error.orElse(null),
                        open)
                .replaceWithVoid();
    }

    private static Instant instant(Object value) {
        return value instanceof Instant instant ? instant : ((OffsetDateTime) value).toInstant();
    }
}
