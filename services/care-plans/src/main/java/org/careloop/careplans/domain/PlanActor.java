package org.careloop.careplans.domain;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Reference;

/** What a caller is to a plan, and so to its goals and its team. */
public enum PlanActor {
    /** Wrote the plan or keeps it: author, contributor, managing organisation. */
    AUTHOR,
    /** A service of this platform; may do what the author may. */
    PLATFORM,
    /** The person the plan is for; has a say in the goals. */
    PATIENT,
    /** None of these; may change nothing. */
    OTHER;

    static final Set<PlanActor> KEEPERS = EnumSet.of(AUTHOR, PLATFORM);

    /**
     * Returns what the caller is to {@code known}: the stored plan, or the sent one when it is new. For a Goal ask with
     * the plan that it belongs to.
     *
     * @param callerReferences the literal references that stand for the caller
     */
    public static PlanActor on(CarePlan known, Set<String> callerReferences, boolean platform) {
        Stream<Reference> keepers = Stream.concat(Stream.of(known.getAuthor()), known.getContributor().stream());
        return of(keepers, known.getSubject(), callerReferences, platform);
    }

    /** Returns what a caller is that keeps the record: it speaks for the author, whoever that is. */
    public PlanActor orKeeper(boolean recorder) {
        return recorder && this != PLATFORM ? AUTHOR : this;
    }

    /** Returns what the caller is to a team; otherwise as {@link #on(CarePlan, Set, boolean)}. */
    public static PlanActor on(CareTeam known, Set<String> callerReferences, boolean platform) {
        return of(known.getManagingOrganization().stream(), known.getSubject(), callerReferences, platform);
    }

    private static PlanActor of(
            Stream<Reference> keepers, Reference subject, Collection<String> callerReferences, boolean platform) {
        if (platform) {
            return PLATFORM;
        }
        if (keepers.anyMatch(keeper -> callerReferences.contains(String.valueOf(keeper.getReference())))) {
            return AUTHOR;
        }
        return callerReferences.contains(String.valueOf(subject.getReference())) ? PATIENT : OTHER;
    }
}
