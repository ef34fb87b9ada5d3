package org.careloop.transitions.domain;

import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Which stays of a patient follow from which, and how: a function of all their stays, wherever they were. What was told first is no
 * input of it.
 */
public final class Readmissions {

    private static final Comparator<StaySpan> IN_ORDER =
            Comparator.comparing(StaySpan::start).thenComparing(StaySpan::id);
    private static final Comparator<StaySpan> BY_END =
            Comparator.comparing((StaySpan stay) -> stay.end().orElseThrow()).thenComparing(IN_ORDER);

    private final ReadmissionRules rules;
    private final Sites sites;
    private final DischargeDestinations destinations;

    public Readmissions(ReadmissionRules rules, Sites sites, DischargeDestinations destinations) {
        this.rules = rules;
        this.sites = sites;
        this.destinations = destinations;
    }

    /** Returns the classes of what follows from another, and of what others follow from. */
    public Set<String> classes() {
        Set<String> all = new TreeSet<>(rules.classes());
        all.addAll(rules.postAcuteClasses());
        return all;
    }

    /** Returns, for each of {@code encounters} (all of one patient), by its id, what it follows from. */
    public Map<String, Optional<IndexStay>> of(Collection<Encounter> encounters) {
        Map<String, Optional<IndexStay>> found = new HashMap<>();
        encounters.forEach(encounter -> found.put(encounter.getIdElement().getIdPart(), Optional.empty()));
        List<StaySpan> stays = stays(encounters, rules.classes());
        // In the order of their beginnings, so that what came before is known by then.
        stays.forEach(stay -> found.put(stay.id(), index(stay, stays, found)));
        stays(encounters, rules.postAcuteClasses())
                .forEach(stay -> found.put(stay.id(), postAcute(stay, stays, found)));
        return found;
    }

    private List<StaySpan> stays(Collection<Encounter> encounters, Set<String> classes) {
        return encounters.stream()
                .filter(encounter -> classes.contains(encounter.getClass_().getCode()))
                .flatMap(encounter -> StaySpan.of(encounter, sites, destinations).stream())
                .sorted(IN_ORDER)
                .toList();
    }

    private static Optional<StaySpan> before(StaySpan stay, List<StaySpan> stays) {
        return stays.stream()
                .filter(other -> IN_ORDER.compare(other, stay) < 0)
                .filter(other -> isBefore(other, stay))
                .max(BY_END);
    }

    /** No readmission; but its plan takes the place of that of the hospital stay, which may have been one. */
    private Optional<IndexStay> postAcute(StaySpan stay, List<StaySpan> stays, Map<String, Optional<IndexStay>> found) {
        return before(stay, stays)
                .filter(other -> days(other, stay) <= rules.transferDays())
                .map(other -> index(stay, other, StayRelation.POST_ACUTE_ADMISSION, found));
    }

    private Optional<IndexStay> index(StaySpan stay, List<StaySpan> stays, Map<String, Optional<IndexStay>> before) {
        return before(stay, stays)
                .flatMap(other -> rules.relation(other, stay, days(other, stay))
                        .map(relation -> index(stay, other, relation, before)));
    }

    private IndexStay index(
            StaySpan stay, StaySpan other, StayRelation relation, Map<String, Optional<IndexStay>> before) {
        String first = first(other, before);
        return new IndexStay(
                other.id(),
                first,
                relation,
                Optional.of(first)
                        .filter(id -> relation.goesOn())
                        .flatMap(id -> before.getOrDefault(id, Optional.empty()))
                        .map(IndexStay::relation),
                Math.toIntExact(days(other, stay)),
                rules.version());
    }

    /** Ended by the day that the next began: on that day the discharge is often told later than the next admission. */
    private static boolean isBefore(StaySpan other, StaySpan stay) {
        return other.end().isPresent()
                && other.endDay().isPresent()
                && days(other, stay) >= 0
                && other.destination()
                        .filter(DischargeDestination.EXPIRED::equals)
                        .isEmpty();
    }

    private static long days(StaySpan other, StaySpan stay) {
        return ChronoUnit.DAYS.between(other.endDay().orElseThrow(), stay.startDay());
    }

    /** Where that stay began, which may have led through several hospitals. */
    private static String first(StaySpan stay, Map<String, Optional<IndexStay>> before) {
        return before.getOrDefault(stay.id(), Optional.empty())
                .filter(index -> index.relation() == StayRelation.DIRECT_TRANSFER)
                .map(IndexStay::firstId)
                .orElse(stay.id());
    }
}
