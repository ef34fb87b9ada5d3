package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.InTurn;
import org.careloop.transitions.app.ReceiveMessage.Answer;
import org.careloop.transitions.hl7.Acknowledgement;
import org.careloop.transitions.hl7.Hl7Batch;
import org.careloop.transitions.hl7.MessageHeader;
import org.careloop.transitions.hl7.MessageRejection;
import org.careloop.transitions.store.Hl7MessageRecord.Source;

/** Takes what a sender transmits at once: a message, or a batch of them, each of which is taken or refused by itself. */
@Singleton
public class ReceiveTransmission {

    private static final int LONGEST_CONTROL_ID = 20;

    private final ReceiveMessage receiveMessage;
    private final Clock clock;

    ReceiveTransmission(ReceiveMessage receiveMessage, Clock clock) {
        this.receiveMessage = receiveMessage;
        this.clock = clock;
    }

    /** As {@link ReceiveMessage#handle}; a batch is accepted when all of its messages are. */
    public Uni<Answer> handle(byte[] bytes, Source source) {
        Optional<Hl7Batch> batch;
        try {
            batch = Hl7Batch.of(bytes);
        } catch (MessageRejection rejection) {
            return Uni.createFrom().item(refused(bytes, rejection));
        }
        return batch.map(each -> each(each, source)).orElseGet(() -> receiveMessage.handle(bytes, source));
    }

    private Uni<Answer> each(Hl7Batch batch, Source source) {
        return InTurn.map(batch.messages(), message -> receiveMessage.handle(message, source))
                .map(answers -> new Answer(
                        answers.stream().allMatch(Answer::accepted),
                        batch.answer(acknowledgements(answers), controlId(), clock.instant())));
    }

    private static List<byte[]> acknowledgements(List<Answer> answers) {
        return answers.stream().map(Answer::acknowledgement).toList();
    }

    /** Nothing of it was taken, so it may be sent again whole. */
    private Answer refused(byte[] bytes, MessageRejection rejection) {
        byte[] acknowledgement =
                Acknowledgement.rejected(rejection).toBytes(MessageHeader.glance(bytes), controlId(), clock.instant());
        return new Answer(false, acknowledgement);
    }

    private static String controlId() {
        return FhirId.next().value().substring(0, LONGEST_CONTROL_ID);
    }
}
