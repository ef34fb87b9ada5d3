package org.careloop.referrals.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.careloop.referrals.domain.UnmetReferral.Area;
import org.careloop.referrals.domain.UnmetReferral.Lack;

/**
 * Which services people needed and did not get, by kind and area.
 *
 * @param needs ordered by kind and area
 */
public record UnmetNeeds(List<Need> needs) {

    /**
     * The referrals of one kind and area. A referral that several kinds can serve counts with each of them, and once with each
     * however often an agency was missing.
     *
     * @param serviceType {@code system|code}
     * @param counts how many lacked what; empty where there are some, but too few to be told
     */
    public record Need(String serviceType, Area area, Map<Lack, Optional<Integer>> counts) {}

    private record Key(String serviceType, Area area) {

        static final Comparator<Key> ORDER = Comparator.comparing(Key::serviceType)
                .thenComparing(key -> key.area().state().orElse(""))
                .thenComparing(key -> key.area().postalCode().orElse(""));
    }

    /** Counts {@code found}. */
    public static UnmetNeeds of(Collection<UnmetReferral> found, ScorecardRules rules) {
        Map<Key, Map<Lack, Set<String>>> requests = new TreeMap<>(Key.ORDER);
        for (UnmetReferral referral : found) {
            for (String type : referral.serviceTypes()) {
                requests.computeIfAbsent(new Key(type, referral.area()), key -> new EnumMap<>(Lack.class))
                        .computeIfAbsent(referral.lack(), lack -> new HashSet<>())
                        .add(referral.request());
            }
        }
        return new UnmetNeeds(requests.entrySet().stream()
                .map(need ->
                        new Need(need.getKey().serviceType(), need.getKey().area(), counts(need.getValue(), rules)))
                .toList());
    }

    private static Map<Lack, Optional<Integer>> counts(Map<Lack, Set<String>> requests, ScorecardRules rules) {
        Map<Lack, Optional<Integer>> counts = new EnumMap<>(Lack.class);
        for (Lack lack : Lack.values()) {
            int count = requests.getOrDefault(lack, Set.of()).size();
            counts.put(lack, count > 0 && count < rules.smallestCount() ? Optional.empty() : Optional.of(count));
        }
        return counts;
    }
}
