package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.RecordMilestone;
import org.hl7.fhir.r4.model.Task;

/** Tasks that show that a milestone was reached. */
@Singleton
public class TaskEvents implements EventHandler {

    private final RecordMilestone recordMilestone;

    TaskEvents(RecordMilestone recordMilestone) {
        this.recordMilestone = recordMilestone;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("referrals", "Task"));
    }

    @Override
    public boolean concerns(ResourceEvent event) {
        return event.change() != Change.DELETED && event.mentions(SharedTerms.MILESTONE_SYSTEM);
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return recordMilestone.handle(FhirJson.parse(Task.class, event.payload()), event.occurredAt(), unit);
    }
}
