package org.careloop.calleraccess;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * The realm's keys, kept for a limited time. An unknown key, or keys of some age, make them be asked for again, at a limited
 * rate; while the realm does not answer, those of before go on until they are too old.
 */
final class KeptKeys {

    private final RealmKeys.Source source;
    private final TokensConfig config;
    private final Clock clock;

    private @Nullable RealmKeys kept;
    private Instant keptSince = Instant.MIN;
    private Instant askedLast = Instant.MIN;
    private boolean answeredLast;
    private @Nullable Uni<RealmKeys> asking;

    KeptKeys(RealmKeys.Source source, TokensConfig config, Clock clock) {
        this.source = source;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Returns keys among which is {@code id}, if the realm has it. Fails with {@link ProblemCode#UNAVAILABLE} when that cannot
     * be told: the realm does not answer, and the keys of before are too old or do not have {@code id}.
     */
    synchronized Uni<RealmKeys> having(String id) {
        RealmKeys known = kept;
        boolean has = known != null && known.byId().containsKey(id);
        if (has && isYounger(keptSince, config.keysRefreshed())) {
            return Uni.createFrom().item(known);
        }
        if (asking != null) {
            return orKept(asking, id);
        }
        if (isYounger(askedLast, config.keysAsked())) {
            return answeredLast
                    ? Uni.createFrom().item(known)
                    : orKept(Uni.createFrom().failure(unavailable()), id);
        }
        askedLast = clock.instant();
        asking = source.ask()
                .invoke(this::keep)
                .onFailure()
                .invoke(this::noAnswer)
                .memoize()
                .indefinitely();
        return orKept(asking, id);
    }

    private Uni<RealmKeys> orKept(Uni<RealmKeys> asked, String id) {
        return asked.onFailure().recoverWithUni(() -> keptAnyway(id));
    }

    private synchronized Uni<RealmKeys> keptAnyway(String id) {
        RealmKeys known = kept;
        return known != null && known.byId().containsKey(id) && isYounger(keptSince, config.keysKept())
                ? Uni.createFrom().item(known)
                : Uni.createFrom().failure(unavailable());
    }

    private synchronized void keep(RealmKeys keys) {
        kept = keys;
        keptSince = clock.instant();
        answeredLast = true;
        asking = null;
    }

    private synchronized void noAnswer() {
        answeredLast = false;
        asking = null;
    }

    private boolean isYounger(Instant since, Duration age) {
        return !since.equals(Instant.MIN) && clock.instant().isBefore(since.plus(age));
    }

    private static FhirProblem unavailable() {
        return new FhirProblem(ProblemCode.UNAVAILABLE, "identity server: cannot be reached now (expected: retry)");
    }
}
