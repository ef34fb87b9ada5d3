package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.internal.PoolRunner;

/**
 * This service's part in a transaction that spans services: two-phase commit with PostgreSQL's prepared transactions. All
 * services but one prepare; the last one, the decider, commits its own part together with the decision, which is the moment
 * from which the whole transaction holds; then the others commit. Who finds a prepared part left over asks the decider.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-prepare-transaction.html">PREPARE TRANSACTION</a>
 */
@Singleton
public class SpanningTransactions {

    /** A part that was prepared here and whose end this service does not know yet. */
    public record InDoubt(UUID id, String decider) {}

    private static final Pattern NAME = Pattern.compile("careloop:(?<decider>[a-z-]{1,40}):(?<id>[0-9a-f-]{36}):\\d+");

    private static final String NAMED =
            "select gid from pg_prepared_xacts where database = current_database() and gid like $1";
    private static final String OLD =
            "select gid from pg_prepared_xacts where database = current_database() and gid like 'careloop:%'"
                    + " and prepared < now() - $1 * interval '1 millisecond'";
    private static final String FENCE = "insert into spanning_fence (id, types, since) values ($1, $2, now())";
    private static final String UNFENCE = "delete from spanning_fence where id = $1";

    /** A fence without its prepared transaction was left by a service that was killed between the two. */
    private static final String UNFENCE_LEFT = """
            delete from spanning_fence f where f.since < now() - $1 * interval '1 millisecond' and not exists
              (select from pg_prepared_xacts p where p.database = current_database() and p.gid like '%' || f.id || '%')""";

    private static final String DECIDE =
            "insert into spanning_decision (id, outcome, decided) values ($1, 'commit', now()) on conflict do nothing"
                    + " returning outcome";

    /** What is not decided is aborted from now on: a decision that comes later finds the row and fails. */
    private static final String OUTCOME = """
            insert into spanning_decision (id, outcome, decided) values ($1, 'abort', now())
            on conflict (id) do update set outcome = spanning_decision.outcome returning outcome""";

    private final ResourceStore store;
    private final PoolRunner pool;
    private final Instance<OutboxListener> listeners;

    SpanningTransactions(ResourceStore store, Pool pool, Instance<OutboxListener> listeners) {
        this.store = store;
        this.pool = new PoolRunner(pool);
        this.listeners = listeners;
    }

    /**
     * Runs {@code work} in a transaction and prepares it: from then on it survives every crash and ends only by {@link
     * #commit} or {@link #rollback}. Nobody reads {@code types} until then. Fails as {@code work} does, with nothing left.
     *
     * @param decider the service that decides how the transaction ends
     */
    public <T> Uni<T> prepare(UUID id, String decider, Set<String> types, Function<UnitOfWork, Uni<T>> work) {
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        String name = "careloop:" + decider + ":" + id + ":" + start;
        return store.inUnit(unit -> work.apply(unit)
                        .call(unit::finish)
                        .call(() -> unit.session().flush())
                        .call(() -> pool.run(FENCE, id, types.toArray(String[]::new)))
                        .call(() -> unit.sql(UNFENCE, id))
                        // The unit's own commit then ends an empty transaction.
                        .call(() -> unit.statement("prepare transaction '" + name + "'; begin")))
                .onFailure()
                .call(() -> pool.run(UNFENCE, id));
    }

    /**
     * Runs {@code work} in a transaction that also decides that {@code id} is committed. Fails as {@code work} does, or with
     * {@link ProblemCode#UNAVAILABLE} when it was aborted meanwhile; then nothing happened here.
     */
    public <T> Uni<T> decide(UUID id, Function<UnitOfWork, Uni<T>> work) {
        return store.inUnit(unit -> work.apply(unit)
                .call(unit::finish)
                .call(() -> unit.sql(DECIDE, id).invoke(decided -> {
                    if (decided.isEmpty()) {
                        throw new FhirProblem(
                                ProblemCode.UNAVAILABLE,
                                "transaction: took too long and was given up (expected: retry)");
                    }
                })));
    }

    /** Commits the part that is prepared here; does nothing when it has ended already. */
    public Uni<Void> commit(UUID id) {
        return end(id, "commit prepared").invoke(() -> listeners.forEach(OutboxListener::outboxFilled));
    }

    /** Undoes the part that is prepared here; does nothing when it has ended already. */
    public Uni<Void> rollback(UUID id) {
        return end(id, "rollback prepared").chain(() -> pool.run(UNFENCE, id)).replaceWithVoid();
    }

    private Uni<Void> end(UUID id, String how) {
        return pool.run(NAMED, "careloop:%:" + id + ":%")
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : pool.statement(how + " '" + found.getFirst()[0] + "'"));
    }

    /** Returns whether {@code id}, which this service decides, is committed; what it has not decided is aborted for good. */
    public Uni<Boolean> isCommitted(UUID id) {
        return pool.run(OUTCOME, id).map(rows -> rows.getFirst()[0].equals("commit"));
    }

    /** Returns the parts that were prepared longer than {@code age} ago. */
    public Uni<List<InDoubt>> inDoubt(Duration age) {
        return pool.run(UNFENCE_LEFT, age.multipliedBy(3).toMillis())
                .chain(() -> pool.run(OLD, age.toMillis()))
                .map(rows -> rows.stream()
                        .flatMap(row -> parse((String) row[0]).stream())
                        .toList());
    }

    private static Optional<InDoubt> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new InDoubt(UUID.fromString(matcher.group("id")), matcher.group("decider")))
                : Optional.empty();
    }
}
