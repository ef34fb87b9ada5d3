package org.careloop.careplans.domain;

import java.util.Set;
import org.careloop.fhirmodel.FhirId;

/**
 * The ids of a plan, its goals and its team, all derived from the stay: the same discharge told twice makes the same. What
 * has come to its end for good cannot be opened again, so it gets the ids of a further round.
 *
 * @param round 1 for the first plan of the stay, more when an ended one is made anew
 * @param spent the ids of goals that were withdrawn
 */
public record PlanIds(String encounterId, int round, Set<String> spent) {

    /** Returns the ids of the first plan of a stay. */
    public static PlanIds first(String encounterId) {
        return new PlanIds(encounterId, 1, Set.of());
    }

    /** Returns the ids of the same plan, where {@code goals} are withdrawn. */
    public PlanIds without(Set<String> goals) {
        return new PlanIds(encounterId, round, Set.copyOf(goals));
    }

    /** The id of the plan. */
    public FhirId plan() {
        return FhirId.derivedFrom(seed(), "CarePlan");
    }

    FhirId team() {
        return FhirId.derivedFrom(seed(), "CareTeam");
    }

    /** The id of the goal {@code key} of a protocol: the first that was not withdrawn. */
    FhirId goal(String key) {
        FhirId id = FhirId.derivedFrom(seed(), "Goal", key);
        for (int next = 2; spent.contains(id.value()); next++) {
            id = FhirId.derivedFrom(seed(), "Goal", key, Integer.toString(next));
        }
        return id;
    }

    private String seed() {
        return round == 1 ? encounterId : encounterId + "#" + round;
    }
}
