package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Grant;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.careplans.domain.notice.Receipt;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Notices of stays and documents that were sent stay as they were sent: their recipient says, once, when it received them, and a
 * Provenance says who said so. A coordinator may send a document to somebody else of their own accord.
 */
@Singleton
public class GuardNotice implements WriteRule {

    private final Clock clock;

    private final SendByHand sendByHand;

    GuardNotice(SendByHand sendByHand, Clock clock) {
        this.sendByHand = sendByHand;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Communication";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return concerns(write) ? Optional.empty() : Optional.of(write.next());
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        if (!write.caller().isPlatform() && concerns(write)) {
            require(write);
        }
        return isSentByHand(write)
                ? sendByHand.mark((Communication) write.next(), unit)
                : Uni.createFrom().item(write.next());
    }

    private static boolean isSentByHand(Write write) {
        return !write.caller().isPlatform() && write.interaction() == Interaction.CREATE && concerns(write);
    }

    private static boolean concerns(Write write) {
        return Receipt.concerns((Communication) write.next())
                || write.previous(Communication.class).filter(Receipt::concerns).isPresent();
    }

    private void require(Write write) {
        Communication next = (Communication) write.next();
        Optional<Communication> sent = write.previous(Communication.class);
        if (write.interaction() == Interaction.DELETE) {
            throw refused(
                    "category", "of what was sent (expected: it stays, or a document is taken back by its status)");
        }
        if (sent.isEmpty()) {
            requireDocument(next);
            return;
        }
        if (!Receipt.concerns(sent.get())) {
            throw refused("category", "of what was sent otherwise (expected: no change)");
        }
        Caller caller = write.caller();
        boolean keepsRecord = caller.role() == Role.COORDINATOR
                && sent.get().getRecipient().stream()
                        .noneMatch(recipient -> caller.organizationReference()
                                .filter(who -> who.equals(recipient.getReference()))
                                .isPresent());
        Receipt.require(sent.get(), next, caller.organizationReference(), keepsRecord, clock.instant());
    }

    /** A person sends a document: one to one, now. */
    private void requireDocument(Communication next) {
        boolean isNotice = next.getCategory().stream()
                .anyMatch(each -> each.hasCoding(SharedTerms.COMMUNICATION_CATEGORY_SYSTEM, SharedTerms.STAY_NOTICE));
        if (isNotice) {
            throw refused("category", "of notices of the platform (expected: another)");
        }
        if (next.getRecipient().size() != 1 || !isOf(next.getRecipientFirstRep(), "Organization")) {
            throw refused("recipient", "not one that can be sent a document (expected: one Organization)");
        }
        boolean isDocument = next.getPayload().size() == 1
                && next.getPayloadFirstRep().getContent() instanceof Reference content
                && isOf(content, "Bundle");
        if (!isDocument) {
            throw refused("payload", "not a document (expected: one reference to a Bundle)");
        }
        if (next.hasReceived()) {
            throw refused("received", "of what is sent now (expected: nothing)");
        }
        // Of a date that is set anew, the element would keep the precision that the client gave it.
        next.setStatus(CommunicationStatus.COMPLETED).setSentElement(FhirTime.dateTime(clock.instant()));
    }

    private static boolean isOf(Reference reference, String type) {
        return ResourceKey.parse(String.valueOf(reference.getReference()))
                .filter(key -> key.type().equals(type))
                .isPresent();
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        Communication next = (Communication) write.next();
        if (isSentByHand(write)) {
            return sendByHand.note(next, unit);
        }
        if (!write.caller().isPlatform()
                && Receipt.concerns(next)
                && next.getStatus() == CommunicationStatus.ENTEREDINERROR) {
            return sendByHand.takenBack(next, unit);
        }
        boolean isReceipt = write.interaction() == Interaction.UPDATE
                && Receipt.concerns(next)
                && write.previous(Communication.class)
                        .filter(sent -> Receipt.isNew(sent, next))
                        .isPresent();
        return isReceipt
                ? unit.put(
                                Caller.PLATFORM,
                                Receipt.provenance(next, saved.version(), who(write.caller()), clock.instant()))
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    private static Reference who(Caller caller) {
        Reference who = caller.organizationReference().map(Reference::new).orElseGet(Reference::new);
        caller.person()
                .ifPresent(person -> who.setIdentifier(
                        new Identifier().setSystem(Grant.PERSON_SYSTEM).setValue(person)));
        return who;
    }

    private static FhirProblem refused(String element, String problem) {
        String path = "Communication." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }
}
