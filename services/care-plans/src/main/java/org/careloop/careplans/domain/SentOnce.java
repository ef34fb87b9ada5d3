package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.CommunicationTerms.require;

import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;

/** What is true of all that somebody wrote for others to rely on: a draft until it is complete, and then as it was said. */
final class SentOnce {

    private static final Set<CommunicationStatus> STATUSES =
            Set.of(CommunicationStatus.PREPARATION, CommunicationStatus.COMPLETED, CommunicationStatus.ENTEREDINERROR);

    private SentOnce() {}

    static boolean isSent(Communication communication) {
        return communication.getStatus() == CommunicationStatus.COMPLETED;
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} when the step is none, or changes what others have read. */
    static void checkStep(Optional<Communication> previous, Communication next, Writer writer) {
        require(
                STATUSES.contains(next.getStatus()),
                "status",
                "not one of this category (expected: preparation, completed or entered-in-error)");
        require(next.getSubject().hasReference(), "subject", "missing (expected: the Patient)");
        Optional<Communication> read = previous.filter(before -> before.getStatus() != CommunicationStatus.PREPARATION);
        read.ifPresent(before -> {
            require(
                    next.getStatus() == before.getStatus() || next.getStatus() == CommunicationStatus.ENTEREDINERROR,
                    "status",
                    "back from what was sent (expected: the same, or entered-in-error)");
            require(
                    next.getStatus() == before.getStatus() || writer.isOfSameOrganization(before),
                    "status",
                    "taken back by another (expected: by the organisation that wrote it)");
            if (!fixed(before).equalsDeep(fixed(next))) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Communication",
                        "Communication: content of what was sent is changed (expected: only status, received and note;"
                                + " write another one)");
            }
        });
    }

    /** Completes what is sent now: when, and who wrote it. What the caller says of the latter counts for nothing. */
    static void stamp(Optional<Communication> previous, Communication next, Writer writer, Date now) {
        boolean first = previous.filter(before -> before.getStatus() != CommunicationStatus.PREPARATION)
                .isEmpty();
        next.getExtension().removeIf(extension -> CommunicationTerms.ENTERED_BY.equals(extension.getUrl()));
        if (!first) {
            previous.map(before -> before.getExtensionByUrl(CommunicationTerms.ENTERED_BY))
                    .ifPresent(known -> next.addExtension(known.copy()));
        } else {
            next.addExtension(CommunicationTerms.ENTERED_BY, writer.reference());
            if (isSent(next) && !next.hasSent()) {
                next.setSent(now);
            }
        }
        require(!next.hasSent() || !next.getSent().after(now), "sent", "in the future (expected: when it was sent)");
    }

    /** What must stay, of one that was sent. */
    private static Communication fixed(Communication communication) {
        Communication fixed = communication.copy();
        fixed.setMeta(null).setId((String) null);
        fixed.setStatus(null)
                .setStatusReason(null)
                .setReceived(null)
                .setNote(null)
                .setText(null);
        fixed.getExtension()
                .removeIf(extension -> Set.of(CommunicationTerms.ENTERED_BY, CommunicationTerms.RECEIVED_BY)
                        .contains(extension.getUrl()));
        return fixed;
    }
}
