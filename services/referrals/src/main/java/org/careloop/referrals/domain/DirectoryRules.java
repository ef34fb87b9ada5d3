package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Coding;

/** How listings of the directory are read: {@code rules/directory.yaml}. */
public final class DirectoryRules {

    /** Listings of this kind are stale after {@code days}. */
    record Kind(String system, String code, int days) {}

    record Rules(String version, ZoneId zone, int staleAfterDays, List<Kind> kinds) {}

    /**
     * Listings of any of {@code kinds} are stale {@code after} this time.
     *
     * @param kinds codes of {@code HealthcareService.type} or {@code category}
     */
    public record Limit(Duration after, List<Coding> kinds) {}

    private final Rules rules;

    DirectoryRules(Rules rules) {
        this.rules = rules;
        if (rules.staleAfterDays() < 1 || rules.kinds().stream().anyMatch(kind -> kind.days() < 1)) {
            throw new IllegalStateException("directory: days below 1 (expected: 1 or more)");
        }
    }

    /** Returns the rules that this product ships. */
    public static DirectoryRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static DirectoryRules of(RuleSource source) {
        return new DirectoryRules(source.read(Rules.class, "rules/directory.yaml"));
    }

    /** Of the hours of services. */
    public ZoneId zone() {
        return rules.zone();
    }

    /** After how long a listing that nobody verifies is stale; of listings of none of the kinds that have their own. */
    public Duration usual() {
        return Duration.ofDays(rules.staleAfterDays());
    }

    /** The limits of the kinds that have their own; a listing goes by the shortest of those that it is of. */
    public List<Limit> special() {
        Map<Integer, List<Coding>> byDays = new LinkedHashMap<>();
        rules.kinds()
                .forEach(kind -> byDays.computeIfAbsent(kind.days(), days -> new ArrayList<>())
                        .add(new Coding(kind.system(), kind.code(), null)));
        return byDays.entrySet().stream()
                .map(entry -> new Limit(Duration.ofDays(entry.getKey()), entry.getValue()))
                .toList();
    }
}
