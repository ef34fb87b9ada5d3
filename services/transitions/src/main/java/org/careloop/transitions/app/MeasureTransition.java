package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.MeasureParameters;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Parameters;

/** Tells of one discharge what Transitions of Care and Transitional Care Management ask for, and whether it was done. */
@Singleton
public class MeasureTransition implements OwnOperation {

    private final ResourceStore store;
    private final Transitions transitions;
    private final ReadDischarges readDischarges;
    private final TransitionMeasures measures;
    private final Clock clock;

    MeasureTransition(
            ResourceStore store,
            Transitions transitions,
            ReadDischarges readDischarges,
            TransitionMeasures measures,
            Clock clock) {
        this.store = store;
        this.transitions = transitions;
        this.readDischarges = readDischarges;
        this.measures = measures;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "EpisodeOfCare";
    }

    @Override
    public String name() {
        return "transition-measures";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/EpisodeOfCare-transition-measures";
    }

    /**
     * Returns what is so now of the EpisodeOfCare {@code id}; no measure where nobody was discharged. Fails with {@link
     * ProblemCode#RESOURCE_NOT_FOUND} when {@code access} does not show it.
     */
    public Uni<Parameters> handle(String id, Condition access) {
        ResourceKey key = ResourceKey.of(type(), id);
        return store.find(key, access)
                .invoke(found -> found.filter(episode -> !episode.deleted())
                        .orElseThrow(
                                () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, type() + ": no such resource")))
                .chain(() -> store.inUnit(unit -> transitions
                        .find(id, unit)
                        .chain(found -> found.map(transition -> measure(transition, key, unit))
                                .orElseGet(() -> Uni.createFrom().item(new Parameters())))));
    }

    private Uni<Parameters> measure(Transition transition, ResourceKey episode, UnitOfWork unit) {
        MeasureParameters form = new MeasureParameters(episode.reference(), transition.zone());
        return readDischarges
                .handle(List.of(transition), unit)
                .map(facts -> form.of(Optional.ofNullable(facts.get(transition))
                        .map(found -> measures.of(found, clock.instant()))
                        .orElse(List.of())));
    }
}
