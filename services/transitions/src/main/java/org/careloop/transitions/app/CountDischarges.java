package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.DischargeFacts;
import org.careloop.transitions.domain.MeasureCounts;
import org.careloop.transitions.domain.MeasurePeriod;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.careloop.transitions.store.FollowedSince;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.Transitions;

/** Counts what a measure says of the discharges of an organisation, some hundred at a time, each of them in a unit of its own. */
@Singleton
class CountDischarges {

    private static final int AT_ONCE = 200;
    private static final int MOST = 50_000;

    private final ResourceStore store;
    private final Transitions transitions;
    private final ReadDischarges readDischarges;
    private final TransitionMeasures measures;
    private final FollowedSince followedSince;
    private final TransitionsConfig config;

    CountDischarges(
            ResourceStore store,
            Transitions transitions,
            ReadDischarges readDischarges,
            TransitionMeasures measures,
            FollowedSince followedSince,
            TransitionsConfig config) {
        this.store = store;
        this.transitions = transitions;
        this.readDischarges = readDischarges;
        this.measures = measures;
        this.followedSince = followedSince;
        this.config = config;
    }

    /**
     * What was counted.
     *
     * @param groups by their codes
     * @param episodes ids of those that were
     * @param since from which day on it is followed who patients are and who pays for them
     */
    record Counted(Map<String, MeasureCounts> groups, List<String> episodes, LocalDate since) {}

    /**
     * Counts the discharges that {@code organization}, an id, provided or follows, in {@code period}. Fails with {@link
     * ProblemCode#TOO_COSTLY} when there are too many.
     *
     * @param shown which episodes count; empty: all
     */
    Uni<Counted> handle(
            Definition measure, MeasurePeriod period, String organization, Optional<Condition> shown, Instant now) {
        Map<String, MeasureCounts> groups = new TreeMap<>();
        return store.inUnit(unit -> transitions.discharged(organization, period, MOST + 1, unit))
                .invoke(CountDischarges::requireFew)
                .chain(episodes -> InTurn.map(
                        parts(episodes),
                        part -> store.inUnit(unit -> seen(part, shown, unit)
                                .chain(seen -> transitions.all(seen, unit))
                                .chain(found -> readDischarges.handle(found, unit))
                                .map(facts -> count(measure, period, facts, now, groups)))))
                .chain(counted -> store.inUnit(unit -> followedSince.day(config.timeZone(), unit))
                        .map(since -> new Counted(
                                groups, counted.stream().flatMap(List::stream).toList(), since)));
    }

    private static void requireFew(List<String> episodes) {
        if (episodes.size() > MOST) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "period: too many discharges (expected: at most " + MOST + ")");
        }
    }

    /** Returns {@code episodes} in parts that are looked at together. */
    static List<List<String>> parts(List<String> episodes) {
        return IntStream.range(0, (episodes.size() + AT_ONCE - 1) / AT_ONCE)
                .mapToObj(part -> episodes.subList(part * AT_ONCE, Math.min(episodes.size(), (part + 1) * AT_ONCE)))
                .toList();
    }

    private static Uni<List<String>> seen(List<String> episodes, Optional<Condition> shown, UnitOfWork unit) {
        return shown.map(access -> unit.search(
                                "EpisodeOfCare", List.of(new QueryParameter("_id", String.join(",", episodes))), access)
                        .map(found -> found.stream()
                                .map(each -> each.key().id().value())
                                .collect(Collectors.toList())))
                .orElseGet(() -> Uni.createFrom().item(episodes));
    }

    private List<String> count(
            Definition measure,
            MeasurePeriod period,
            Map<Transition, DischargeFacts> facts,
            Instant now,
            Map<String, MeasureCounts> groups) {
        List<Map.Entry<Transition, DischargeFacts>> counted = facts.entrySet().stream()
                .filter(each -> period.contains(
                        each.getValue().discharged(), each.getValue().zone()))
                .toList();
        counted.forEach(each -> measures.count(
                measure,
                each.getValue(),
                Map.of(
                        "facility",
                        each.getKey().facility(),
                        "payer",
                        each.getValue().payer()),
                now,
                groups));
        return counted.stream().map(each -> each.getKey().episodeId()).toList();
    }
}
