package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.UnmetReferral;
import org.careloop.referrals.domain.UnmetReferral.Area;
import org.careloop.referrals.domain.UnmetReferral.Lack;

/** Of referrals that were made from plans, those that lacked an agency, with what they need and where. */
@Singleton
public class LackingReferrals {

    /**
     * @param task the id of the Task that was without an agency, or was refused
     * @param referral what was missing
     */
    public record Lacking(String task, UnmetReferral referral) {}

    private static final String SELECT =
            "select c.task, c.request, c.service_types, a.state, left(a.postal_code, 3) from choice_list c"
                    + " left join patient_area a on a.patient = c.patient where ";
    private static final String WAITED = SELECT
            + "c.waited_since >= $1 and c.waited_since < $2 and c.waited_since <= case when c.chosen_organization is null"
            + " then $3::timestamptz else c.decided_at end - make_interval(secs => $4) limit $5";
    private static final String OF = SELECT + "c.task = any($1)";

    private final Pool pool;
    private final int most;

    LackingReferrals(Pool pool, ReferralsConfig config) {
        this.pool = pool;
        this.most = config.maxVersionsCounted();
    }

    /**
     * Returns those that began to wait in {@code period} and found no agency for at least {@code wait}, until {@code now}. Fails with
     * {@link ProblemCode#TOO_COSTLY} when there are too many.
     */
    public Uni<List<Lacking>> withoutAgency(DayPeriod period, Duration wait, Instant now) {
        return read(
                        WAITED,
                        Tuple.of(
                                period.from().atOffset(ZoneOffset.UTC),
                                period.until().atOffset(ZoneOffset.UTC),
                                now.atOffset(ZoneOffset.UTC),
                                (double) wait.toSeconds(),
                                most + 1L),
                        Lack.NO_AGENCY)
                .invoke(found -> {
                    if (found.size() > most) {
                        throw new FhirProblem(
                                ProblemCode.TOO_COSTLY,
                                "period: too many referrals to look at (expected: at most " + most + "; narrow it)");
                    }
                });
    }

    /** Returns those that {@code tasks}, ids, are of, as lacking capacity. */
    public Uni<List<Lacking>> refused(Collection<String> tasks) {
        return tasks.isEmpty()
                ? Uni.createFrom().item(List.of())
                : read(OF, Tuple.of(tasks.toArray(String[]::new)), Lack.NO_CAPACITY);
    }

    private Uni<List<Lacking>> read(String sql, Tuple parameters, Lack lack) {
        return pool.preparedQuery(sql).execute(parameters).map(rows -> {
            List<Lacking> found = new ArrayList<>();
            rows.forEach(row -> found.add(lacking(row, lack)));
            return found;
        });
    }

    private static Lacking lacking(Row row, Lack lack) {
        String types = row.getString(2);
        return new Lacking(
                row.getString(0),
                new UnmetReferral(
                        row.getString(1),
                        types.isEmpty() ? List.of() : List.of(types.split("\n")),
                        new Area(Optional.ofNullable(row.getString(3)), Optional.ofNullable(row.getString(4))),
                        lack));
    }
}
