package org.careloop.careplans.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.careplans.app.CollectDischarge;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirstore.UnitOfWork;

/** What is told of stays and patients, until a plan can be made. */
@Singleton
public class DischargeEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(
            new EventSource("patients", "Patient"),
            new EventSource("transitions", "Encounter"),
            new EventSource("transitions", "RiskAssessment"),
            new EventSource("transitions", "EpisodeOfCare"));

    private final CollectDischarge collectDischarge;

    DischargeEvents(CollectDischarge collectDischarge) {
        this.collectDischarge = collectDischarge;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    /** Of the scores of a discharge one decides. */
    @Override
    public boolean concerns(ResourceEvent event) {
        boolean decides = !event.resource().type().equals("RiskAssessment")
                || event.mentions("\"" + SharedTerms.DECIDING_RISK_METHOD + "\"");
        return decides && event.change() != Change.DELETED;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return collectDischarge.handle(event, unit);
    }
}
