package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.CommunicationTerms.require;

import java.util.List;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Communication;

/** The categories of Communications that have rules of their own. One is of one of them, or the rules of each would let the other's pass. */
public final class GuardedCategories {

    private static final List<String> GUARDED = List.of(
            HandOff.CATEGORY, "debrief", SharedTerms.STAY_NOTICE, SharedTerms.TRANSITION_DOCUMENT, "break-glass");

    private GuardedCategories() {}

    /** Holds that {@code communication} has at most one; fails with {@link org.careloop.fhirmodel.ProblemCode#RULE_VIOLATED}. */
    public static void requireOne(Communication communication) {
        long found = GUARDED.stream()
                .filter(category -> CommunicationTerms.isOf(communication, category))
                .count();
        require(
                found < 2,
                "category",
                "of several kinds at once (expected: at most one of " + String.join(", ", GUARDED) + ")");
    }
}
