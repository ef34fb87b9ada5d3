package org.careloop.referrals.domain;

import static org.hl7.fhir.r4.model.Task.TaskStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.DRAFT;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.Task.TaskStatus.FAILED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ONHOLD;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REQUESTED;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * What became of a referral that an agency was asked for, read from the versions of its Task.
 *
 * <p>An agency is asked when its name and the status requested stand in the Task together for the first time. One that claims a
 * Task by accepting it was not asked before: it is asked and has accepted at that moment, which says nothing of how fast it is. A
 * Task that was recorded in a later status was asked for elsewhere.
 *
 * @param claimed whether the agency took it by accepting it
 * @param acknowledged when it was first seen that the agency knows of it: a {@code businessStatus} was set, or it answered
 * @param started when the work began; empty where the agency never said so
 * @param ended when the last status was set, where that is an end
 * @param reason why it ended as it did, see {@link TaskVersion#reason}
 */
public record ReferralCourse(
        Instant asked,
        boolean claimed,
        Optional<Instant> acknowledged,
        Optional<Instant> accepted,
        Optional<Instant> started,
        Outcome outcome,
        Optional<Instant> ended,
        Optional<String> reason) {

    /** Where it is now. */
    public enum Outcome {
        /** Nobody has ended it yet. */
        OPEN,
        COMPLETED,
        /** The agency had accepted, and did not succeed. */
        FAILED,
        /** The agency did not accept. */
        REJECTED,
        /** The agency gave it up. */
        CANCELLED,
        /** The platform took it back from an agency that stayed silent. */
        NOT_ANSWERED,
        /** Who had asked, or the platform for them, took it back. */
        WITHDRAWN;

        /** Whether the agency itself ended it undone. */
        boolean isRefusal() {
            return this == FAILED || this == REJECTED || this == CANCELLED;
        }
    }

    private static final Set<TaskStatus> AFTER_ACCEPTANCE = EnumSet.of(ACCEPTED, INPROGRESS, ONHOLD, COMPLETED, FAILED);

    /**
     * Returns the course of a Task for {@code agency}, a literal reference; empty when it was a mistake, or the agency was not asked
     * here.
     *
     * @param versions all of them, oldest first
     * @param cancelledByAgency who cancelled it, if it is cancelled; the versions do not tell
     */
    public static Optional<ReferralCourse> of(List<TaskVersion> versions, String agency, boolean cancelledByAgency) {
        int first = indexOf(versions, 0, version -> version.owner().equals(Optional.of(agency)));
        if (first < 0 || versions.getLast().status() == ENTEREDINERROR) {
            return Optional.empty();
        }
        TaskStatus then = versions.get(first).status();
        boolean claimed =
                then == ACCEPTED && first > 0 && versions.get(first - 1).status() == REQUESTED;
        int asked = then == DRAFT ? indexOf(versions, first, version -> version.status() == REQUESTED) : first;
        if (asked < 0 || !claimed && versions.get(asked).status() != REQUESTED) {
            return Optional.empty();
        }
        return Optional.of(of(versions.subList(asked, versions.size()), claimed, cancelledByAgency));
    }

    private static ReferralCourse of(List<TaskVersion> since, boolean claimed, boolean cancelledByAgency) {
        Optional<Instant> accepted = first(since, version -> AFTER_ACCEPTANCE.contains(version.status()));
        TaskVersion last = since.getLast();
        Outcome outcome = outcome(last, accepted.isPresent(), cancelledByAgency);
        Optional<Instant> ended = outcome == Outcome.OPEN ? Optional.empty() : Optional.of(beginOfLastStatus(since));
        Optional<String> known = since.getFirst().businessStatus();
        Optional<Instant> told = first(
                since,
                version -> version.businessStatus().isPresent()
                        && !version.businessStatus().equals(known));
        Optional<Instant> acknowledged = Stream.of(told, accepted, ended.filter(end -> outcome.isRefusal()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
        return new ReferralCourse(
                since.getFirst().at(),
                claimed,
                acknowledged,
                accepted,
                first(since, version -> version.status() == INPROGRESS),
                outcome,
                ended,
                last.reason());
    }

    private static Outcome outcome(TaskVersion last, boolean accepted, boolean cancelledByAgency) {
        return switch (last.status()) {
            case COMPLETED -> Outcome.COMPLETED;
            case FAILED -> Outcome.FAILED;
            case REJECTED -> Outcome.REJECTED;
            case CANCELLED -> cancelled(last, accepted, cancelledByAgency);
            default -> Outcome.OPEN;
        };
    }

    private static Outcome cancelled(TaskVersion last, boolean accepted, boolean byAgency) {
        if (byAgency) {
            return Outcome.CANCELLED;
        }
        boolean silent = !accepted && last.reason().equals(Optional.of(EndReasons.NO_ANSWER));
        return silent ? Outcome.NOT_ANSWERED : Outcome.WITHDRAWN;
    }

    /** Outputs may be added to what has ended. */
    private static Instant beginOfLastStatus(List<TaskVersion> versions) {
        TaskStatus last = versions.getLast().status();
        int begin = versions.size() - 1;
        while (begin > 0 && versions.get(begin - 1).status() == last) {
            begin--;
        }
        return versions.get(begin).at();
    }

    private static Optional<Instant> first(List<TaskVersion> versions, Predicate<TaskVersion> which) {
        return versions.stream().filter(which).findFirst().map(TaskVersion::at);
    }

    private static int indexOf(List<TaskVersion> versions, int from, Predicate<TaskVersion> which) {
        for (int i = from; i < versions.size(); i++) {
            if (which.test(versions.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the agency itself ended it undone. */
    public boolean isRefused() {
        return outcome.isRefusal();
    }

    /** Whether the agency said no before it had accepted, or nothing for too long. */
    boolean isDeclined() {
        return accepted.isEmpty() && (outcome.isRefusal() || outcome == Outcome.NOT_ANSWERED);
    }

    /** Whether the agency has told what came of it. */
    boolean isClosed() {
        return outcome == Outcome.COMPLETED || outcome.isRefusal() && reason.isPresent();
    }
}
