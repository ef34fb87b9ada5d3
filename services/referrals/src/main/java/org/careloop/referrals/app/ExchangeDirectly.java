package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.store.DirectReferrals;
import org.careloop.referrals.store.DirectReferrals.Direct;
import org.careloop.referrals.store.DirectReferrals.Partner;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Task;

/**
 * Exchanges the referrals of one agency with its own FHIR server: finds what it was asked, and looks at each of its copies, at the pace
 * that the server bears.
 */
@Singleton
class ExchangeDirectly {

    private static final int MOST = 50;
    private static final int MOST_ENLISTED = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    /** A Task may be committed after others with a later time. */
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final ResourceStore store;
    private final DirectReferrals directs;
    private final ExchangeTask exchangeTask;
    private final ReferralsConfig.Direct config;
    private final Clock clock;

    ExchangeDirectly(
            ResourceStore store,
            DirectReferrals directs,
            ExchangeTask exchangeTask,
            ReferralsConfig config,
            Clock clock) {
        this.store = store;
        this.directs = directs;
        this.exchangeTask = exchangeTask;
        this.config = config.direct();
        this.clock = clock;
    }

    /** Exchanges what there is with {@code server}, that of {@code endpoint}, if it is time to; fails only as the database does. */
    Uni<Void> handle(Endpoint endpoint, PartnerServer server) {
        String id = endpoint.getIdElement().getIdPart();
        Instant now = clock.instant();
        return store.inUnit(unit -> directs.partner(unit, id)).chain(known -> {
            Partner partner = known.orElseGet(() -> new Partner(Instant.EPOCH, now, 0));
            return partner.dueAt().isAfter(now)
                    ? Uni.createFrom().voidItem()
                    : enlist(endpoint, partner, now)
                            .chain(until -> exchange(new ExchangeTask.With(id, agency(endpoint), server))
                                    .chain(() -> keep(
                                            id, new Partner(until, now.plus(config.interval()), 0), Optional.empty())))
                            .onFailure(PartnerServer.Unusable.class)
                            .recoverWithUni(failure -> failed(id, partner, now, failure));
        });
    }

    private Uni<Void> failed(String endpoint, Partner partner, Instant now, Throwable failure) {
        int failures = partner.failures() + 1;
        LOG.partnerFailed(endpoint, failures, String.valueOf(failure.getMessage()));
        return keep(
                endpoint,
                new Partner(partner.lookedUntil(), now.plus(pause(config.interval(), failures)), failures),
                Optional.ofNullable(failure.getMessage()));
    }

    /** Returns the pause after so many failures in a row: {@code interval}, doubled with each, at most an hour. */
    static Duration pause(Duration interval, int failures) {
        Duration pause = interval.multipliedBy(1L << Math.min(failures, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private Uni<Void> keep(String endpoint, Partner partner, Optional<String> error) {
        return store.inUnit(unit -> directs.keep(unit, endpoint, partner, error));
    }

    /** Finds what the agency was asked since the last look; returns until when that is all of it. */
    private Uni<Instant> enlist(Endpoint endpoint, Partner partner, Instant now) {
        SearchRequest search = store.parser()
                .parse(
                        "Task",
                        List.of(
                                new QueryParameter("owner", agency(endpoint)),
                                new QueryParameter("status", "requested"),
                                new QueryParameter("focus:missing", "false"),
                                new QueryParameter("_lastUpdated", "ge" + partner.lookedUntil()),
                                new QueryParameter("_sort", "_lastUpdated"),
                                new QueryParameter("_count", Integer.toString(MOST_ENLISTED))));
        return store.search(search, type -> Condition.EVERYTHING).chain(page -> {
            List<StoredResource> found = page.matches();
            return store.inUnit(unit -> InTurn.each(
                            found,
                            task -> directs.enlist(
                                    unit,
                                    task.key().id().value(),
                                    endpoint.getIdElement().getIdPart())))
                    .replaceWith(
                            found.size() < MOST_ENLISTED
                                    ? now.minus(OVERLAP)
                                    : found.getLast().changed());
        });
    }

    private Uni<Void> exchange(ExchangeTask.With partner) {
        return store.inUnit(unit -> directs.open(unit, partner.endpoint())).chain(open -> {
            List<List<Direct>> batches = new ArrayList<>();
            for (int from = 0; from < open.size(); from += MOST) {
                batches.add(open.subList(from, Math.min(open.size(), from + MOST)));
            }
            return InTurn.each(batches, batch -> exchangeAll(batch, partner));
        });
    }

    private Uni<Void> exchangeAll(List<Direct> batch, ExchangeTask.With partner) {
        List<String> remotes =
                batch.stream().flatMap(direct -> direct.remote().stream()).toList();
        Uni<Map<String, Task>> copies = remotes.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : partner.server()
                        .read(remotes)
                        .map(found -> found.stream()
                                .collect(Collectors.toMap(
                                        task -> task.getIdElement().getIdPart(), Function.identity(), (a, b) -> a)));
        return copies.chain(known -> InTurn.each(
                batch,
                direct -> exchangeTask.handle(
                        direct, Optional.ofNullable(known.get(direct.remote().orElse(""))), partner)));
    }

    /** Returns the literal reference of the Organization that {@code endpoint} is of. */
    static String agency(Endpoint endpoint) {
        return endpoint.getManagingOrganization()
                .getReferenceElement()
                .toUnqualifiedVersionless()
                .getValue();
    }
}
