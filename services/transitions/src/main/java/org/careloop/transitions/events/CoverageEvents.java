package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.FollowCoverage;
import org.hl7.fhir.r4.model.Coverage;

/** Who pays for patients. */
@Singleton
public class CoverageEvents implements EventHandler {

    private final FollowCoverage followCoverage;

    CoverageEvents(FollowCoverage followCoverage) {
        this.followCoverage = followCoverage;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("patients", "Coverage"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? followCoverage.gone(event.resource().id().value(), event.version(), unit)
                : followCoverage.handle(FhirJson.parse(Coverage.class, event.payload()), event.version(), unit);
    }
}
