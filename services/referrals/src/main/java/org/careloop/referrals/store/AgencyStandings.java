package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.Scorecard.Rate;
import org.careloop.referrals.domain.Standing;

/** The last standing of each agency that was measured. */
@Singleton
public class AgencyStandings {

    private static final String KEEP = "insert into agency_standing (organization, measured_at, asked, acceptance_part,"
            + " acceptance_whole, closure_part, closure_whole) values ($1, $2, $3, $4, $5, $6, $7)"
            + " on conflict (organization) do update set measured_at = $2, asked = $3, acceptance_part = $4,"
            + " acceptance_whole = $5, closure_part = $6, closure_whole = $7";
    private static final String OF = "select organization, measured_at, asked, acceptance_part, acceptance_whole,"
            + " closure_part, closure_whole from agency_standing where organization = any($1)";
    private static final String FORGET = "delete from agency_standing where measured_at < $1";

    AgencyStandings() {}

    /** Keeps {@code standing} instead of what was measured of the agency before. */
    public Uni<Void> keep(UnitOfWork unit, Standing standing) {
        return unit.sql(
                        KEEP,
                        standing.organization(),
                        standing.measuredAt().atOffset(ZoneOffset.UTC),
                        standing.asked(),
                        standing.acceptance().part(),
                        standing.acceptance().whole(),
                        standing.closure().part(),
                        standing.closure().whole())
                .replaceWithVoid();
    }

    /** Returns the standings of those of {@code organizations}, literal references, that were measured. */
    public Uni<List<Standing>> of(UnitOfWork unit, Collection<String> organizations) {
        return organizations.isEmpty()
                ? Uni.createFrom().item(List.of())
                : unit.sql(OF, (Object) organizations.toArray(String[]::new))
                        .map(rows ->
                                rows.stream().map(AgencyStandings::standing).toList());
    }

    /** Forgets what was measured before {@code limit}. */
    public Uni<Void> forget(UnitOfWork unit, Instant limit) {
        return unit.sql(FORGET, limit.atOffset(ZoneOffset.UTC)).replaceWithVoid();
    }

    private static Standing standing(Object[] row) {
        return new Standing(
                (String) row[0],
                row[1] instanceof Instant instant ? instant : ((OffsetDateTime) row[1]).toInstant(),
                number(row[2]),
                new Rate(number(row[3]), number(row[4])),
                new Rate(number(row[5]), number(row[6])));
    }

    private static int number(Object value) {
        return ((Number) value).intValue();
    }
}
