package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.domain.document.DischargedStay;
import org.careloop.transitions.domain.document.Disclosure;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.TransitionDocuments;
import org.careloop.transitions.store.TransitionDocuments.State;
import org.careloop.transitions.store.TransitionDocuments.Version;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/**
 * Makes the transition-of-care document of a discharge and stores it, as a new version in the place of the one before where it says
 * something else. The record is read outside of any transaction, so what was told of the discharge meanwhile is looked for before
 * the document is stored.
 */
@Singleton
public class MakeDocument {

    private final ResourceStore store;
    private final TransitionDocuments documents;
    private final CollectRecord collectRecord;
    private final TransitionDocument document;
    private final Clock clock;

    MakeDocument(
            ResourceStore store,
            TransitionDocuments documents,
            CollectRecord collectRecord,
            TransitionDocument document,
            Clock clock) {
        this.store = store;
        this.documents = documents;
        this.collectRecord = collectRecord;
        this.document = document;
        this.clock = clock;
    }

    /**
     * The version that stands.
     *
     * @param id of Composition and Bundle
     * @param missing codes of the parts of discharge information that it lacks
     */
    public record Standing(String id, int number, List<String> missing) {}

    private record Discharge(DischargedStay stay, String patient, List<Resource> own, State state) {}

    /**
     * Returns the document of the stay {@code encounterId} as it is now; empty when that is no stay that is followed after its
     * discharge. Fails with {@link ProblemCode#UNAVAILABLE} while the record cannot be read, with {@link
     * ProblemCode#VERSION_CONFLICT} when the discharge was told otherwise meanwhile.
     */
    public Uni<Optional<Standing>> handle(String encounterId) {
        return store.inUnit(unit -> discharge(encounterId, unit))
                .chain(found ->
                        found.map(this::make).orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<Standing>> make(Discharge discharge) {
        return collectRecord
                .handle(discharge.stay(), discharge.patient(), discharge.own())
                .chain(known -> store.inUnit(unit -> keep(discharge, known, unit)))
                .map(Optional::of);
    }

    private Uni<Optional<Discharge>> discharge(String encounterId, UnitOfWork unit) {
        return unit.find(Encounter.class, encounterId)
                .chain(stay -> transition(encounterId, unit)
                        .chain(transition -> stay.filter(known -> known.getStatus() == EncounterStatus.FINISHED)
                                .flatMap(known -> transition.map(open -> discharge(known, open, unit)))
                                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))));
    }

    private Uni<Optional<Discharge>> discharge(Encounter stay, Transition transition, UnitOfWork unit) {
        DischargedStay discharged = new DischargedStay(
                stay,
                transition.organization(),
                transition.admitted(),
                transition.discharged().orElseThrow(),
                transition.zone());
        return unit.search(RiskAssessment.class, "encounter=Encounter/" + discharged.id())
                .chain(risks -> documents
                        .read(discharged.id(), unit)
                        .map(state -> Optional.of(
                                new Discharge(discharged, transition.patientId(), List.copyOf(risks), state))));
    }

    private static Uni<Optional<Transition>> transition(String encounterId, UnitOfWork unit) {
        return unit.session()
                .find(Transition.class, TransitionEpisode.idOf(encounterId).value())
                .map(Optional::ofNullable)
                .map(found -> found.filter(transition -> transition.state() == TransitionState.OPEN)
                        .filter(transition -> transition.discharged().isPresent()));
    }

    private Uni<Standing> keep(Discharge discharge, Known known, UnitOfWork unit) {
        String encounterId = discharge.stay().id();
        // The stay is locked first, as by those who change or delete it.
        return unit.find(Encounter.class, encounterId)
                .chain(stay -> documents
                        .lock(encounterId, unit)
                        .chain(state -> transition(encounterId, unit)
                                .invoke(transition -> requireUnchanged(discharge, stay, state, transition))
                                .chain(() -> HeavyWork.always(() -> document.of(
                                        known, new Edition(state.number() + 1, state.document(), clock.instant()))))
                                .chain(made ->
                                        keep(discharge, made, Disclosure.limits(known.resources()), state, unit))));
    }

    /** What is of another patient now would be a document of two. */
    private static void requireUnchanged(
            Discharge discharge, Optional<Encounter> stay, State state, Optional<Transition> transition) {
        boolean isSame = stay.isPresent()
                && transition
                        .filter(open -> open.patientId().equals(discharge.patient()))
                        .isPresent()
                && state.facts().equals(discharge.state().facts())
                // Who asked meanwhile knows of something that was not read: a consent, a label, that two were told
                // apart.
                && state.heard().asked() == discharge.state().heard().asked();
        if (!isSame) {
            throw new FhirProblem(ProblemCode.VERSION_CONFLICT, "Encounter: changed meanwhile (expected: retry)");
        }
    }

    private Uni<Standing> keep(Discharge discharge, Made made, List<Coding> limits, State state, UnitOfWork unit) {
        return former(made, state, unit)
                .chain(former -> former.isPresent()
                        ? unit.put(Caller.PLATFORM, Disclosure.limited(former.get(), limits))
                                .chain(() -> stands(
                                        discharge,
                                        state.number(),
                                        state.document().orElseThrow(),
                                        made,
                                        unit))
                        : create(made, limits, unit)
                                .chain(id -> stands(discharge, state.number() + 1, id, made, unit)));
    }

    /** The version that stands, where that says the same; none where it, or the document itself, is gone. */
    private static Uni<Optional<Composition>> former(Made made, State state, UnitOfWork unit) {
        Optional<String> same = state.print().filter(made.print()::equals).flatMap(print -> state.document());
        return same.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : unit.find(Bundle.class, same.get())
                        .chain(bundle -> unit.find(Composition.class, same.get())
                                .map(found -> found.filter(composition -> bundle.isPresent())));
    }

    private static Uni<String> create(Made made, List<Coding> limits, UnitOfWork unit) {
        return unit.create(Caller.PLATFORM, made.bundle())
                .chain(() -> unit.create(Caller.PLATFORM, Disclosure.limited(made.composition(), limits)))
                .map(saved -> saved.key().id().value());
    }

    private Uni<Standing> stands(Discharge discharge, int number, String id, Made made, UnitOfWork unit) {
        String encounterId = discharge.stay().id();
        return documents
                .made(
                        encounterId,
                        discharge.state().heard(),
                        number,
                        new Version(id, made.print(), made.withheld()),
                        unit)
                .invoke(() -> LOG.documentMade(id, encounterId, number, String.join(",", made.missing())))
                .replaceWith(new Standing(id, number, made.missing()));
    }
}
