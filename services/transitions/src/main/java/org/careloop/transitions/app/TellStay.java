package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
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
import org.careloop.transitions.domain.EvidenceRules;
import org.careloop.transitions.domain.EvidenceTime;
import org.careloop.transitions.domain.FoundEvidence;
import org.careloop.transitions.domain.MessageProvenance;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;
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
    private final KeepEvidence keepEvidence;
    private final Clock clock;

    TellStay(
            FindStay findStay,
            KeepStay keepStay,
            FollowStay followStay,
            StayFacts stayFacts,
            KeepEvidence keepEvidence,
            Clock clock) {
        this.findStay = findStay;
        this.keepStay = keepStay;
        this.followStay = followStay;
        this.stayFacts = stayFacts;
        this.keepEvidence = keepEvidence;
        this.clock = clock;
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
     * @param details what is older than what is known of the patient only fills what is absent
     */
    Uni<Optional<String>> handle(
            List<AdtFacts> parts, ReadMessage.Told told, long message, Details details, UnitOfWork unit) {
        return InTurn.each(parts, facts -> keep(facts, told, message, details, unit))
                .replaceWith(() -> parts.stream()
                        .flatMap(facts -> facts.encounter().stream())
                        .map(encounter -> encounter.getIdElement().getIdPart())
                        .findFirst());
    }

    private Uni<Void> keep(AdtFacts facts, ReadMessage.Told told, long message, Details details, UnitOfWork unit) {
        return facts.encounter()
                .map(encounter -> keepStay(encounter, facts, message, details, unit))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> {
                    Provenance provenance = provenance(facts, told.provenance());
                    return unit.put(Caller.PLATFORM, provenance)
                            .chain(() -> keepPlanned(facts, provenance, told.provenance(), unit));
                });
    }

    /** That a stay is to come was told when its message came. */
    private Uni<Void> keepPlanned(AdtFacts facts, Provenance provenance, MessageProvenance message, UnitOfWork unit) {
        if (facts.encounter().isEmpty()
                || facts.event().step().filter(StayStep.PLAN::equals).isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        FoundEvidence planned = new FoundEvidence(
                EvidenceRules.PREADMISSION,
                EvidenceTime.of(message.received()),
                true,
                Optional.of("Organization/" + message.organization()),
                facts.patient().getIdElement().getIdPart(),
                facts.encounter().map(encounter -> encounter.getIdElement().getIdPart()));
        return keepEvidence.keep(
                "Provenance/" + provenance.getIdElement().getIdPart(), 1, "transitions", List.of(planned), unit);
    }

    private Uni<Void> keepStay(Encounter told, AdtFacts facts, long message, Details details, UnitOfWork unit) {
        FhirId id = new FhirId(told.getIdElement().getIdPart());
        StayEvent event = event(told, facts, message);
        return find(told, unit)
                .invoke(found -> requireSame(id, found))
                .chain(() -> unit.find(Encounter.class, id.value()))
                .invoke(stored -> stored.ifPresent(known -> requireOwn(known, told)))
                .chain(stored -> keepStay.told(id, stored, event, told.getSubject(), unit))
                .call(stay -> stayFacts.keep(id.value(), facts.related().conditions(), details, unit))
                .chain(stay -> unit.put(Caller.PLATFORM, stay)
                        // An Encounter that stays as it is moves nothing by itself; what is known of it may.
                        .chain(saved -> saved.isPresent()
                                ? Uni.createFrom().voidItem()
                                : followStay.handle(stay, Optional.empty(), true, unit)));
    }

    /** It came to be in the meantime, by another way; then all is said once more. */
    private static void requireSame(FhirId id, FhirId found) {
        if (!id.equals(found)) {
            throw new FhirProblem(ProblemCode.VERSION_CONFLICT, "Encounter: changed meanwhile (expected: retry)");
        }
    }

    /**
     * A visit number is no key to what is another's: the stay has to be of the same provider and the same patient. That of the
     * patient may be a matter of time, while references follow a merge.
     */
    private static void requireOwn(Encounter known, Encounter told) {
        if (known.hasServiceProvider()
                && !told.getServiceProvider()
                        .getReference()
                        .equals(known.getServiceProvider().getReference())) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Encounter.serviceProvider: another has this visit number (expected: the provider of the stay)");
        }
        if (known.hasSubject()
                && !told.getSubject().getReference().equals(known.getSubject().getReference())) {
            throw new FhirProblem(
                    ProblemCode.VERSION_CONFLICT,
                    "Encounter.subject: another patient's visit number (expected: the patient of the stay)");
        }
    }

    private StayEvent event(Encounter told, AdtFacts facts, long message) {
        Encounter bare = told.copy();
        bare.setId((String) null);
        bare.setSubject(null);
        return new StayEvent(
                facts.event().step().orElseThrow(),
                facts.event().when().receivedAt(clock.instant()),
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
