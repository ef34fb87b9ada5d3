package org.careloop.referrals.domain;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** What a caller is to one Task or ServiceRequest; the life cycles are written in these terms. */
public enum Actor {
    /** Asked for the work: {@code requester}. */
    REQUESTER,
    /** Was asked to do the work: {@code Task.owner}, {@code ServiceRequest.performer}. */
    TARGET,
    /** Both at once, as with work that an organisation gives to itself. */
    REQUESTER_AND_TARGET,
    /** Takes an open Task that names no owner by becoming its owner; where it is offered to some, one of these. */
    CLAIMER,
    /** A service of this platform; may do what the requester may. */
    PLATFORM,
    /** None of these; may change nothing. */
    OTHER;

    /** Those who speak for the requester. */
    static final Set<Actor> REQUESTERS = EnumSet.of(REQUESTER, REQUESTER_AND_TARGET, PLATFORM);
    /** Those who speak for the owner. */
    static final Set<Actor> TARGETS = EnumSet.of(TARGET, REQUESTER_AND_TARGET);

    /**
     * Returns what the caller is to a Task that is about to become {@code next}. The stored Task decides where there
     * is one, so that nobody gains a right by what is sent.
     *
     * @param callerReferences the literal references that stand for the caller ({@code Organization/x}, and where it
     *     is known {@code PractitionerRole/y}, {@code Patient/z})
     * @param platform whether the caller is a service of this platform
     * @param recorder whether the caller keeps the record, and so speaks for the requester
     */
    public static Actor on(
            Optional<Task> previous, Task next, Set<String> callerReferences, boolean platform, boolean recorder) {
        if (platform) {
            return PLATFORM;
        }
        Task known = previous.orElse(next);
        boolean isUnclaimed = previous.isPresent()
                && known.getStatus() == TaskStatus.REQUESTED
                && known.getOwner().isEmpty();
        boolean isOffered = !TaskElements.recipients(known).isEmpty();
        if (isUnclaimed
                && names(Stream.of(next.getOwner()), callerReferences)
                && !isPerson(next.getOwner())
                && (!isOffered || names(TaskElements.recipients(known).stream(), callerReferences))) {
            return CLAIMER;
        }
        return of(
                recorder || names(Stream.of(known.getRequester()), callerReferences),
                names(Stream.of(known.getOwner()), callerReferences));
    }

    /** Returns what the caller is to a ServiceRequest; otherwise as {@link #on(Optional, Task, Set, boolean, boolean)}. */
    public static Actor on(
            Optional<ServiceRequest> previous,
            ServiceRequest next,
            Set<String> callerReferences,
            boolean platform,
            boolean recorder) {
        if (platform) {
            return PLATFORM;
        }
        ServiceRequest known = previous.orElse(next);
        return of(
                recorder || names(Stream.of(known.getRequester()), callerReferences),
                names(known.getPerformer().stream(), callerReferences));
    }

    /** Whoever is served does not do the agency's work: a referral that waits for an agency is none for them to take. */
    private static boolean isPerson(Reference owner) {
        return Set.of("Patient", "RelatedPerson")
                .contains(owner.getReferenceElement().getResourceType());
    }

    private static Actor of(boolean isRequester, boolean isTarget) {
        if (isRequester) {
            return isTarget ? REQUESTER_AND_TARGET : REQUESTER;
        }
        return isTarget ? TARGET : OTHER;
    }

    private static boolean names(Stream<Reference> references, Collection<String> callerReferences) {
        return references
                .filter(Reference::hasReference)
                .map(Reference::getReference)
                .anyMatch(callerReferences::contains);
    }
}
