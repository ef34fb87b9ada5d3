package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.MessageProvenance;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.store.StayFacts;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;

/** Does what a message says to the stays that it speaks of. */
@Singleton
public class TellStay {

    private final FindStay findStay;
    private final KeepStay keepStay;
    private final FollowStay followStay;
    private final StayFacts stayFacts;

    TellStay(FindStay findStay, KeepStay keepStay, FollowStay followStay, StayFacts stayFacts) {
        this.findStay = findStay;
        this.keepStay = keepStay;
        this.followStay = followStay;
        this.stayFacts = stayFacts;
    }

    /** Returns the id of the Encounter of {@code told}: that which has its number already, else its own. */
    Uni<FhirId> find(Encounter told, UnitOfWork unit) {
        return findStay.handle(told, unit)
                .map(found ->
                        new FhirId(found.orElseGet(() -> told.getIdElement().getIdPart())));
    }

    /**
     * Keeps what a message says of each of its stays, in {@code unit}; returns the id of the first Encounter.
     *
     * @param parts as {@link ReadMessage.Told#parts}, of the patients and stays that are known here
     * @param message number of the message
     */
    Uni<Optional<String>> handle(List<AdtFacts> parts, ReadMessage.Told told, long message, UnitOfWork unit) {
        return InTurn.each(parts, facts -> keep(facts, told, message, unit))
                .replaceWith(() -> parts.stream()
                        .flatMap(facts -> facts.encounter().stream())
                        .map(encounter -> encounter.getIdElement().getIdPart())
                        .findFirst());
    }

    private Uni<Void> keep(AdtFacts facts, ReadMessage.Told told, long message, UnitOfWork unit) {
        return facts.encounter()
                .map(encounter -> keepStay(encounter, facts, message, unit))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> unit.put(Caller.PLATFORM, provenance(facts, told.provenance())))
                .replaceWithVoid();
    }

    private Uni<Void> keepStay(Encounter told, AdtFacts facts, long message, UnitOfWork unit) {
        FhirId id = new FhirId(told.getIdElement().getIdPart());
        StayEvent event = event(told, facts, message);
        return find(told, unit)
                .invoke(found -> requireSame(id, found))
                .chain(() -> unit.find(Encounter.class, id.value()))
                .chain(stored -> keepStay.told(id, stored, event, told.getSubject(), unit))
                .call(stay -> stayFacts.keep(id.value(), facts.related().conditions(), unit))
                .chain(stay -> unit.put(Caller.PLATFORM, stay)
                        // An Encounter that stays as it is moves nothing by itself; what is known of it may.
                        .chain(saved -> saved.isPresent()
                                ? Uni.createFrom().voidItem()
                                : followStay.handle(stay, Optional.empty(), false, unit)));
    }

    /** It came to be in the meantime, by another way; then all is said once more. */
    private static void requireSame(FhirId id, FhirId found) {
        if (!id.equals(found)) {
            throw new FhirProblem(ProblemCode.VERSION_CONFLICT, "Encounter: changed meanwhile (expected: retry)");
        }
    }

    private static StayEvent event(Encounter told, AdtFacts facts, long message) {
        Encounter bare = told.copy();
        bare.setId((String) null);
        bare.setSubject(null);
        return new StayEvent(
                facts.event().step().orElseThrow(),
                facts.event().when(),
                "message-" + message,
                bare,
                facts.cleared(),
                false);
    }

    private static Provenance provenance(AdtFacts facts, MessageProvenance provenance) {
        Reference patient =
                new Reference("Patient/" + facts.patient().getIdElement().getIdPart());
        List<Reference> targets = new ArrayList<>();
        facts.encounter()
                .ifPresent(encounter -> targets.add(
                        new Reference("Encounter/" + encounter.getIdElement().getIdPart())));
        targets.add(patient);
        return provenance.of("transitions", facts.patient().getIdElement().getIdPart(), targets);
    }
}
