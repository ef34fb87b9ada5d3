package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Grant;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.careplans.domain.Debriefs;
import org.careloop.careplans.domain.HandOff;
import org.careloop.careplans.domain.Writer;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Resource;

/**
 * Hand-offs and debriefs say all that they have to, stay as they were sent, and tell who wrote them. A read-back closes its hand-off
 * in the same transaction.
 */
@Singleton
public class GuardHandOff implements WriteRule {

    private final Debriefs debriefs;
    private final Clock clock;

    GuardHandOff(Debriefs debriefs, Clock clock) {
        this.debriefs = debriefs;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Communication";
    }

    /** What is of another kind, and was, is no matter of this rule. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        return concerns(write) ? Optional.empty() : Optional.of(write.next());
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        Communication next = (Communication) write.next();
        if (!concerns(write)) {
            return Uni.createFrom().item(next);
        }
        Optional<Communication> previous = write.previous(Communication.class);
        if (write.interaction() == Interaction.DELETE) {
            throw refused("kept for good (expected: status entered-in-error)");
        }
        if (previous.filter(before -> kind(before) != kind(next)).isPresent()) {
            throw refused("another kind than before (expected: the same category and topic)");
        }
        Date now = Date.from(clock.instant());
        return switch (kind(next)) {
            case HAND_OFF -> {
                HandOff.complete(previous, next, writer(write.caller()), write.isRecord(), now);
                yield Uni.createFrom().item(next);
            }
            case DEBRIEF -> {
                debriefs.complete(previous, next, writer(write.caller()), now);
                yield Uni.createFrom().item(next);
            }
            case READ_BACK -> readBack(write, next, now, unit);
            case OTHER -> Uni.createFrom().item(next);
        };
    }

    private static Uni<Resource> readBack(Write write, Communication next, Date now, UnitOfWork unit) {
        if (write.interaction() != Interaction.CREATE) {
            throw refused("a read-back that stands (expected: no change)");
        }
        return original(next, unit)
                .invoke(original -> HandOff.completeReadBack(next, original, writer(write.caller()), now))
                .replaceWith(next);
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        Communication next = (Communication) write.next();
        boolean told = concerns(write) && kind(next) == Kind.READ_BACK;
        return told
                ? original(next, unit)
                        .chain(original -> unit.put(Caller.PLATFORM, HandOff.received(original.orElseThrow(), next)))
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    /** The one that is answered; empty where there is none, or more than one. */
    private static Uni<Optional<Communication>> original(Communication next, UnitOfWork unit) {
        Optional<ResourceKey> key = next.getInResponseTo().size() == 1
                ? ResourceKey.parse(
                                String.valueOf(next.getInResponseToFirstRep().getReference()))
                        .filter(named -> named.type().equals("Communication"))
                : Optional.empty();
        return key.map(named -> unit.find(Communication.class, named.id().value()))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    private static boolean concerns(Write write) {
        return !write.caller().isPlatform()
                && (kind((Communication) write.next()) != Kind.OTHER
                        || write.previous(Communication.class)
                                .filter(before -> kind(before) != Kind.OTHER)
                                .isPresent());
    }

    private static Kind kind(Communication communication) {
        if (HandOff.is(communication)) {
            return HandOff.isReadBack(communication) ? Kind.READ_BACK : Kind.HAND_OFF;
        }
        return Debriefs.is(communication) ? Kind.DEBRIEF : Kind.OTHER;
    }

    private enum Kind {
        HAND_OFF,
        READ_BACK,
        DEBRIEF,
        OTHER
    }

    private static Writer writer(Caller caller) {
        Optional<Identifier> person = caller.person()
                .filter(ignored -> !caller.scopes().areOfSystem())
                .map(subject -> new Identifier().setSystem(Grant.PERSON_SYSTEM).setValue(subject));
        return new Writer(caller.organizationReference(), person, caller.role() == Role.PARTNER);
    }

    private static FhirProblem refused(String problem) {
        return new FhirProblem(ProblemCode.RULE_VIOLATED, "Communication", "Communication: " + problem);
    }
}
