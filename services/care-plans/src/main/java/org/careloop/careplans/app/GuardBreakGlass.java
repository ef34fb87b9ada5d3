package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Grant;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Break-glass: a person opens a record that is shut to them, says why, and the privacy officer is told. That is a Communication
 * of its own category; what it opens, and for how long, {@code access.yaml} says. It says itself who sent it and when,
 * whatever the caller wrote there, and it stays as it is.
 */
@Singleton
public class GuardBreakGlass implements WriteRule {

    static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/communication-category";
    static final String CODE = "break-glass";

    private final Clock clock;

    GuardBreakGlass(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Communication";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(judged(write));
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    private Resource judged(Write write) {
        Communication next = (Communication) write.next();
        boolean was = write.previous(Communication.class)
                .filter(GuardBreakGlass::isBreakGlass)
                .isPresent();
        if (write.caller().isPlatform() || !was && !isBreakGlass(next)) {
            return next;
        }
        if (write.interaction() != Interaction.CREATE) {
            throw refused("category", "of an access that cannot be undone or invented (expected: no change)");
        }
        return told(next, write.caller());
    }

    private Communication told(Communication next, Caller caller) {
        String person = caller.person()
                .filter(ignored -> !caller.scopes().areOfSystem())
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.FORBIDDEN,
                        "access token: of a system (expected: of the person who must see the record)"));
        if (next.getReasonCode().stream().noneMatch(GuardBreakGlass::isTold)) {
            throw refused("reasonCode", "missing (expected: why the record must be opened)");
        }
        if (!next.getSubject().hasReference()) {
            throw refused("subject", "missing (expected: the Patient)");
        }
        Reference sender = caller.organizationReference().map(Reference::new).orElseGet(Reference::new);
        sender.setIdentifier(new Identifier().setSystem(Grant.PERSON_SYSTEM).setValue(person));
        // A new element: a client's day without a time would stay one.
        return next.setStatus(CommunicationStatus.COMPLETED)
                .setSender(sender)
                .setSentElement(FhirTime.dateTime(clock.instant()));
    }

    private static boolean isBreakGlass(Communication communication) {
        return communication.getCategory().stream().anyMatch(category -> category.hasCoding(SYSTEM, CODE));
    }

    private static boolean isTold(CodeableConcept reason) {
        return reason.hasCoding() || reason.hasText() && !reason.getText().isBlank();
    }

    private static FhirProblem refused(String element, String problem) {
        String path = "Communication." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }
}
