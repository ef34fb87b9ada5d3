package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.transitions.hl7.MessageRejection;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.careloop.transitions.store.Hl7MessageRecord.Place;
import org.careloop.transitions.store.Hl7MessageRecord.Status;
import org.careloop.transitions.store.Hl7MessageRecord.Transport;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;

/** What an operator does with messages that were refused or failed: see why, mend the cause, replay. */
@Singleton
public class ReviewMessages {

    /** One message, without its content. */
    public record Summary(
            long id,
            Instant received,
            String transport,
            String application,
            String facility,
            String controlId,
            String event,
            String status,
            String ackCode,
            Optional<String> location,
            Optional<String> reason,
            int attempts) {}

    private static final int MOST = 200;

    private final Mutiny.SessionFactory sessions;
    private final DatabaseTransactions transactions;
    private final ReceiveMessage receiveMessage;
    private final ReadMessage readMessage;
    private final ProcessMessages processing;

    ReviewMessages(
            Mutiny.SessionFactory sessions,
            DatabaseTransactions transactions,
            ReceiveMessage receiveMessage,
            ReadMessage readMessage,
            ProcessMessages processing) {
        this.sessions = sessions;
        this.transactions = transactions;
        this.receiveMessage = receiveMessage;
        this.readMessage = readMessage;
        this.processing = processing;
    }

    /** Returns the newest messages with {@code status}, or those that need an operator when it is empty; at most 200. */
    public Uni<List<Summary>> list(Optional<Status> status) {
        List<Status> wanted = status.map(List::of).orElse(List.of(Status.REJECTED, Status.FAILED));
        return sessions.withSession(session -> session.createSelectionQuery(
                                "from Hl7MessageRecord where status in :wanted order by id desc",
                                Hl7MessageRecord.class)
                        .setParameter("wanted", wanted)
                        .setMaxResults(MOST)
                        .getResultList())
                .map(found -> found.stream().map(ReviewMessages::summary).toList());
    }

    /**
     * Lets a refused or failed message take effect as if it came now. Fails with {@link ProblemCode#MESSAGE_REJECTED} when it
     * is still refused, with {@link ProblemCode#RULE_VIOLATED} when it, or the same sent again, was taken already.
     */
    public Uni<Summary> replay(long id) {
        return transactions
                .run(session -> session.find(Hl7MessageRecord.class, id).map(found -> {
                    Hl7MessageRecord message = Optional.ofNullable(found)
                            .orElseThrow(
                                    () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "message: no such message"));
                    return replayed(message);
                }))
                .onFailure(ConstraintViolationException.class)
                .transform(ReviewMessages::sentAgain)
                .invoke(processing::hint);
    }

    private static FhirProblem sentAgain(Throwable failure) {
        return new FhirProblem(
                ProblemCode.RULE_VIOLATED, "message: was sent again and taken meanwhile (expected: one that was not)");
    }

    private Summary replayed(Hl7MessageRecord message) {
        if (message.status() == Status.ACCEPTED || message.status() == Status.PROCESSED) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "message.status: " + message.status() + " (expected: REJECTED or FAILED)");
        }
        try {
            message.accept(place(message));
        } catch (MessageRejection rejection) {
            throw new FhirProblem(
                    ProblemCode.MESSAGE_REJECTED, rejection.location().toString(), rejection.text());
        }
        return summary(message);
    }

    private Place place(Hl7MessageRecord message) {
        return message.source().transport() == Transport.FHIR
                ? KeepMessage.place(readMessage.handle(message).parts())
                : receiveMessage.check(message);
    }

    private static Summary summary(Hl7MessageRecord message) {
        return new Summary(
                message.id(),
                message.received(),
                message.source().transport().name(),
                message.origin().application(),
                message.origin().facility(),
                message.origin().controlId(),
                message.origin().event(),
                message.status().name(),
                message.ackCode(),
                message.location(),
                message.reason(),
                message.attempts());
    }
}
