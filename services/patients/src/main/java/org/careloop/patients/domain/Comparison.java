package org.careloop.patients.domain;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares two Patients: the sum of the weights of how their elements agree, as the probability that they are one person, and limits
 * for what the weights do not know. Says the same, whichever of them comes first.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1969.10501049">Fellegi, Sunter: A theory for record linkage</a>
 */
public final class Comparison {

    private static final double JUST_BELOW = 0.000001;

    private final MatchRules rules;
    private final Names names;

    /** Compares by {@code rules}. */
    public Comparison(MatchRules rules) {
        this.rules = rules;
        this.names = new Names(rules);
    }

    /**
     * What came of it.
     *
     * @param score from 0 to 1: the probability that they are one person
     * @param byIdentifier whether they have an identifier in common
     * @param version of the rules
     */
    public record Result(double score, Grade grade, boolean byIdentifier, String version) {}

    /** Compares {@code one} with {@code other}. */
    public Result compare(PersonTraits one, PersonTraits other) {
        Map<Field, Agreement> agreements = agreements(one, other);
        boolean common = one.identifiers().stream().anyMatch(other.identifiers()::contains);
        double score = score(agreements);
        if (common) {
            boolean contradicted = rules.contradictions().stream().anyMatch(each -> holds(each, agreements));
            return contradicted
                    ? result(Math.max(score, rules.thresholds().possible()), Grade.POSSIBLE, true)
                    : result(Math.max(score, rules.thresholds().certain()), Grade.CERTAIN, true);
        }
        Grade limit = rules.limits().stream()
                .filter(each -> holds(each.when(), agreements))
                .map(MatchRules.Limit::atMost)
                .findFirst()
                .orElse(Grade.CERTAIN);
        return result(score, limit, false);
    }

    /** The score stays within its grade, so that the order by score is the order by grade. */
    private Result result(double score, Grade limit, boolean byIdentifier) {
        MatchRules.Thresholds from = rules.thresholds();
        double limited = switch (limit) {
            case CERTAIN -> score;
            case PROBABLE -> Math.min(score, from.certain() - JUST_BELOW);
            case POSSIBLE -> Math.min(score, from.probable() - JUST_BELOW);
            case CERTAINLY_NOT -> Math.min(score, from.possible() - JUST_BELOW);
        };
        Grade grade = limited >= from.certain()
                ? Grade.CERTAIN
                : limited >= from.probable()
                        ? Grade.PROBABLE
                        : limited >= from.possible() ? Grade.POSSIBLE : Grade.CERTAINLY_NOT;
        return new Result(Math.round(limited * 1e6) / 1e6, grade, byIdentifier, rules.version());
    }

    private double score(Map<Field, Agreement> agreements) {
        double weight = rules.priorWeight();
        for (Map.Entry<Field, Agreement> each : agreements.entrySet()) {
            MatchRules.Odds odds =
                    rules.fields().getOrDefault(each.getKey(), Map.of()).get(each.getValue());
            weight += odds == null ? 0 : odds.weight();
        }
        return 1 / (1 + Math.pow(2, -weight));
    }

    private static boolean holds(Map<Field, Set<Agreement>> when, Map<Field, Agreement> agreements) {
        return when.entrySet().stream().allMatch(each -> each.getValue().contains(agreements.get(each.getKey())));
    }

    private Map<Field, Agreement> agreements(PersonTraits one, PersonTraits other) {
        Map<Field, Agreement> agreements = new EnumMap<>(Field.class);
        agreements.put(Field.FAMILY, names.family(one.families(), other.families()));
        agreements.put(Field.GIVEN, names.given(one.givens(), other.givens()));
        agreements.put(Field.BIRTH_DATE, dates(one.birthDate(), other.birthDate()));
        agreements.put(Field.GENDER, equal(one.gender(), other.gender()));
        agreements.put(Field.PHONE, shared(one.phones(), other.phones()));
        agreements.put(Field.EMAIL, shared(one.emails(), other.emails()));
        agreements.put(Field.ADDRESS, addresses(one, other));
        agreements.put(Field.IDENTIFIER, numbers(one, other));
        agreements.put(Field.MULTIPLE_BIRTH, equal(one.birthOrder(), other.birthOrder()));
        agreements.put(Field.DECEASED, deceased(one, other));
        return agreements;
    }

    private static Agreement equal(Optional<?> one, Optional<?> other) {
        return one.isEmpty() || other.isEmpty()
                ? Agreement.MISSING
                : one.equals(other) ? Agreement.SAME : Agreement.DIFFERENT;
    }

    private static Agreement shared(Set<String> some, Set<String> others) {
        return some.isEmpty() || others.isEmpty()
                ? Agreement.MISSING
                : some.stream().anyMatch(others::contains) ? Agreement.SAME : Agreement.DIFFERENT;
    }

    private static Agreement addresses(PersonTraits one, PersonTraits other) {
        Agreement lines = shared(one.addresses(), other.addresses());
        return lines == Agreement.SAME
                ? lines
                : switch (shared(one.postalCodes(), other.postalCodes())) {
                    case SAME -> Agreement.SIMILAR;
                    case MISSING -> lines;
                    case SIMILAR, DIFFERENT -> Agreement.DIFFERENT;
                };
    }

    /** Who has two numbers of one system in one record was given them; only where none is in common, they differ. */
    private static Agreement numbers(PersonTraits one, PersonTraits other) {
        if (one.identifiers().stream().anyMatch(other.identifiers()::contains)) {
            return Agreement.SAME;
        }
        Set<String> systems = new HashSet<>(one.identifierSystems());
        systems.retainAll(other.identifierSystems());
        return systems.isEmpty() ? Agreement.MISSING : Agreement.DIFFERENT;
    }

    /** Who is dead in one record may be alive in an older one; two dates of death are of two people. */
    private static Agreement deceased(PersonTraits one, PersonTraits other) {
        return equal(one.deathDate(), other.deathDate());
    }

    private static Agreement dates(Optional<LocalDate> one, Optional<LocalDate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Agreement.MISSING;
        }
        LocalDate a = one.get();
        LocalDate b = other.get();
        if (a.equals(b)) {
            return Agreement.SAME;
        }
        boolean transposed = a.getYear() == b.getYear()
                && a.getMonthValue() == b.getDayOfMonth()
                && a.getDayOfMonth() == b.getMonthValue();
        int equal = (a.getYear() == b.getYear() ? 1 : 0)
                + (a.getMonthValue() == b.getMonthValue() ? 1 : 0)
                + (a.getDayOfMonth() == b.getDayOfMonth() ? 1 : 0);
        return transposed || equal == 2 && Math.abs(a.getYear() - b.getYear()) <= MOST_YEARS_OF_A_SLIP
                ? Agreement.SIMILAR
                : Agreement.DIFFERENT;
    }

    /** A slip in the last digit of the year, or of its decade; a parent with the birthday of the child is older than that. */
    private static final int MOST_YEARS_OF_A_SLIP = 10;
}
