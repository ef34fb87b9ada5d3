package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.ProtocolApplication;
import org.careloop.careplans.domain.ProtocolProvenance;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Resource;

/** Makes plan, goals and team of a discharge from the protocols that apply to it, once. */
@Singleton
public class ApplyProtocols {

    private final ProtocolLibrary library;
    private final Clock clock;

    ApplyProtocols(ProtocolLibrary library, Clock clock) {
        this.library = library;
        this.clock = clock;
    }

    /** Makes what {@code facts} call for, unless the plan of this stay exists: people have changed it since. */
    public Uni<Void> handle(DischargeFacts facts, UnitOfWork unit) {
        String planId = ProtocolApplication.planIdOf(
                        facts.encounter().getReferenceElement().getIdPart())
                .value();
        return unit.find(CarePlan.class, planId)
                .chain(found -> found.isPresent() ? Uni.createFrom().voidItem() : make(facts, unit));
    }

    private Uni<Void> make(DischargeFacts facts, UnitOfWork unit) {
        Instant now = clock.instant();
        PlanDraft draft = ProtocolApplication.apply(facts, library.protocolsFor(facts), now);
        List<Resource> all = new ArrayList<>(draft.goals());
        all.add(draft.team());
        all.add(draft.plan());
        all.add(ProtocolProvenance.of(draft, now));
        return InTurn.each(all, resource -> unit.put(Caller.PLATFORM, resource))
                .invoke(() -> LOG.planMade(
                        draft.plan().getIdElement().getIdPart(),
                        draft.goals().size(),
                        draft.plan().getActivity().size(),
                        library.version()));
    }
}
