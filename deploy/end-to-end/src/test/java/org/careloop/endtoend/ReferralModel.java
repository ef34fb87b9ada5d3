package org.careloop.endtoend;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One referral as the specifications have it: SDOHCC's table, who sees it and who may say what. Shares nothing with the services.
 */
final class ReferralModel {

    static final List<String> STATUSES =
            List.of(("draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
                            + " entered-in-error")
                    .split(" "));

    private static final List<String> ENDS =
            List.of("rejected", "cancelled", "failed", "completed", "entered-in-error");
    private static final List<String> NEED_REASON =
            List.of("rejected", "cancelled", "on-hold", "failed", "entered-in-error");

    /** Who (R the requester, T the target), from, to. */
    private static final Set<String> TABLE = """
            R draft requested entered-in-error
            R requested cancelled entered-in-error
            T requested accepted rejected cancelled
            R accepted cancelled entered-in-error
            T accepted in-progress on-hold completed failed cancelled
            R in-progress cancelled entered-in-error
            T in-progress on-hold completed failed cancelled
            R on-hold cancelled entered-in-error
            T on-hold in-progress completed failed cancelled
            R rejected entered-in-error
            R cancelled entered-in-error
            R failed entered-in-error
            R completed entered-in-error
            """.lines()
            .map(row -> row.split(" "))
            .flatMap(row -> Arrays.stream(row).skip(2).map(to -> row[0] + " " + row[1] + " " + to))
            .collect(Collectors.toSet());

    /** What a party says of a Task, with or without a reason and an output. */
    record Word(Party who, String to, boolean reason, boolean output) {}

    /** Where the platform has it: type and id of each. */
    record Stored(String patient, String request, String task) {}

    private final Party requester;
    private final List<Party> recipients;
    private final Stored stored;
    private Optional<Party> owner;
    private String status;
    private String requestStatus = "active";

    private ReferralModel(
            Party requester, Optional<Party> owner, List<Party> recipients, String status, Stored stored) {
        this.requester = requester;
        this.owner = owner;
        this.recipients = recipients;
        this.status = status;
        this.stored = stored;
    }

    static ReferralModel addressed(Party requester, Party owner, String status, Stored stored) {
        return new ReferralModel(requester, Optional.of(owner), List.of(), status, stored);
    }

    static ReferralModel offered(Party requester, List<Party> recipients, Stored stored) {
        return new ReferralModel(requester, Optional.empty(), recipients, "requested", stored);
    }

    /** Who, from, to, of all that is allowed. */
    static List<String> rows() {
        return TABLE.stream().sorted().toList();
    }

    /** What the owner says, one after the other, of what it was asked for until it is {@code status}. */
    static List<String> wayTo(String status) {
        return switch (status) {
            case "draft", "requested" -> List.of();
            case "accepted", "rejected", "cancelled" -> List.of(status);
            default -> List.of("accepted", status);
        };
    }

    static boolean isStepOfTable(String from, String to) {
        return Stream.of("R", "T").anyMatch(who -> TABLE.contains(who + " " + from + " " + to));
    }

    boolean isSeenBy(Party who) {
        return who.equals(requester)
                || isOwnedBy(who)
                || owner.isEmpty() && status.equals("requested") && recipients.contains(who);
    }

    boolean isOwnedBy(Party who) {
        return owner.filter(who::equals).isPresent();
    }

    /** Whether {@code agency} sees whom it is for: while it may work or claim, and for a while after work that was done or failed. */
    boolean opensPatientTo(Party agency) {
        return isSeenBy(agency)
                && List.of("requested", "accepted", "in-progress", "on-hold", "completed", "failed")
                        .contains(status);
    }

    /** Of one who is its requester or its owner. */
    boolean allows(Word word) {
        if (!word.to.equals(status)) {
            return next(word.who).contains(word.to)
                    && (word.reason || !NEED_REASON.contains(word.to))
                    && (word.output || !word.to.equals("completed"));
        }
        return hasEnded()
                ? !word.output || isOwnedBy(word.who) && !status.equals("entered-in-error")
                : word.reason || !NEED_REASON.contains(status);
    }

    /** The statuses that one who is its requester or its owner may set next. */
    List<String> next(Party who) {
        String start = (who.equals(requester) ? "R " : "T ") + status + " ";
        return TABLE.stream()
                .filter(row -> row.startsWith(start))
                .map(row -> row.substring(start.length()))
                .sorted()
                .toList();
    }

    boolean hasEnded() {
        return ENDS.contains(status);
    }

    void take(String next) {
        status = next;
        if (next.equals("completed")) {
            requestStatus = next;
        }
    }

    void claimed(Party by, String next) {
        owner = Optional.of(by);
        take(next);
    }

    /** By the requester, who revokes the request, or else by the owner, who has done the work. */
    void ended(boolean isRevoked) {
        take(isRevoked ? "cancelled" : "completed");
        requestStatus = isRevoked ? "revoked" : requestStatus;
    }

    Party requester() {
        return requester;
    }

    Party owner() {
        return owner.orElseThrow();
    }

    boolean isOpen() {
        return owner.isEmpty();
    }

    List<Party> recipients() {
        return recipients;
    }

    String patient() {
        return stored.patient;
    }

    String request() {
        return stored.request;
    }

    String task() {
        return stored.task;
    }

    String status() {
        return status;
    }

    String requestStatus() {
        return requestStatus;
    }
}
